// All agents, and what is to be said of them in plain words.
import { get, type Agent, type AgentDetail, type Schema } from "./api";
import { Live } from "./live";
import { stream } from "./stream";

const EVERY_MS = 3000;

/** While the stream tells of every change, the question only makes sure. */
const SELDOM_MS = 30_000;

/** News of several agents is shown together, but not of so many that drawing them would be felt: with a quarter of a
 * processor (`SLOWER=4` of `fleet.mjs`), 20 take up to 60 ms. */
const TOGETHER_MS = 100;
const TOGETHER = 20;

export const fleet = new Live<Agent[]>(readAll, () => (stream.isOpen.peek() ? SELDOM_MS : EVERY_MS));

type News = Agent | { readonly id: string; readonly state: "deleted" };

/** Lets the fleet follow the stream. The answer stops it. */
export function followFleet(): () => void {
  const news = new Map<string, News>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    const some = new Map([...news].slice(0, TOGETHER));
    some.forEach((_, id) => news.delete(id));
    timer = news.size > 0 ? setTimeout(show, TOGETHER_MS) : undefined;
    fleet.put(withNews(fleet.value.peek() ?? [], some));
  };
  const stop = stream.subscribe<News>("agents", {
    snap: (items) => {
      news.clear();
      fleet.put(keptIn(items as Agent[], fleet.value.peek() ?? []));
    },
    delta: (agent) => {
      news.set(agent.id, agent);
      timer ??= setTimeout(show, TOGETHER_MS);
    },
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** Agents that did not change stay the same objects, so that nothing is drawn anew for them. */
export function withNews(agents: readonly Agent[], news: ReadonlyMap<string, News>): Agent[] {
  const known = byId(agents);
  const added = [...news.values()].filter((agent) => !known.has(agent.id));
  return [...agents.map((agent) => news.get(agent.id) ?? agent), ...added]
    .filter((agent): agent is Agent => agent.state !== "deleted")
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

async function readAll(): Promise<Agent[]> {
  const agents: Agent[] = [];
  let after: string | null = "";
  while (after !== null) {
    const page: Schema<"AgentPage"> = await get("/agents", after === "" ? { limit: 1000 } : { limit: 1000, after });
    agents.push(...page.items);
    after = page.next;
  }
  return keptIn(agents, fleet.value.peek() ?? []);
}

/** An answer in which agents that did not change are the same objects as before. */
export function keptIn(agents: readonly Agent[], before: readonly Agent[]): Agent[] {
  const known = byId(before);
  return agents.map((agent) => {
    const old = known.get(agent.id);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(agent) ? old : agent;
  });
}

const indexes = new WeakMap<readonly Agent[], ReadonlyMap<string, Agent>>();

/** Agents by their identifiers. It is made once for each list. */
function byId(agents: readonly Agent[]): ReadonlyMap<string, Agent> {
  let index = indexes.get(agents);
  if (index === undefined) {
    index = new Map(agents.map((agent) => [agent.id, agent]));
    indexes.set(agents, index);
  }
  return index;
}

/** The server that takes a client. */
export function serverOf(client: Agent, agents: readonly Agent[]): Agent | undefined {
  return client.server === null ? undefined : byId(agents).get(client.server);
}

/** ok: at work. wait: somebody or something has to act first. off: meant to be so. bad: not as it should be. */
export type Tone = "ok" | "wait" | "off" | "bad";

export interface Description {
  readonly tone: Tone;
  /** One word, or two. */
  readonly word: string;
  /** The whole sentence. */
  readonly sentence: string;
}

/** Whether somebody has to decide who it is: it waits for approval, or another machine says it is this agent. */
export function isWaiting(agent: Agent): boolean {
  return agent.state === "pending" || agent.claim !== null;
}

/** What an agent does, as far as the controller knows. */
export function describe(agent: Agent, agents: readonly Agent[]): Description {
  if (agent.claim !== null) {
    return {
      tone: "wait",
      word: "claimed",
      sentence: "Another machine says it is this agent. Reclaim it if that device shows the same four words.",
    };
  }
  switch (agent.state) {
    case "pending":
      return {
        tone: "wait",
        word: "waiting",
        sentence: "Waits for approval. Approve it if the device shows the same four words.",
      };
    case "disabled":
      return { tone: "off", word: "disabled", sentence: "Disabled: it is told to carry nothing." };
    case "revoked":
      return { tone: "off", word: "revoked", sentence: "Revoked: its key is not accepted any more." };
    case "active":
      if (agent.duplicate) {
        return {
          tone: "bad",
          word: "duplicate",
          sentence: "Two machines have this identity, and one takes the connection from the other.",
        };
      }
      return agent.role === "client" ? describeClient(agent, agents) : describeServer(agent, agents);
  }
}

function describeClient(agent: Agent, agents: readonly Agent[]): Description {
  const server = serverOf(agent, agents);
  if (server === undefined) {
    return { tone: "bad", word: "no server", sentence: "No server takes this client: assign one." };
  }
  if (server.state !== "active") {
    return { tone: "bad", word: "server off", sentence: `Its server ${server.name} is ${server.state}.` };
  }
  return agent.connected
    ? { tone: "ok", word: "online", sentence: `Online, through ${server.name}.` }
    : offline();
}

function describeServer(agent: Agent, agents: readonly Agent[]): Description {
  if (agent.endpoints.length === 0) {
    return { tone: "bad", word: "no address", sentence: "Clients cannot reach this server: give it an endpoint." };
  }
  const clients = clientsOf(agent, agents).length;
  const word = clients === 1 ? "client" : "clients";
  return agent.connected ? { tone: "ok", word: "online", sentence: `Online, with ${clients} ${word}.` } : offline();
}

function offline(): Description {
  return {
    tone: "bad",
    word: "offline",
    sentence: "Not connected to the controller. It goes on with its last good configuration.",
  };
}

/** Which links of a client that is online do not work, in a sentence: it goes on without them, and nobody notices. */
export function trouble(agent: Agent, agents: readonly Agent[]): string | undefined {
  const down = agent.traffic?.linksDown ?? [];
  if (down.length === 0 || describe(agent, agents).tone !== "ok") {
    return undefined;
  }
  const said = down.map(({ name, reason }) => (reason === null ? name : `${name} (${reason})`));
  return `${said.join(", ")} ${down.length === 1 ? "does" : "do"} not work; the other links carry on.`;
}

/** What its row says: a link that is down does not hide behind those that carry. */
export function described(agent: Agent, agents: readonly Agent[]): Description {
  const is = describe(agent, agents);
  const down = agent.traffic?.linksDown ?? [];
  return trouble(agent, agents) === undefined
    ? is
    : { ...is, tone: "wait", word: `${is.word}, ${down.length} ${down.length === 1 ? "link" : "links"} down` };
}

export function clientsOf(server: Agent, agents: readonly Agent[]): Agent[] {
  return agents.filter((agent) => agent.server === server.id);
}

/** Clients that could be at work, had they a server. */
export function homeless(agents: readonly Agent[]): Agent[] {
  const servers = new Set(agents.filter(({ role }) => role === "server").map(({ id }) => id));
  return agents.filter(({ role, state, server }) => {
    return role === "client" && state === "active" && (server === null || !servers.has(server));
  });
}

/** What an agent makes of its configuration. */
export function describeConfiguration(configuration: AgentDetail["configuration"]): Description {
  if (configuration === null) {
    return { tone: "off", word: "none", sentence: "It has no configuration yet." };
  }
  const { revision, state, reason } = configuration;
  const why = reason === "" ? "" : `: ${reason}`;
  switch (state) {
    case "pending":
      return { tone: "wait", word: state, sentence: `Revision ${revision} waits until the agent connects.` };
    case "sent":
      return { tone: "wait", word: state, sentence: `Revision ${revision} is on its way to the agent.` };
    case "provisional":
      return { tone: "wait", word: state, sentence: `Revision ${revision} is in use and has to prove itself.` };
    case "applied":
      return { tone: "ok", word: state, sentence: `Revision ${revision} is in force.` };
    case "rejected":
      return { tone: "bad", word: state, sentence: `The agent did not take revision ${revision}${why}.` };
    case "rolled back":
      return {
        tone: "bad",
        word: state,
        sentence: `Revision ${revision} did not work${why}. The one before is in force again.`,
      };
    case "superseded":
      return { tone: "off", word: state, sentence: `A newer revision took the place of ${revision}.` };
  }
}

/** What wants somebody's attention: approvals first, then what is wrong, then links; servers before clients. */
export function problems(agents: readonly Agent[]): Agent[] {
  const rank = (agent: Agent): number =>
    ["wait", "bad", "ok"].indexOf(describe(agent, agents).tone) * 2 + (agent.role === "server" ? 0 : 1);
  return agents
    .filter((agent) => ["bad", "wait"].includes(described(agent, agents).tone))
    .map((agent) => ({ agent, rank: rank(agent) }))
    .sort((one, other) => one.rank - other.rank || BY_NAME.compare(one.agent.name, other.agent.name))
    .map(({ agent }) => agent);
}

/** As `localeCompare`, which would make one for each comparison. */
const BY_NAME = new Intl.Collator();

/** Agents that contain every word of a text in what is shown of them. */
export function matching(agents: readonly Agent[], text: string): Agent[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return agents.filter((agent) => {
    if (words.length === 0) {
      return true;
    }
    const { name, version, addresses, endpoints, tags } = agent;
    const shown = [name, described(agent, agents).word, version, ...addresses, ...endpoints, ...tags]
      .join(" ")
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}
