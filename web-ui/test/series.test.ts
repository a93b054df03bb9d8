import { describe, expect, it } from "vitest";
import type { Schema } from "../src/api";
import { timeline } from "../src/events";
import { bonding, capText, setText, toneOf, wordOf, type LinkNow } from "../src/link-words";
import {
  RANGES,
  busiest,
  chosen,
  columns,
  grid,
  joined,
  ofHistory,
  stacked,
  summary,
  withMoment,
  type Point,
  type Tracks,
} from "../src/series";
import { pathOf } from "../src/sparkline";
import { milliseconds, percent, rate } from "../src/units";

const NOW = Date.parse("2026-11-25T12:00:00Z") / 1000;

function point(time: number, change: Partial<Point> = {}): Point {
  return { time, span: 1, rx: 1e6, tx: 1e5, rttMin: 0.02, rtt: 0.02, rttMax: 0.03, jitter: 0.001, loss: 0, ...change };
}

function link(name: string, change: Partial<LinkNow> = {}): LinkNow {
  const use = {
    role: "always",
    metered: false,
    paused: false,
    uploadLimitBitsPerSecond: null,
    downloadLimitBitsPerSecond: null,
    capacityTxBitsPerSecond: null,
    capacityRxBitsPerSecond: null,
    address: "10.1.1.2",
    reasonUnused: null,
  };
  return {
    name,
    state: "usable",
    rxBitsPerSecond: 2e6,
    txBitsPerSecond: 1e5,
    rttMinSeconds: 0.02,
    rttSeconds: 0.021,
    rttMaxSeconds: 0.022,
    jitterSeconds: 0.001,
    lossRatio: 0,
    use,
    ...change,
  };
}

const moment = (seconds: number, at: number, links = [link("dsl")]): Schema<"Moment"> => ({
  time: new Date(at * 1000).toISOString(),
  seconds,
  links,
});

describe("the history of an agent", () => {
  it("is read by the names of its columns", () => {
    const tracks = ofHistory({
      from: "",
      to: "",
      columns: ["time", "txBitsPerSecond", "rxBitsPerSecond", "rttSeconds", "lossRatio"],
      links: [{ name: "dsl", stepSeconds: 60, rows: [["2026-11-25T12:00:00Z", 1, 2, null, 0.5]] }],
    });
    const known = { time: NOW, span: 60, rx: 2, tx: 1, rtt: null, jitter: null, loss: 0.5 };
    expect(tracks.get("dsl")?.[0]).toMatchObject(known);
  });

  it("ends where single seconds begin", () => {
    const history: Tracks = new Map([["dsl", [10, 20, 30, 40].map((time) => point(time, { span: 10 }))]]);
    const live: Tracks = new Map([["dsl", [point(36), point(37)]], ["lte", [point(37)]]]);
    const all = joined(history, live, 25);
    expect(all.get("dsl")?.map(({ time }) => time)).toEqual([20, 30, 36, 37]);
    expect([...all.keys()]).toEqual(["dsl", "lte"]);
  });
});

describe("what the stream tells", () => {
  it("is added once: a summary of seconds that are known says nothing new", () => {
    let tracks: Tracks = new Map();
    for (const [seconds, at] of [[10, 0], [10, 10], [1, 11], [1, 12], [10, 12], [1, 13]] as const) {
      tracks = withMoment(tracks, moment(seconds, NOW + at));
    }
    expect(tracks.get("dsl")?.map(({ time }) => time - NOW)).toEqual([-10, 0, 11, 12, 13]);
  });

  it("is forgotten after a quarter of an hour", () => {
    let tracks: Tracks = new Map();
    for (let second = 0; second < 1000; second++) {
      tracks = withMoment(tracks, moment(1, NOW + second));
    }
    expect(tracks.get("dsl")).toHaveLength(901);
  });
});

