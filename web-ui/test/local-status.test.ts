import { describe, expect, it } from "vitest";
import { changes, momentOf, tracksOf, type SampledLink, type Status, type StatusLink } from "../src/local-status";

const sampled = (name: string, state = "usable", rx = 1000): SampledLink => ({
  name,
  state,
  rxBitsPerSecond: rx,
  txBitsPerSecond: null,
  srttSeconds: 0.02,
  jitterSeconds: 0.001,
  lossRatio: 0,
});

const at = (second: number, ...links: SampledLink[]) => ({
  time: new Date(Date.UTC(2026, 10, 22, 13, 0, second)).toISOString(),
  state: "up",
  links,
});

describe("what an agent says of itself", () => {
  it("is a moment of one second, with how each link is used", () => {
    const link = { ...sampled("eth0"), role: "backup", reasonUnused: "cap reached" } as StatusLink;
    const moment = momentOf({ ...at(0), links: [link] } as unknown as Status);

    expect(moment.seconds).toBe(1);
    expect(moment.links[0]).toMatchObject({ name: "eth0", rttSeconds: 0.02, txBitsPerSecond: 0 });
    expect(moment.links[0]?.use).toMatchObject({ role: "backup", reasonUnused: "cap reached" });
  });

  it("becomes a point a second for each link", () => {
    const tracks = tracksOf([
      at(0, sampled("eth0", "usable", 1)),
      at(1, sampled("eth0", "usable", 2), sampled("wwan0")),
    ]);

    expect(tracks.get("eth0")?.map(({ rx, span }) => [rx, span])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(tracks.get("wwan0")).toHaveLength(1);
  });

  it("tells when a link ceases to carry, why, and when it carries again", () => {
    const down = { ...sampled("wwan0", "down"), reasonUnused: "no carrier" } as SampledLink;
    const [ceased] = changes(at(0, sampled("eth0"), sampled("wwan0")), at(1, sampled("eth0"), down), 6);

    expect(ceased).toMatchObject({ number: 7, kind: "link.down", link: "wwan0", detail: "no carrier" });
    expect(changes(at(0), at(1, sampled("eth0")), 0)[0]).toMatchObject({ number: 1, kind: "link.up" });
    expect(changes(at(0, sampled("eth0")), at(1), 0)[0]).toMatchObject({ kind: "link.down", link: "eth0" });
    expect(changes(at(0, sampled("eth0")), at(1, sampled("eth0")), 0)).toEqual([]);
  });
});
