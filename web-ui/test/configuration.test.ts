import { describe, expect, it } from "vitest";
import { changed, difference, lines, trialLeft } from "../src/configuration";

describe("a document", () => {
  it("is lines of keys and values, tables of a list with their numbers", () => {
    const document = { listen: { port: 51820 }, client: [{ name: "van", addresses: ["10.77.0.2/32"] }], a: null };
    expect(lines(JSON.stringify(document))).toEqual([
      "listen.port = 51820",
      'client[1].name = "van"',
      'client[1].addresses = ["10.77.0.2/32"]',
      "a = null",
    ]);
  });
});

describe("a configuration on trial", () => {
  const document = JSON.stringify({ control: { "confirm-seconds": 30 } });

  it("counts down to nothing", () => {
    expect([1000, 1001, 2000, 31_000, 60_000].map((now) => trialLeft(document, 1000, now))).toEqual([30, 30, 29, 0, 0]);
  });

  it("says nothing if it has no such time", () => {
    expect(trialLeft("{}", 0, 0)).toBeUndefined();
  });
});

describe("the difference of two documents", () => {
  const shown = (before: string, after: string) =>
    difference([...before], [...after])
      .map((line) => ({ same: "", added: "+", removed: "-" })[line.kind] + line.text)
      .join(" ");

  it("keeps as much as it can", () => {
    expect(shown("abcd", "abxd")).toBe("a b -c +x d");
    expect(shown("", "ab")).toBe("+a +b");
    expect(shown("ab", "")).toBe("-a -b");
    expect(shown("abc", "cab")).toBe("+c a b -c");
  });

  it("gives both documents back, whatever they are", () => {
    let seed = 17;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    const random = () => Array.from({ length: Math.floor(next() * 12) }, () => String.fromCharCode(97 + next() * 4));
    for (let i = 0; i < 200; i++) {
      const [before, after] = [random(), random()];
      const lines = difference(before, after);
      expect(lines.filter((line) => line.kind !== "added").map((line) => line.text)).toEqual(before);
      expect(lines.filter((line) => line.kind !== "removed").map((line) => line.text)).toEqual(after);
    }
  });
});

describe("keys that would change", () => {
  it("are lines, the old value above the new one", () => {
    const keys = [
      { path: "tunnel.mtu", before: null, after: "1400" },
      { path: "server.endpoints", before: '["a:1"]', after: '["b:1"]' },
      { path: "link[wan0].role", before: '"backup"', after: null },
    ];
    expect(changed(keys).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "added tunnel.mtu = 1400",
      'removed server.endpoints = ["a:1"]',
      'added server.endpoints = ["b:1"]',
      'removed link[wan0].role = "backup"',
    ]);
  });
});