describe("a picture", () => {
  it("has one axis for all links, and a hole where nothing was measured", () => {
    const tracks: Tracks = new Map([
      ["dsl", [point(1), point(2), point(9)]],
      ["lte", [point(2)]],
    ]);
    const all = grid(tracks, ["dsl", "lte"]);
    expect(all.times).toEqual([1, 2, 3, 9]);
    expect(columns(all, ["dsl", "lte"], ({ rx }) => rx)).toEqual([
      [1e6, 1e6, null, 1e6],
      [null, 1e6, null, null],
    ]);
  });

  it("stacks links, and one that says nothing adds nothing", () => {
    expect(
      stacked([
        [1, 2, null],
        [10, null, null],
        [100, 100, null],
      ]),
    ).toEqual([
      [1, 2, null],
      [11, 2, null],
      [111, 102, null],
    ]);
  });

  it("shows the links that carry most, always in the same order", () => {
    const tracks: Tracks = new Map([
      ["c", [point(1)]],
      ["a", [point(1, { rx: 1 })]],
      ["b", [point(1, { span: 60 })]],
    ]);
    expect(busiest(tracks, 2)).toEqual(["b", "c"]);
  });

  it("is told in a sentence", () => {
    const tracks: Tracks = new Map([["dsl", [point(1, { loss: 0.031 }), point(2)]]]);
    expect(summary(tracks, RANGES[0])).toBe(
      "In the last 2 min, on average 1.00 Mbit/s received and 100 kbit/s sent." +
        " dsl: round trip 20.0 ms, loss at most 3.10 %.",
    );
    const ofServer: Tracks = new Map([["van", [point(1, { rtt: null, loss: null })]]]);
    expect(summary(ofServer, RANGES[0]), "what is not measured is not told").toBe(
      "In the last 2 min, on average 1.00 Mbit/s received and 100 kbit/s sent.",
    );
    expect(summary(new Map(), RANGES[0])).toBe("Nothing was measured in the last 2 min.");
  });

  it("is a table of at most so many rows, the newest first", () => {
    expect(chosen(5, 40)).toEqual([4, 3, 2, 1, 0]);
    expect(chosen(100, 40)).toHaveLength(34);
    expect(chosen(100, 40)[0]).toBe(99);
  });

  it("small, ends at the right and reaches the top", () => {
    expect(pathOf([0, 50, 100])).toBe("M77.9 19.0L86.5 10.0L95.0 1.0");
    expect(pathOf([])).toBe("");
  });
});

describe("links", () => {
  it("are said to be in use, or why not", () => {
    const use = { ...link("lte").use!, role: "backup", reasonUnused: "the others are enough" };
    const lte = link("lte", { state: "closed", use });
    expect(bonding([link("dsl"), lte])).toBe("1 of 2 links in use; lte is not used: the others are enough");
    const spare = link("wwan0", { use: { ...use, reasonUnused: "standby: backup, better links suffice" } });
    expect(bonding([link("dsl"), lte, spare, { ...lte, name: "sat" }])).toBe(
      "1 of 4 links in use; lte and sat are not used: the others are enough;" +
        " wwan0 is not used: standby: backup, better links suffice",
    );
    expect([spare, lte].map(wordOf)).toEqual(["standby", "closed"]);
    expect([link("dsl"), lte, link("x", { state: "down" }), link("y", { state: "validating" })].map(toneOf)).toEqual([
      "ok",
      "off",
      "bad",
      "wait",
    ]);
    expect(toneOf(link("z", { state: "down", use: { ...link("z").use!, paused: true } }))).toBe("off");
  });

  it("have caps and settings in the words of configurations", () => {
    expect([null, 20e6, 312_500 * 8, 64_000].map(capText)).toEqual(["auto", "20Mbit/s", "2.5Mbit/s", "64kbit/s"]);
    const set = { interface: "wwan0", role: "backup", metered: true, upload: "auto", download: "5Mbit/s" } as const;
    expect(setText(set)).toBe("backup, metered, ↓ at most 5Mbit/s");
    expect(setText({ ...set, role: "always", metered: false, download: "auto" })).toBe("always");
  });
});

describe("what happened", () => {
  it("is events and configurations, newest first", () => {
    const time = "2026-11-25T12:00:00Z";
    const event = { number: 7, time, agent: "a", kind: "link.down", link: "lte", detail: "no carrier" };
    const old = { ...event, number: 6, time: "2026-11-25T10:00:00Z" };
    const revision = {
      revision: 3,
      state: "applied" as const,
      reason: "",
      author: "user:alice",
      created: "2026-11-25T12:00:01Z",
      hash: "",
      document: "{}",
    };
    expect(timeline([event, old], [revision], NOW - 60).map(({ text, tone }) => `${tone} ${text}`)).toEqual([
      "wait Configuration 3 by user:alice, applied",
      "bad lte carries no traffic any more: no carrier",
    ]);
  });
});

describe("a value", () => {
  it("has three digits and its unit", () => {
    expect([0, 12.3, 999, 1000, 12_345, 999_600, 1.5e9].map(rate)).toEqual([
      "0 bit/s",
      "12 bit/s",
      "999 bit/s",
      "1.00 kbit/s",
      "12.3 kbit/s",
      "1.00 Mbit/s",
      "1.50 Gbit/s",
    ]);
    expect([0.0204, 0.5, null].map(milliseconds)).toEqual(["20.4 ms", "500 ms", "–"]);
    expect([0, 0.0123, undefined].map(percent)).toEqual(["0 %", "1.23 %", "–"]);
  });
});
