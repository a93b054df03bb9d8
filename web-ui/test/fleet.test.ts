import { describe as group, expect, it } from "vitest";
import type { Revision } from "../src/api";
import {
  describe,
  describeConfiguration,
  described,
  homeless,
  isWaiting,
  matching,
  problems,
  trouble,
} from "../src/fleet";
import { agent, frankfurt, van } from "./agents";

group("clients that no server takes", () => {
  it("are active, and have none or one that is no more", () => {
    const lost = agent({ name: "lost", server: "gone" });
    const lonely = agent({ name: "lonely", server: null });
    const pending = agent({ name: "pending", server: null, state: "pending" });
    expect(homeless([frankfurt, van, lost, lonely, pending])).toEqual([lost, lonely]);
  });
});

group("what is said of an agent", () => {
  const words = (...agents: Parameters<typeof describe>[0][]) => agents.map((each) => describe(each, agents).word);

  it("is online when it is connected and has a server", () => {
    expect(describe(van, [van, frankfurt])).toEqual({
      tone: "ok",
      word: "online",
      sentence: "Online, through frankfurt.",
    });
    expect(describe(frankfurt, [van, frankfurt]).sentence).toBe("Online, with 1 client.");
  });

  it("names what is missing before it names the connection", () => {
    expect(words({ ...van, server: null, connected: false }, frankfurt)).toEqual(["no server", "online"]);
    const disabled = { ...frankfurt, state: "disabled" } as const;
    expect(words({ ...van, connected: false }, disabled)).toEqual(["server off", "disabled"]);
    expect(words({ ...frankfurt, endpoints: [] })).toEqual(["no address"]);
    expect(words({ ...van, connected: false }, frankfurt)).toEqual(["offline", "online"]);
    expect(words({ ...van, duplicate: true }, frankfurt)).toEqual(["duplicate", "online"]);
  });

  it("is a claim before anything else: somebody has to decide", () => {
    const claim = { words: "lusab-babad-gutih-tugat", system: "Linux", version: "0.1.0" };
    const revoked = { ...van, state: "revoked", claim } as const;
    expect(words({ ...van, claim }, frankfurt)).toEqual(["claimed", "online"]);
    expect(problems([{ ...van, claim }, revoked, frankfurt]).map((each) => each.name)).toEqual(["van", "van"]);
    expect([van, { ...van, claim }, agent({ name: "boat", state: "pending" })].map(isWaiting)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("has one description for every state", () => {
    const states = ["pending", "active", "disabled", "revoked"] as const;
    expect(states.map((state) => describe({ ...van, state }, [frankfurt]).tone)).toEqual(["wait", "ok", "off", "off"]);
  });
});

group("what wants attention", () => {
  it("is what waits, then what is wrong, servers first, and never what is meant to be off", () => {
    const agents = [
      { ...van, connected: false },
      agent({ name: "boat", state: "pending" }),
      agent({ name: "bus", state: "disabled" }),
      { ...frankfurt, connected: false },
      agent({ name: "car", server: frankfurt.id }),
    ];
    expect(problems(agents).map((each) => each.name)).toEqual(["boat", "frankfurt", "van"]);
  });
});

group("links that are down", () => {
  const down = (...names: string[]) => ({
    time: "2026-11-25T12:00:00Z",
    rxBitsPerSecond: 0,
    txBitsPerSecond: 0,
    recentBitsPerSecond: [],
    linksDown: names.map((name) => ({ name, reason: name === "wwan0" ? "no carrier" : null })),
  });
  const limping = { ...van, traffic: down("wwan0") };

  it("want attention while the others carry", () => {
    const agents = [limping, frankfurt, agent({ name: "lost" }), agent({ name: "boat", state: "pending" })];
    expect(problems(agents).map((each) => each.name)).toEqual(["boat", "lost", "van"]);
    expect(trouble(limping, agents)).toBe("wwan0 (no carrier) does not work; the other links carry on.");
    expect(described(limping, agents)).toMatchObject({ tone: "wait", word: "online, 1 link down" });
    expect(matching(agents, "link down").map((each) => each.name)).toEqual(["van"]);
    const both = { ...van, traffic: down("eth0", "wwan0") };
    expect(trouble(both, agents)).toBe("eth0, wwan0 (no carrier) do not work; the other links carry on.");
  });

  it("are no news of a client that is offline, or of one without", () => {
    expect(trouble({ ...limping, connected: false }, [limping, frankfurt])).toBeUndefined();
    expect(described({ ...van, traffic: down() }, [van, frankfurt]).word).toBe("online");
  });
});

group("a filter", () => {
  it("finds agents that contain every word", () => {
    const agents = [van, { ...frankfurt, connected: false }];
    expect(matching(agents, " VAN onl").map((each) => each.name)).toEqual(["van"]);
    expect(matching(agents, "example.net offline").map((each) => each.name)).toEqual(["frankfurt"]);
    expect(matching(agents, "van offline")).toEqual([]);
    expect(matching(agents, "")).toHaveLength(2);
    const tagged = { ...van, tags: ["fleet-a", "lte"] };
    expect(matching([tagged, frankfurt], "lte").map((each) => each.name)).toEqual(["van"]);
  });
});

group("what is said of a configuration", () => {
  const revision = (state: Revision["state"], reason = ""): Revision => ({
    revision: 4,
    state,
    reason,
    author: "user:alice",
    created: "2026-11-25T12:00:00Z",
    hash: "00",
    document: "{}",
  });

  it("says why one did not work", () => {
    expect(describeConfiguration(revision("rolled back", "the server was not reached")).sentence).toBe(
      "Revision 4 did not work: the server was not reached. The one before is in force again.",
    );
    expect(describeConfiguration(revision("applied")).tone).toBe("ok");
    expect(describeConfiguration(null).word).toBe("none");
  });
});
