import type { Agent } from "../src/api";

/** An agent that is well, but for what is said. */
export function agent(change: Partial<Agent> & Pick<Agent, "name">): Agent {
  return {
    id: `id-of-${change.name}`,
    role: "client",
    state: "active",
    connected: true,
    duplicate: false,
    addresses: ["10.77.0.2/16"],
    endpoints: [],
    tags: [],
    server: null,
    words: "lusab-babad-gutih-tugad",
    claim: null,
    system: "Linux 6.1 amd64",
    version: "0.1.0",
    ...change,
  };
}

export const frankfurt = agent({ name: "frankfurt", role: "server", endpoints: ["vpn.example.net:51820"] });
export const van = agent({ name: "van", server: frankfurt.id });
