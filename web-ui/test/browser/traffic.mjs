// What a browser sees of an agent's traffic, while it flows and when a link goes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

const SAMPLES = 6;
const MOST_MS = 400;
const MOST_UNPLUG_MS = 2000;

/** The delays between a sample's arrival at the controller and the frame that shows it, in ms. */
export function delays(page, count) {
  return page.evaluate(async (wanted) => {
    const figure = document.querySelector("figure.charts");
    const found = [];
    let last = figure.dataset.newest;
    await new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (figure.dataset.newest === last) {
          return; // Drawn again for another reason.
        }
        last = figure.dataset.newest;
        const newest = Number(last);
        // The second frame begins when the first has been shown.
        requestAnimationFrame(() => requestAnimationFrame(() => found.push({ newest, ms: Date.now() - newest })));
        if (found.length >= wanted) {
          observer.disconnect();
          done();
        }
      });
      observer.observe(figure, { attributeFilter: ["data-newest"] });
    });
    return found;
  }, count);
}

export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function pictures(page) {
  return page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()));
}

export async function watchTraffic(web, step, { ping, unplug, link }) {
  const { page } = web;
  let flow;

  await step("charts move with the traffic, a sample a second", async () => {
    const items = await page.evaluate(async () => (await (await fetch("/api/v1/agents")).json()).items);
    const server = items.find((agent) => agent.role === "server").addresses[0].replace(/\/.*/, "");
    flow = spawn(ping[0], [...ping.slice(1), server], { stdio: "ignore" });
    await page.getByText("live, a sample a second").waitFor();
    await page.getByText(/↓ [\d.]+ Mbit\/s ↑ [\d.]+ Mbit\/s/).first().waitFor();
    const before = await pictures(page);
    assert.equal(before.length, 4, "charts");
    const measured = (await delays(page, SAMPLES)).map(({ ms }) => ms);
    const after = await pictures(page);
    after.forEach((picture, index) => assert.notEqual(picture, before[index], `chart ${index} moves`));
    const p95 = percentile(measured, 0.95);
    console.log(`        from the controller to the pixel: median ${percentile(measured, 0.5)} ms, p95 ${p95} ms`);
    assert.ok(p95 <= MOST_MS, `a sample is a picture within ${MOST_MS} ms, was ${measured}`);
    await web.look("agent-traffic");
  });

  await step("an unplugged link is in the timeline within two seconds, with its reason", async () => {
    const from = Date.now();
    spawn(unplug[0], unplug.slice(1), { stdio: "inherit" });
    const newest = page.locator(".happenings li").first();
    await newest.getByText(`${link} carries no traffic any more`).waitFor();
    const ms = Date.now() - from;
    console.log(`        unplugged until shown: ${ms} ms`);
    assert.ok(ms <= MOST_UNPLUG_MS, `within two seconds, was ${ms} ms`);
    await page.getByText(`2 of 3 links in use; ${link} is not used:`).waitFor();
    await web.look("agent-unplugged");
    await web.picture(page.getByRole("region", { name: "Traffic" }), "traffic-unplugged");
  });

  await step("charts are read by keyboard, as a table, and back to 400 days", async () => {
    await page.locator("figure.charts").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.locator(".readout").getByText(/up1 ↓ .* ↑ .*, round trip .*, jitter .*, loss /).waitFor();
    await page.keyboard.press("Space");
    await page.getByText("paused", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Table" }).click();
    await page.getByRole("table", { name: "Traffic" }).getByRole("columnheader", { name: "up1" }).waitFor();
    await web.look("agent-table");
    await page.getByRole("button", { name: "Table" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "up1, alone in the charts" }).click();
    for (const range of ["400 d", "15 min"]) {
      await page.getByRole("radio", { name: range }).check();
      await page.getByText(`In the last ${range}, on average`).waitFor();
    }
    flow.kill();
  });
}
