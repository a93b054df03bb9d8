// What of an agent is as it should be, as far as the controller can tell, and what to do where it is not.
import type { Agent, AgentDetail } from "./api";
import { describe, describeConfiguration, serverOf, type Tone } from "./fleet";
import { relative } from "./time";

export interface Finding {
  readonly about: string;
  readonly tone: Tone;
  readonly text: string;
}

/** A summary comes every ten seconds; two may be lost. */
const QUIET_MS = 30_000;

export function findings(agent: AgentDetail, agents: readonly Agent[], nowMs: number): Finding[] {
  const configuration = describeConfiguration(agent.configuration);
  return [
    {
      about: "Controller",
      tone: agent.connected ? "ok" : "bad",
      text: agent.connected
        ? "The agent is connected."
        : "The agent is not connected. See whether the device is on, and what its doctor says of the controller.",
    },
    { about: "Configuration", tone: configuration.tone, text: configuration.sentence },
    agent.role === "client" ? ofServer(agent, agents) : ofEndpoints(agent),
    ofSamples(agent, agents, nowMs),
    ofVersion(agent, agents),
  ];
}

function ofServer(client: Agent, agents: readonly Agent[]): Finding {
  const server = serverOf(client, agents);
  if (server === undefined) {
    return { about: "Server", tone: "bad", text: "None is assigned." };
  }
  const { tone, word, sentence } = describe(server, agents);
  return { about: "Server", tone, text: tone === "ok" ? `${server.name} is ${word}.` : `${server.name}: ${sentence}` };
}

function ofEndpoints(server: Agent): Finding {
  return server.endpoints.length === 0
    ? { about: "Endpoints", tone: "bad", text: "None: clients do not know where to find it. Edit it." }
    : { about: "Endpoints", tone: "ok", text: `Clients reach it at ${server.endpoints.join(", ")}.` };
}

function ofSamples(agent: Agent, agents: readonly Agent[], nowMs: number): Finding {
  const last = agents.find((other) => other.id === agent.id)?.traffic?.time;
  if (last === undefined) {
    return { about: "Samples", tone: "off", text: "It has told nothing of its links yet." };
  }
  const isQuiet = nowMs - Date.parse(last) > QUIET_MS;
  return { about: "Samples", tone: isQuiet ? "bad" : "ok", text: `The last one: ${relative(last, nowMs)}.` };
}

function ofVersion(agent: Agent, agents: readonly Agent[]): Finding {
  const newest = agents.map(({ version }) => version).reduce(newer, agent.version);
  return newest === agent.version
    ? { about: "Version", tone: "ok", text: `${agent.version}; no agent has a newer one.` }
    : { about: "Version", tone: "wait", text: `${agent.version}, while others have ${newest}: upgrade it.` };
}

function newer(one: string, other: string): string {
  return one.localeCompare(other, "en", { numeric: true }) >= 0 ? one : other;
}

/** What to type on the device to know more. */
export function commands(role: Agent["role"]): string {
  return [
    `sudo onebox-${role} doctor`,
    `sudo onebox-${role} status`,
    `journalctl --unit onebox-${role} --since -1h`,
  ].join("\n");
}
