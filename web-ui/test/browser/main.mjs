// The console in a real browser, against the controller of the distribution. ConsoleSystemTest starts both, with:
//   CONSOLE    address of the controller        PASSWORD   of the users owner and viewer
//   AGENTS     {"client": {"enrol": [command], "run": [command]}, "server": …, "anew": as client, without its keys}
//   TRAFFIC    {"ping": [command, but for the address], "unplug": [command], "link": name of that link of the client}
//   PICTURES   directory for screenshots        CHROMIUM   the browser, if it is not Debian's
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Console, step } from "./console.mjs";
import { manageLinks } from "./links.mjs";
import { waitForAnswers } from "./pages.mjs";
import { watchTraffic } from "./traffic.mjs";

const agents = JSON.parse(process.env.AGENTS);
const password = process.env.PASSWORD;
const running = [];
const began = Date.now();

/** Gives a token to the real agent of a role. */
async function enrol(role, token) {
  const [program, ...options] = agents[role].enrol;
  const child = spawn(program, options, { stdio: ["pipe", "inherit", "inherit"] });
  child.stdin.end(`${token}\n`);
  const code = await new Promise((done) => child.on("exit", done));
  assert.equal(code, 0, `${role} enrols`);
}

/** What Ansible thinks of a playbook. */
function checkPlaybook(text) {
  const file = `${process.env.PICTURES}/enrol.yml`;
  writeFileSync(file, text);
  const [play] = yaml(text);
  execFileSync("ansible-playbook", ["--syntax-check", "--inventory", `${play.hosts},`, file], { stdio: "pipe" });
}

