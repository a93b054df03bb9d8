// Every page of the console of bin/demo --keep, by its address, for whoever has what the demo printed.
// DemoSystemTest starts the demo, with:
//   SET_UP     the address that it printed        PICTURES   as in main.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Console, step } from "./console.mjs";

const PASSWORD = "chosen by who looks";
const SOURCE = new URL("../../src/console.tsx", import.meta.url);

const address = new URL(process.env.SET_UP);
const web = await Console.open(address.origin, process.env.PICTURES);
const { page } = web;

/** Answers that say no, and requests that had no answer, though nobody turned the page. */
const failed = [];
page.on("response", (response) => {
  if (response.status() >= 400) {
    failed.push(`${response.status()} ${new URL(response.url()).pathname}`);
  }
});
page.on("requestfailed", (request) => {
  if (request.failure()?.errorText !== "net::ERR_ABORTED") {
    failed.push(`${request.failure()?.errorText} ${request.url()}`);
  }
});

async function setUp(on, login) {
  await on.goto(address.href);
  await on.getByLabel("Login").fill(login);
  await on.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await on.getByLabel("Password again").fill(PASSWORD);
  await on.getByRole("button", { name: "Set up" }).click();
}

const text = (wanted) => () => page.getByText(wanted).first();
const row = (table, name) => () => page.getByRole("table", { name: table }).getByRole("row", { name });
const heading = (name) => () => page.getByRole("heading", { name, exact: true });

try {
  let client = "";
  let server = "";

  await step("what the demo printed makes an owner", async () => {
    await setUp(page, "visitor");
    const agents = page.getByRole("table", { name: "Clients" });
    client = await agents.getByRole("link", { name: "client0", exact: true }).getAttribute("href");
    server = await page.getByRole("table", { name: "Servers" }).getByRole("link").first().getAttribute("href");
    assert.deepEqual(failed.splice(0), ["401 /api/v1/me"], "before one has logged in");
  });

  /** Address, title, and what is to be seen there. */
  const pages = [
    ["/", "Overview", [row("Clients", /client0 online server/), row("Servers", /server online/)]],
    [client, "client0", [text("Online, through server."), text("3 of 3 links in use"), text("is in force")]],
    [server, "server", [text("Online, with 1 client."), row("Clients", /client0/)]],
    ["/approvals", "Approvals", [text("Nobody waits for approval")]],
    ["/servers", "Servers", [row("Clients of server", /client0 .*online/)]],
    ["/audit", "Audit", [text("enrol-token.add"), text("user.add")]],
    ["/settings", "Settings", ["You", "Root", "Users", "Enrolment tokens", "API tokens", "Webhooks"].map(heading)],
    ["/nothing", "Nothing here", [text("Go to the overview.")]],
  ];

  await step("every page shows what it is for, at its address", async () => {
    const cases = [...readFileSync(SOURCE, "utf8").matchAll(/case "(.*)":/g)].map(([, first]) => first);
    const visited = pages.map(([path]) => path.split("/")[1]).filter((first) => first !== "nothing");
    assert.deepEqual([...new Set(visited)].sort(), cases.sort(), "the pages that the console has");
    for (const [path, title, wanted] of pages) {
      await page.goto(path);
      await page.getByRole("heading", { name: title, level: 1, exact: true }).waitFor();
      assert.equal(await page.title(), `${title} · onebox`);
      await Promise.all(wanted.map((locate) => locate().waitFor()));
      await page.getByText("live", { exact: true }).waitFor();
      await page.getByLabel("Loading").first().waitFor({ state: "detached" });
      assert.deepEqual(failed, [], `requests of ${path}`);
    }
  });

  await step("the address is worth nothing from then on; login and password are", async () => {
    const late = await web.another();
    late.expect(403);
    await setUp(late.page, "mallory");
    await late.page.getByText(/^This address has been used, is older than a day/).waitFor();
    await late.page.getByRole("link", { name: "Log in." }).click();
    await late.login("visitor", PASSWORD);
    await late.page.getByRole("table", { name: "Clients" }).getByRole("row", { name: /client0 online/ }).waitFor();
    await late.close();
  });
  web.assertClean();
} catch (failure) {
  await page.screenshot({ path: `${process.env.PICTURES}/failure-demo.png` }).catch(() => undefined);
  throw failure;
} finally {
  await web.end();
}
