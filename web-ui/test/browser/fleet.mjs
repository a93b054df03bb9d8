// The console over a large virtual fleet: how smoothly it is drawn, and how old what one sees is.
// ConsoleFleetSystemTest starts it, with CONSOLE, PASSWORD, CLIENTS and PICTURES as in main.mjs,
// and with the MINUTES for which the heaps of two pages are watched: -Donebox.minutes=60. It is half a minute without.
// SLOWER=4 in the environment leaves it a quarter of the processor, to see what is close.
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { Console } from "./console.mjs";
import { delays, percentile } from "./traffic.mjs";

const MOST_LOAD_MS = 1000;
const LOADS = 3;
const QUIET_MS = 500;
const MOST_MS_A_FRAME = 50;
const MOST_MS = 400;
const SAMPLES = 20;
const WATCH_MS = 10_000;
const HOURS = 48;
const STEP_SECONDS = 300;
const WRAP_MS = 1e9;
const MOST_GROWTH_MIB = 0.5;

const web = await Console.open(process.env.CONSOLE, process.env.PICTURES);
const { page } = web;
/** Another browser, so that what one page keeps is not counted for the other. */
const second = await Console.open(process.env.CONSOLE, process.env.PICTURES);

/** Waits until what has just been started leaves more than half of the processors idle, for half a minute at most. */
async function quiet() {
  const idle = () => cpus().reduce((sum, { times }) => sum + times.idle, 0);
  for (let time = 0; time < 60; time++) {
    const before = idle();
    await page.waitForTimeout(QUIET_MS);
    if (idle() - before > (QUIET_MS * cpus().length) / 2) {
      return;
    }
  }
}

/** Frames and long tasks of some seconds. */
function frames(ms) {
  return page.evaluate(async (length) => {
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: "longtask" });
    const gaps = [];
    const end = performance.now() + length;
    let last = performance.now();
    while (last < end) {
      const now = await new Promise((done) => requestAnimationFrame(done));
      gaps.push(now - last);
      last = now;
    }
    observer.disconnect();
    return { tasks, gaps };
  }, ms);
}

function report(what, { tasks, gaps }) {
  const worst = Math.max(...gaps);
  const longest = Math.max(0, ...tasks);
  console.log(
    `${what}: ${gaps.length} frames, p99 ${percentile(gaps, 0.99).toFixed(0)} ms, longest ${worst.toFixed(0)} ms;` +
      ` ${tasks.length} tasks over 50 ms, longest ${longest.toFixed(0)} ms`,
  );
  assert.ok(longest <= MOST_MS_A_FRAME, `${what}: no task over ${MOST_MS_A_FRAME} ms, were ${tasks}`);
  assert.ok(Math.round(worst) <= MOST_MS_A_FRAME, `${what}: no frame over ${MOST_MS_A_FRAME} ms, was ${worst}`);
}

async function heapMib(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1024 / 1024;
}

/** The heap after a garbage collection, again and again: it must not grow. */
async function watchHeap(what, page) {
  const minutes = Number(process.env.MINUTES ?? 0);
  const [times, seconds] = minutes > 2 ? [minutes, 60] : [6, 5];
  const found = [];
  for (let time = 0; time < times; time++) {
    await page.waitForTimeout(1000 * seconds);
    found.push(await heapMib(page));
  }
  console.log(`${what}, heap every ${seconds} s: ${found.map((mib) => mib.toFixed(2)).join(" ")} MiB`);
  const half = Math.floor(found.length / 2);
  const [early, late] = [percentile(found.slice(0, half), 0.5), percentile(found.slice(half), 0.5)];
  assert.ok(late - early < MOST_GROWTH_MIB, `${what}: the heap stays as it is, was ${found}`);
}

/** Two days of three links, as the controller would tell of them. */
function history() {
  const now = Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS;
  const count = (HOURS * 3600) / STEP_SECONDS;
  const row = (index, scale) => {
    const time = new Date((now - (count - index) * STEP_SECONDS) * 1000).toISOString();
    const wave = 1 + Math.sin(index / 20);
    return [time, 1e7 * scale * wave, 1e6 * scale * wave, 0.02, 0.03 * wave + 0.02, 0.09, 0.004, 0.01 * wave];
  };
  return {
    from: "",
    to: "",
    columns: [
      "time",
      "rxBitsPerSecond",
      "txBitsPerSecond",
      "rttMinSeconds",
      "rttSeconds",
      "rttMaxSeconds",
      "jitterSeconds",
      "lossRatio",
    ],
    links: ["eth0", "wlan0", "wwan0"].map((name, scale) => ({
      name,
      stepSeconds: STEP_SECONDS,
      rows: Array.from({ length: count }, (_, index) => row(index, scale + 1)),
    })),
  };
}

try {
  const sent = new Map();
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const { data } = JSON.parse(payload);
      if (data?.seconds === 1) {
        const base = Math.floor(Date.now() / WRAP_MS) * WRAP_MS;
        sent.set(Date.parse(data.time), base + data.links.find(({ name }) => name === "eth0").rxBitsPerSecond);
      }
    }),
  );
  await quiet();
  const loads = [await web.firstLoad()];
  while (loads.length < LOADS) {
    const reader = await web.another();
    await quiet();
    loads.push(await reader.firstLoad());
    await reader.close();
  }
  console.log(`first load, until one can log in: ${loads.map((ms) => ms.toFixed(0)).join(", ")} ms`);
  const load = percentile(loads, 0.5);
  assert.ok(load <= MOST_LOAD_MS, `one can log in within ${MOST_LOAD_MS} ms, were ${loads}`);
  await web.login("owner", process.env.PASSWORD);
  await page.getByRole("table", { name: "Clients" }).getByRole("row").nth(Number(process.env.CLIENTS)).waitFor();
  await frames(1000);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: Number(process.env.SLOWER ?? 1) });
  report(`overview of ${process.env.CLIENTS} clients`, await frames(WATCH_MS));
  await web.look("overview-fleet");

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("table", { name: "Clients" }).getByRole("link", { name: "client0", exact: true }).click();
  await page.getByText("live, a sample a second").waitFor();
  const shown = (await delays(page, SAMPLES)).filter(({ newest }) => sent.has(newest));
  const measured = shown.map(({ newest, ms }) => newest + ms - sent.get(newest));
  assert.ok(measured.length >= SAMPLES - 2, `samples that were told, were ${measured.length}`);
  const p95 = percentile(measured, 0.95);
  const median = percentile(measured, 0.5);
  console.log(`from the agent to the pixel: median ${median} ms, p95 ${p95} ms of ${measured.length}`);
  assert.ok(p95 <= MOST_MS, `within ${MOST_MS} ms, were ${measured}`);

  await second.page.goto("/");
  await second.login("owner", process.env.PASSWORD);
  await second.page.getByRole("table", { name: "Clients" }).getByRole("row").nth(1).waitFor();
  await Promise.all([watchHeap("client with live charts", page), watchHeap("overview", second.page)]);
  second.assertClean();

  await page.route("**/stats?*", (route) => route.fulfill({ json: history() }));
  await page.getByRole("radio", { name: "48 h" }).check();
  await page.getByText("In the last 48 h, on average").waitFor();
  await frames(1000);
  report("four charts of two days", await frames(WATCH_MS));
  await web.look("agent-two-days");
  web.assertClean();
} catch (failure) {
  await page.screenshot({ path: `${process.env.PICTURES}/failure-fleet.png` }).catch(() => undefined);
  throw failure;
} finally {
  await second.end();
  await web.end();
}
