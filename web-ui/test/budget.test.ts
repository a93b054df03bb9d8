import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

const BUNDLES = "target/classes/io/onebox/";
const KIB = 1024;

describe("the sources", () => {
  const sources = ["src", "test", "test/browser"]
    .flatMap((directory) => readdirSync(directory).map((name) => `${directory}/${name}`))
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .map((name) => ({ name, lines: readFileSync(name, "utf8").split("\n") }));

  it("are short, narrow and finished", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter(({ lines }) => lines.length > 400)).toEqual([]);
    const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b`);
    const isWrong = (line: string) => line.length > 120 || unfinished.test(line);
    expect(
      sources.flatMap(({ name, lines }) => lines.filter(isWrong).map((line) => `${name}: ${line.trim()}`)),
    ).toEqual([]);
  });
});

describe.each([
  { bundle: "console", firstKib: 30, allKib: 75 },
  { bundle: "dashboard", firstKib: 50, allKib: 50 },
])("the bundle of the $bundle", ({ bundle, firstKib, allKib }) => {
  const text = (name: string) => readFileSync(`${BUNDLES}${bundle}/${name}`, "utf8");
  const gzipped = (name: string) => readFileSync(`${BUNDLES}${bundle}/${name}.gz`).length;
  const sum = (names: string[]) => names.map(gzipped).reduce((one, other) => one + other, 0);
  const files = text("files").trim().split("\n");
  const first = files.filter((name) => text("index.html").includes(name));

  it("is small: what the first page needs, and all of it", () => {
    expect(sum(first.filter((name) => name.endsWith(".js")))).toBeLessThan(firstKib * KIB);
    expect(sum(files.filter((name) => name.endsWith(".js")))).toBeLessThan(allKib * KIB);
    expect(sum(files.filter((name) => name.endsWith(".css")))).toBeLessThan(10 * KIB);
  });

  it("comes in one script and one style sheet", () => {
    expect(first.map((name) => name.replace(/^.*\./, "")).sort()).toEqual(["css", "js"]);
  });

  it("has nothing that its policy forbids", () => {
    const forbidden = (name: string) => /\beval\(|new Function\(/.test(text(name));
    expect(files.filter((name) => name.endsWith(".js") && forbidden(name))).toEqual([]);
    const sources = readdirSync("src").map((name) => readFileSync(`src/${name}`, "utf8"));
    expect(sources.filter((source) => /innerHTML|style=/i.test(source))).toHaveLength(0);
    expect(/<style|style=|onload=|<script(?![^>]* src=)/.test(text("index.html"))).toBe(false);
  });
});