/** Reads YAML as cloud-init and Ansible do. */
function yaml(text) {
  const program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
  return JSON.parse(execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" }));
}

function start(role) {
  const [program, ...options] = agents[role].run;
  running.push(spawn(program, options, { stdio: "ignore" }));
}

function stopAgents() {
  return Promise.all(
    running.splice(0).map((child) => {
      const end = new Promise((done) => child.on("exit", done));
      child.kill();
      return end;
    }),
  );
}

const web = await Console.open(process.env.CONSOLE, process.env.PICTURES);
try {
  const { page } = web;

  await step("the first load keeps its budget", async () => {
    await page.goto("/");
    await page.getByRole("button", { name: "Log in" }).waitFor();
    assert.ok(web.loaded.length <= 6, `at most 6 requests, were ${web.loaded}`);
    assert.deepEqual(web.foreign(), []);
    await web.look("login");
  });

  await step("a wrong password is told, the right one opens the overview", async () => {
    await web.login("owner", "not the password");
    await page.getByText("Login or password is wrong.").waitFor();
    await web.login("owner", password);
    await page.getByText("No agents yet").waitFor();
    assert.equal(await page.title(), "Overview · onebox");
    await web.look("overview-empty");
  });

  await step("a server enrols from the dialog, by keyboard alone", async () => {
    await web.tabTo("Enrol a server…");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Enrol an agent" }).waitFor();
    await web.look("enrol");
    await web.tabTo("Name");
    await page.keyboard.type("frankfurt");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Enrol a server" });
    await dialog.getByText("Waiting for the device").waitFor();
    await web.look("enrol-token");
    const command = await dialog.locator("pre").innerText();
    assert.match(command, /^sudo onebox-server enrol --token-file - --name frankfurt <<'END'\nobe1_\S+\nEND\n/);
    await dialog.getByRole("radio", { name: "QR code" }).check();
    await dialog.getByRole("img", { name: "QR code of the token" }).waitFor();
    await web.look("enrol-qr");
    await dialog.getByRole("radio", { name: "Ansible" }).check();
    checkPlaybook(await dialog.getByLabel("playbook", { exact: true }).innerText());
    await web.look("enrol-ansible");
    await enrol("server", command.match(/obe1_\S+/)[0]);
    await dialog.getByText("Enrolled as frankfurt").waitFor();
    start("server");
    await dialog.getByText("Online", { exact: true }).and(dialog.locator(".done")).waitFor();
    await web.look("enrol-online");
    await dialog.getByRole("link", { name: "Look at frankfurt" }).click();
    await page.getByText("Online, with 0 clients.").waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0, "dialogs");
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("row", { name: /frankfurt online/ }).waitFor();
  });

  await step("a client waits for approval, and is online when it has it", async () => {
    await page.getByRole("button", { name: "Enrol an agent…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Wait for approval").check();
    await dialog.getByLabel("Name").fill("van");
    await dialog.getByRole("button", { name: "Make the token" }).click();
    await dialog.getByRole("radio", { name: "cloud-init" }).check();
    await web.look("enrol-cloud-init");
    const [file] = yaml(await dialog.getByLabel("user data", { exact: true }).innerText()).write_files;
    assert.equal(file.permissions, "0600");
    await enrol("client", file.content);
    await dialog.getByText("Waiting for approval").waitFor();
    await web.look("enrol-approval");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    start("client");
    await page.getByText("Waits for approval.").waitFor();
    await web.look("overview-waiting");
    await page.getByRole("link", { name: /Approvals/ }).click();
    await page.getByRole("button", { name: "Approve van" }).waitFor();
    await web.look("approvals");
    await page.getByRole("heading", { name: "van" }).getByRole("link").click();
    await page.getByText("Approve it if the device shows the same four words.").waitFor();
    await web.look("agent-pending");
    await page.getByRole("link", { name: /Approvals/ }).click();
    await page.getByRole("button", { name: "Approve van" }).click();
    await page.getByText("Nobody waits for approval").waitFor();
    await web.look("approvals-empty");
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("row", { name: /van online frankfurt/ }).waitFor();
    await web.look("overview");
  });

  await step("an agent says what it does, is disabled and enabled", async () => {
    await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
    await page.getByText("Online, through frankfurt.").waitFor();
    await page.getByText("is in force").first().waitFor();
    await page.locator("summary").first().click();
    await page.getByText("control.enabled = true").waitFor();
    await web.look("agent");
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("Disabled: it is told to carry nothing.").waitFor();
    await page.locator("summary").first().click();
    await page.locator(".removed").getByText("control.enabled = true").waitFor();
    await web.look("agent-disabled");
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("Online, through frankfurt.").waitFor();
    await page.getByRole("button", { name: "Edit…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("bus");
    await page.getByRole("dialog").getByLabel("Tags").fill("lte fleet-a");
    await web.look("agent-edit");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "bus", level: 1 }).waitFor();
    await page.getByText("fleet-a, lte").waitFor();
    await page.getByRole("button", { name: "Revert to 1…" }).click();
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("One configuration would change:").waitFor();
    await web.look("agent-revert");
    await page.getByRole("button", { name: "Revert", exact: true }).click();
    await page.getByRole("heading", { name: "van", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("Sent again.").waitFor();
    const words = await page.locator("code.words").innerText();
    await page.getByRole("button", { name: "New keys…" }).click();
    await web.look("agent-new-keys");
    await page.getByRole("button", { name: "Make new keys" }).click();
    await page.getByText(words, { exact: true }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Revoke…" }).click();
    assert.ok(await page.getByRole("button", { name: "Revoke", exact: true }).isDisabled(), "the name is typed first");
    await web.look("agent-revoke");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Assign…" }).click();
    await web.look("agent-assign");
    await page.keyboard.press("Escape");
  });

  await step("a configuration that cuts the client off counts down, and is corrected in time", async () => {
    const move = async (to) => {
      await page.getByRole("link", { name: "frankfurt" }).click();
      await page.getByRole("heading", { name: "frankfurt", level: 1 }).waitFor();
      await page.getByRole("button", { name: "Edit…" }).click();
      const endpoints = page.getByRole("dialog").getByLabel("Endpoints");
      const before = await endpoints.inputValue();
      await endpoints.fill(to);
      await page.getByRole("button", { name: "Check" }).click();
      const effects = page.getByRole("group", { name: "What would change for van" });
      await effects.getByText(`+ server.endpoints = ["${to}"]`).waitFor();
      assert.match(await effects.locator(".removed").innerText(), /^− server\.endpoints = /);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
      await page.getByRole("heading", { name: "van", level: 1 }).waitFor();
      return before;
    };
    await page.getByText("3 of 3 links in use").waitFor(); // A tunnel that was not up has nothing to prove.
    await page.getByRole("link", { name: "frankfurt" }).click();
    await page.getByRole("button", { name: "Edit…" }).click();
    await page.getByRole("dialog").getByLabel("Endpoints").fill("192.0.2.98:51820");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText('+ server.endpoints = ["192.0.2.98:51820"]').waitFor();
    await web.look("agent-check");
    await page.getByRole("dialog").getByLabel("Tags").fill("eu");
    await page.getByText("would change:").waitFor({ state: "detached" }); // That has not been tried.
    await page.keyboard.press("Escape");
    await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
    await page.getByRole("heading", { name: "van", level: 1 }).waitFor();
    const right = await move("192.0.2.99:51820");
    await page.getByText(/the agent puts the one before back within \d+ s/).waitFor();
    await web.look("agent-on-trial");
    await move(right);
    await page.getByText("is in force").first().waitFor();
    await page.getByText("frankfurt is online.").waitFor();
    await page.getByText("3 of 3 links in use").waitFor();
  });

  await watchTraffic(web, step, JSON.parse(process.env.TRAFFIC));
  await manageLinks(web, step);

  await step("servers stand with their clients", async () => {
    await page.getByRole("link", { name: "Servers" }).click();
    const clients = page.getByRole("table", { name: "Clients of frankfurt" });
    await clients.getByRole("row", { name: /van .*online/ }).waitFor();
    await web.look("servers");
    await page.getByRole("link", { name: "frankfurt" }).first().click();
    await page.getByText("Online, with 1 client.").waitFor();
    await web.look("server");
  });

  await step("an address that is none leads back", async () => {
    await page.goto("/nothing");
    await page.getByRole("heading", { name: "Nothing here", level: 1 }).waitFor();
    await web.look("nothing-here");
    await page.getByRole("link", { name: "Go to the overview." }).click();
  });

  await step("the audit knows all of it", async () => {
    await page.getByRole("link", { name: "Audit" }).click();
    for (const action of ["agent.enable", "agent.rekeyed", "agent.approve", "login.failed", "enrol-token.add"]) {
      await page.locator(".what .action").getByText(action, { exact: true }).first().waitFor();
    }
    await web.look("audit");
    await page.keyboard.press("/");
    await page.keyboard.type("approve van");
    await page.locator(".what .action").getByText("enrol-token.add").first().waitFor({ state: "detached" });
  });

  await step("who may only look sees nothing to change, and is refused", async () => {
    const viewer = await web.another();
    await viewer.page.goto("/");
    await viewer.login("viewer", password);
    await viewer.page.getByRole("row", { name: /van fleet-a lte online/ }).waitFor();
    await viewer.look("overview-viewer");
    assert.deepEqual(await viewer.buttons(), ["Log out"]);
    assert.equal(await viewer.page.getByRole("link", { name: "Audit" }).count(), 0);
    await viewer.page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
    await viewer.page.getByText("Online, through frankfurt.").waitFor();
    assert.equal(await viewer.page.locator(".page-head").getByRole("button").count(), 0, "ways to change the agent");
    const status = await viewer.page.evaluate(async () => {
      const id = location.pathname.replace("/agents/", "");
      return (await fetch(`/api/v1/agents/${id}/disable`, { method: "POST" })).status;
    });
    assert.equal(status, 403);
    viewer.expect(403);
    await viewer.look("agent-viewer");
    await viewer.page.getByRole("link", { name: "Settings" }).click();
    await viewer.page.getByRole("heading", { name: "Your sessions" }).waitFor();
    await viewer.look("settings-viewer");
    await viewer.close();
  });

  await step("a link that is down stands first on the overview", async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("region", { name: "Wants attention" }).getByText(/up3 .*does not work; the other/).waitFor();
    await page.getByRole("row", { name: /van fleet-a lte online, 1 link down/ }).waitFor();
    await web.look("overview-problem");
  });

  await waitForAnswers(web, step, password);

  await step("a lost connection is told, what was known stays, and it comes back", async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("row", { name: /van fleet-a lte online/ }).waitFor();
    await web.offline(true);
    await page.getByText(/^offline, showing \d/).waitFor();
    assert.ok(await page.getByRole("row", { name: /van fleet-a lte online/ }).isVisible(), "what was known stays");
    await web.look("overview-offline");
    await web.offline(false);
    await page.getByText("live", { exact: true }).waitFor();
  });

  await step("the end of the session is noticed", async () => {
    await page.evaluate(() => fetch("/api/v1/session", { method: "DELETE" }));
    await page.getByText("Your session has ended. Log in to go on.").waitFor();
    await web.look("session-ended");
    await web.login("owner", password);
    await page.getByRole("row", { name: /van fleet-a lte online/ }).waitFor();
  });

  await step("a machine that was set up anew claims its name, and is given it", async () => {
    await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
    await stopAgents();
    await page.getByText("Not connected to the controller.").first().waitFor();
    await web.look("agent-offline");
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("button", { name: "Enrol an agent…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("van");
    await dialog.getByRole("button", { name: "Make the token" }).click();
    await enrol("anew", (await dialog.locator("pre").innerText()).match(/obe1_\S+/)[0]);
    await dialog.getByText("Another agent is called van: reclaim it, or choose another name").waitFor();
    await web.look("enrol-claim");
    await dialog.getByRole("link", { name: "Look at van" }).click();
    await page.getByText("Another machine says it is this agent.").waitFor();
    await web.look("agent-claim");
    const before = await page.locator("code.words").innerText();
    await page.getByRole("link", { name: /Approvals/ }).click();
    await page.getByText("This name is taken, and the device has other keys").waitFor();
    await page.getByRole("button", { name: "Turn away van" }).waitFor();
    const words = await page.locator(".words").innerText();
    assert.notEqual(words, before, "the words are those of the new machine");
    await web.look("approvals-claim");
    await page.getByRole("button", { name: "Reclaim van" }).click();
    await page.getByText("Nobody waits for approval").waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "van" }).click();
    await page.locator("code.words").getByText(words, { exact: true }).waitFor();
  });

  await step("an agent is revoked when its name is typed", async () => {
    await page.getByRole("button", { name: "Revoke…" }).click();
    await page.getByRole("dialog").getByLabel("Type van to go on").fill("van");
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("Revoked: its key is not accepted any more.").waitFor();
    await web.look("agent-revoked");
  });

  web.assertClean();
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  all of it, ${web.pictures} pictures`);
} catch (failure) {
  await web.page.screenshot({ path: `${process.env.PICTURES}/failure.png` }).catch(() => undefined);
  throw failure;
} finally {
  await web.end();
  await stopAgents();
}
