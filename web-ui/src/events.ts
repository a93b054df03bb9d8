// What happened to an agent, in plain words.
import type { Revision, Schema } from "./api";
import { describeConfiguration, type Tone } from "./fleet";

export interface Happening {
  readonly key: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly tone: Tone;
  readonly text: string;
}

const TEXTS: Record<string, readonly [Tone, string]> = {
  "link.up": ["ok", "{} carries traffic"],
  "link.down": ["bad", "{} carries no traffic any more"],
  "client.up": ["ok", "{} is connected"],
  "client.down": ["bad", "{} is not connected any more"],
  "tunnel.up": ["ok", "The tunnel is up"],
  "tunnel.down": ["bad", "The tunnel is down"],
  "agent.online": ["ok", "Connected to the controller"],
  "agent.duplicate": ["bad", "Two machines have this identity"],
  "agent.ahead": ["wait", "Has what the restored controller does not know"],
  "agent.flooding": ["bad", "Said too much and was disconnected"],
  "agent.offline": ["bad", "Not connected to the controller any more"],
};

function ofEvent(event: Schema<"Event">): Happening {
  const [tone, text] = TEXTS[event.kind] ?? ["off", `${event.kind} {}`];
  const why = event.detail === "" ? "" : `: ${event.detail}`;
  return {
    key: `event ${event.number}`,
    time: Date.parse(event.time) / 1000,
    tone,
    text: text.replace("{}", event.link) + why,
  };
}

function ofRevision(revision: Revision): Happening {
  const { tone, word } = describeConfiguration(revision);
  return {
    key: `revision ${revision.revision}`,
    time: Date.parse(revision.created) / 1000,
    tone: tone === "ok" ? "wait" : tone,
    text: `Configuration ${revision.revision} by ${revision.author}, ${word}`,
  };
}

/** Events and configurations since `from`, newest first. */
export function timeline(
  events: readonly Schema<"Event">[],
  revisions: readonly Revision[],
  from: number,
): Happening[] {
  return [...events.map(ofEvent), ...revisions.map(ofRevision)]
    .filter((happening) => happening.time >= from)
    .sort((one, other) => other.time - one.time);
}
