import { describe, expect, it } from "vitest";
import type { AgentDetail } from "../src/api";
import { commands, findings } from "../src/diagnosis";
import { frankfurt, van } from "./agents";

const NOW = Date.parse("2026-11-25T12:00:00Z");

const sampled = (time: string) => ({
  ...van,
  traffic: { time, rxBitsPerSecond: 0, txBitsPerSecond: 0, recentBitsPerSecond: [], linksDown: [] },
});

function shown(change: Partial<AgentDetail>, others = [frankfurt, sampled("2026-11-25T11:59:55Z")]): string[] {
  const agent: AgentDetail = { ...van, links: [], configuration: null, ...change };
  return findings(agent, others, NOW).map(({ about, tone }) => `${about} ${tone}`);
}

describe("the findings about an agent", () => {
  it("are good when all is well", () => {
    const configuration = {
      revision: 3,
      state: "applied",
      reason: "",
      author: "user:alice",
      created: "2026-11-25T11:00:00Z",
      hash: "",
      document: "{}",
    } as const;
    expect(shown({ configuration })).toEqual([
      "Controller ok",
      "Configuration ok",
      "Server ok",
      "Samples ok",
      "Version ok",
    ]);
  });

  it("name what is wrong", () => {
    expect(shown({ connected: false })[0]).toBe("Controller bad");
    expect(shown({ server: null })[2]).toBe("Server bad");
    expect(shown({}, [{ ...frankfurt, connected: false }])[2]).toBe("Server bad");
    expect(shown({}, [frankfurt, sampled("2026-11-25T11:59:00Z")])[3]).toBe("Samples bad");
    expect(shown({}, [frankfurt, van])[3]).toBe("Samples off");
    expect(shown({ role: "server", endpoints: [] })[2]).toBe("Endpoints bad");
  });

  it("compare versions as numbers", () => {
    const others = (version: string) => [{ ...frankfurt, version }];
    expect(shown({ version: "0.9.0" }, others("0.10.0"))[4]).toBe("Version wait");
    expect(shown({ version: "0.10.0" }, others("0.9.0"))[4]).toBe("Version ok");
  });
});

it("tells commands of the agent's own program", () => {
  expect(commands("server")).toContain("sudo onebox-server doctor\n");
});
