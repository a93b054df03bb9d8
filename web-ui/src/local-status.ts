// What an agent says of itself, in the words of the console. Pure.
import type { Schema } from "./api";
import type { Tone } from "./fleet";
import { withMoment, type Tracks } from "./series";

type Event = Schema<"Event">;
type Moment = Schema<"Moment">;

/** As much of a link as `onebox.stats/1` tells. */
export interface SampledLink {
  readonly name: string;
  readonly state: string;
  readonly rxBitsPerSecond: number | null;
  readonly txBitsPerSecond: number | null;
  readonly srttSeconds: number | null;
  readonly jitterSeconds: number | null;
  readonly lossRatio: number | null;
}

/** What `onebox.status/1` tells beyond. */
export type StatusLink = SampledLink & Schema<"LinkUse">;

/** A line of `GET /v1/stats?last=…`. */
export interface Sampled {
  readonly time: string;
  readonly state: string;
  readonly links: readonly SampledLink[];
}

export interface Problem {
  readonly code: string;
  readonly link: string | null;
  readonly severity: "critical" | "warning" | "info";
  readonly message: string;
  readonly hint: string;
}

/** `GET /v1/status`. */
export interface Status {
  readonly time: string;
  readonly state: "up" | "connecting" | "down";
  readonly problems: readonly Problem[];
  readonly bond: {
    readonly peer: string;
    readonly endpoint: string | null;
    readonly since: string | null;
    readonly mode: string;
    readonly mtu: number | null;
    readonly lostPackets: number | null;
    readonly repairedPackets: number | null;
    readonly reorderedPackets: number | null;
    readonly droppedPackets: Readonly<Record<string, number>>;
  };
  readonly links: readonly StatusLink[];
  readonly control: {
    readonly state: string;
    readonly configRevision: number | null;
    readonly configState: string | null;
  };
}

export function toneOfProblem({ severity }: Problem): Tone {
  return severity === "info" ? "wait" : "bad";
}

function linkNow(link: SampledLink, use: Schema<"LinkUse"> | null): Schema<"LinkNow"> {
  return {
    name: link.name,
    state: link.state,
    rxBitsPerSecond: link.rxBitsPerSecond ?? 0,
    txBitsPerSecond: link.txBitsPerSecond ?? 0,
    rttMinSeconds: link.srttSeconds,
    rttSeconds: link.srttSeconds,
    rttMaxSeconds: link.srttSeconds,
    jitterSeconds: link.jitterSeconds,
    lossRatio: link.lossRatio,
    use,
  };
}

/** A status, as the stream of a controller would tell it. */
export function momentOf({ time, links }: Status): Moment {
  return { time, seconds: 1, links: links.map((link) => linkNow(link, link)) };
}

/** The seconds that an agent has kept, oldest first. */
export function tracksOf(samples: readonly Sampled[]): Tracks {
  return samples.reduce<Tracks>(
    (tracks, { time, links }) =>
      withMoment(tracks, { time, seconds: 1, links: links.map((link) => linkNow(link, null)) }),
    new Map(),
  );
}

const CARRIES = "usable";

/** The links that began or ceased to carry between two samples. `number` counts on from the events known before. */
export function changes(before: Sampled, after: Sampled, number: number): Event[] {
  const carried = new Map(before.links.map(({ name, state }) => [name, state === CARRIES]));
  const now = new Map(after.links.map((link) => [link.name, link]));
  return [...new Set([...carried.keys(), ...now.keys()])]
    .filter((name) => (carried.get(name) ?? false) !== (now.get(name)?.state === CARRIES))
    .map((name, index) => {
      const link = now.get(name);
      const why = link !== undefined && "reasonUnused" in link ? (link as StatusLink).reasonUnused : null;
      const kind = link?.state === CARRIES ? "link.up" : "link.down";
      return { number: number + index + 1, time: after.time, agent: "", kind, link: name, detail: why ?? "" };
    });
}
