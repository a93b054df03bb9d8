// The dashboard of a client in a real browser. DashboardSystemTest starts the agent, with:
//   DASHBOARD  its address        PICTURES   directory for screenshots
//   TRAFFIC    {"ping": [command], "unplug": [command], "link": name of that link,
//             "pause": [command that pauses up2]}
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { Console } from "./console.mjs";
import { pictures } from "./traffic.mjs";

const { ping, unplug, link, pause } = JSON.parse(process.env.TRAFFIC);
const MOST_UNPLUG_MS = 4000;

const web = await Console.open(process.env.DASHBOARD, process.env.PICTURES);
const flow = spawn(ping[0], ping.slice(1), { stdio: "ignore" });
try {
  const { page } = web;
  await page.goto("/");
  await page.getByText("The tunnel is up: 3 of 3 links in use.").waitFor();
  await page.getByText("live, a sample a second").waitFor();
  await page.getByText(/↓ [\d.]+ Mbit\/s ↑ [\d.]+ Mbit\/s/).first().waitFor();
  const figure = page.locator("figure.charts");
  const before = await pictures(page);
  assert.equal(before.length, 4, "charts");
  const newest = await figure.getAttribute("data-newest");
  await page.waitForFunction(
    (old) => Number(document.querySelector("figure.charts").dataset.newest) > Number(old) + 2000,
    newest,
  );
  const after = await pictures(page);
  after.forEach((picture, index) => assert.notEqual(picture, before[index], `chart ${index} moves`));
  await web.look("dashboard");

  const from = Date.now();
  spawn(unplug[0], unplug.slice(1), { stdio: "inherit" });
  await page.locator(".happenings li").first().getByText(`${link} carries no traffic any more`).waitFor();
  const ms = Date.now() - from;
  console.log(`unplugged until shown: ${ms} ms`);
  assert.ok(ms <= MOST_UNPLUG_MS, `soon, was ${ms} ms`);
  await page.getByText(`2 of 3 links in use; ${link} is not used:`).first().waitFor();
  spawn(pause[0], pause.slice(1), { stdio: "ignore" });
  await page.getByRole("heading", { name: "Wants attention" }).waitFor();
  await page.getByText("up2 is paused").waitFor();
  await web.look("dashboard-unplugged");

  await figure.focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator(".readout").getByText(/up1 ↓ .* ↑ .*, round trip /).waitFor();
  await page.getByRole("radio", { name: "15 min" }).check();
  await page.getByText("In the last 15 min, on average").waitFor();
  assert.equal(await page.getByRole("radio", { name: "400 d" }).count(), 0, "what an agent does not keep");

  await page.reload();
  await page.locator(".happenings li").getByText(`${link} carries no traffic any more`).first().waitFor();

  await page.route("**/v1/status", (route) => route.abort());
  web.forgive("ERR_FAILED");
  await page.getByText(/^offline, showing \d/).waitFor();
  assert.ok(await figure.isVisible(), "what was known stays");
  await web.look("dashboard-offline");
  await page.unroute("**/v1/status");
  await page.getByText("live", { exact: true }).waitFor();
  web.assertClean();
  console.log(`${web.pictures} pictures`);
} catch (failure) {
  await web.page.screenshot({ path: `${process.env.PICTURES}/failure-dashboard.png` }).catch(() => undefined);
  throw failure;
} finally {
  flow.kill();
  await web.end();
}
