// A browser that looks like a reviewer: every look is pictures, axe, and a check of the width.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [
  [360, 740],
  [820, 1180],
  [1440, 900],
];
const PATIENCE_MS = 20_000;

/** A part of a test, and how long it took. */
export async function step(name, run) {
  const from = Date.now();
  await run();
  console.log(`${((Date.now() - from) / 1000).toFixed(1).padStart(5)} s  ${name}`);
}

export class Console {
  #browser;
  #context;
  #url;
  #directory;
  #expected = new Set([401]);
  #forgiven = ["ERR_INTERNET_DISCONNECTED"];
  /** What went wrong in the page. */
  #complaints = [];
  /** Addresses of all requests. */
  loaded = [];
  pictures = 0;

  static async open(url, directory) {
    mkdirSync(directory, { recursive: true });
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    });
    return new Console(browser, url, directory).#begin();
  }

  constructor(browser, url, directory) {
    this.#browser = browser;
    this.#url = url;
    this.#directory = directory;
  }

  async #begin() {
    this.#context = await this.#browser.newContext({
      baseURL: this.#url,
      ignoreHTTPSErrors: true,
      reducedMotion: "reduce",
      locale: "en-GB",
      viewport: { width: 1440, height: 900 },
    });
    this.page = await this.#context.newPage();
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.page.on("request", (request) => this.loaded.push(request.url()));
    this.page.on("pageerror", (error) => this.#complaints.push(`exception: ${error}`));
    this.page.on("console", (message) => {
      const status = Number(/status of (\d+)/.exec(message.text())?.[1]);
      const isExpected = this.#expected.has(status) || this.#forgiven.some((text) => message.text().includes(text));
      if (["error", "warning"].includes(message.type()) && !isExpected) {
        this.#complaints.push(message.text());
      }
    });
    return this;
  }

  /** The same console, seen by somebody else. */
  another() {
    return new Console(this.#browser, this.#url, this.#directory).#begin();
  }

  expect(status) {
    this.#expected.add(status);
    this.#complaints = this.#complaints.filter((text) => !text.includes(`status of ${status}`));
  }

  /** Takes messages with this text for what they are: a test has cut the line. */
  forgive(text) {
    this.#forgiven.push(text);
  }

  /** Requests to anybody but the controller. */
  foreign() {
    return this.loaded.filter((url) => !url.startsWith(this.#url) && !url.startsWith("data:"));
  }

  /** Milliseconds from nothing loaded to the form in which one logs in. */
  async firstLoad() {
    await this.page.goto("/", { waitUntil: "commit" });
    await this.page.getByLabel("Login").waitFor();
    return this.page.evaluate(() => performance.now());
  }

  async login(name, password) {
    await this.page.getByLabel("Login").fill(name);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Log in" }).click();
  }

  /** The buttons one sees. */
  async buttons() {
    const texts = await this.page.getByRole("button").allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Goes to a control as somebody without a mouse does. */
  async tabTo(name) {
    const isThere = (wanted) => {
      const at = document.activeElement;
      return [at?.textContent, at?.labels?.[0]?.textContent].some((text) => text?.trim() === wanted);
    };
    for (let i = 0; i < 40; i++) {
      await this.page.keyboard.press("Tab");
      if (await this.page.evaluate(isThere, name)) {
        return;
      }
    }
    assert.fail(`no way to '${name}' by the keyboard`);
  }

  offline(isOffline) {
    return this.#context.setOffline(isOffline);
  }

  /**
   * Gives the page axe, over the debugger, since its policy forbids scripts of others. Not before it is needed: its
   * 650 kB would take part in every load that is measured.
   */
  async #bringAxe() {
    const session = await this.#context.newCDPSession(this.page);
    await session.send("Runtime.evaluate", { expression: `globalThis.axe ?? (() => { ${AXE} })()` });
    await session.detach();
  }

  /** Pictures at three widths in both themes; axe must have nothing to say, and nothing may be too wide. */
  async look(name) {
    await this.#bringAxe();
    const fullPage = (await this.page.getByRole("dialog").count()) === 0; // What a dialog covers is nobody's page.
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      for (const [width, height] of WIDTHS) {
        await this.page.setViewportSize({ width, height });
        const { scrollWidth } = await this.page.evaluate(() => ({ scrollWidth: document.body.scrollWidth }));
        assert.ok(scrollWidth <= width, `${name} is ${scrollWidth} pixels wide at ${width}`);
        await this.page.screenshot({ path: `${this.#directory}/${name}-${width}-${colorScheme}.png`, fullPage });
        this.pictures++;
        assert.deepEqual(await this.#violations(), [], `axe on ${name}, ${width} pixels wide, ${colorScheme}`);
      }
    }
  }

  /** A picture of a part of the page, for the documents. */
  async picture(part, name) {
    await this.page.emulateMedia({ colorScheme: "light" });
    await part.screenshot({ path: `${this.#directory}/${name}.png` });
  }

  #violations() {
    return this.page.evaluate(async (rules) => {
      const { violations } = await globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    }, RULES);
  }

  assertClean() {
    assert.deepEqual(this.#complaints, []);
    assert.deepEqual(this.foreign(), []);
  }

  async close() {
    this.assertClean();
    await this.#context.close();
  }

  end() {
    return this.#browser.close();
  }
}
