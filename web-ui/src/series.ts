// What links carried over time, from the history and from the stream, as columns to be drawn. Pure.
import type { Schema } from "./api";
import { milliseconds, percent, rate } from "./units";

/** What a link carried from `time` on, for `span` seconds. What was not measured is null. */
export interface Point {
  readonly time: number;
  readonly span: number;
  readonly rx: number;
  readonly tx: number;
  readonly rttMin: number | null;
  readonly rtt: number | null;
  readonly rttMax: number | null;
  readonly jitter: number | null;
  readonly loss: number | null;
}

/** The points of each link, oldest first. */
export type Tracks = ReadonlyMap<string, readonly Point[]>;

export interface Range {
  readonly text: string;
  readonly seconds: number;
  /** Of a slot that is asked for. */
  readonly step: number;
}

export const RANGES: readonly [Range, ...Range[]] = [
  { text: "2 min", seconds: 120, step: 10 },
  { text: "15 min", seconds: 900, step: 10 },
  { text: "6 h", seconds: 21_600, step: 60 },
  { text: "48 h", seconds: 172_800, step: 300 },
  { text: "14 d", seconds: 1_209_600, step: 3_600 },
  { text: "400 d", seconds: 34_560_000, step: 86_400 },
];

/** How long single seconds are kept. */
export const LIVE_SECONDS = 900;

/** Whether a range is drawn a second at a time. */
export function isLive(range: Range): boolean {
  return range.seconds <= LIVE_SECONDS;
}

/** The answer of `/agents/{id}/stats`. */
export function ofHistory(stats: Schema<"AgentStats">): Tracks {
  const at = (name: string): number => stats.columns.indexOf(name);
  const [time, rx, tx] = ["time", "rxBitsPerSecond", "txBitsPerSecond"].map(at);
  const [rttMin, rtt, rttMax] = ["rttMinSeconds", "rttSeconds", "rttMaxSeconds"].map(at);
  const [jitter, loss] = ["jitterSeconds", "lossRatio"].map(at);
  const point = (row: readonly unknown[], span: number): Point => {
    const value = (index: number | undefined): number | null => (row[index ?? -1] as number | null | undefined) ?? null;
    return {
      time: Date.parse(String(row[time ?? 0])) / 1000,
      span,
      rx: value(rx) ?? 0,
      tx: value(tx) ?? 0,
      rttMin: value(rttMin),
      rtt: value(rtt),
      rttMax: value(rttMax),
      jitter: value(jitter),
      loss: value(loss),
    };
  };
  return new Map(stats.links.map((link) => [link.name, link.rows.map((row) => point(row, link.stepSeconds))]));
}

/** Adds what the stream has told. A summary says nothing new after its single seconds. */
export function withMoment(tracks: Tracks, moment: Schema<"Moment">): Tracks {
  const end = Date.parse(moment.time) / 1000;
  const time = moment.seconds > 1 ? end - moment.seconds : end;
  const result = new Map(tracks);
  for (const link of moment.links) {
    const known = tracks.get(link.name) ?? [];
    if ((known.at(-1)?.time ?? 0) < time) {
      const point: Point = {
        time,
        span: moment.seconds,
        rx: link.rxBitsPerSecond,
        tx: link.txBitsPerSecond,
        rttMin: link.rttMinSeconds,
        rtt: link.rttSeconds,
        rttMax: link.rttMaxSeconds,
        jitter: link.jitterSeconds,
        loss: link.lossRatio,
      };
      const first = known.findIndex((old) => old.time >= time - LIVE_SECONDS);
      result.set(link.name, [...(first < 0 ? [] : known.slice(first)), point]);
    }
  }
  return result;
}

/** The history, and where single seconds begin, those; nothing older than `from`. */
export function joined(history: Tracks, live: Tracks, from: number): Tracks {
  const result = new Map<string, Point[]>();
  for (const name of [...new Set([...history.keys(), ...live.keys()])].sort()) {
    const seconds = live.get(name) ?? [];
    const begin = seconds[0]?.time ?? Infinity;
    const older = (history.get(name) ?? []).filter((point) => point.time + point.span / 2 < begin);
    result.set(
      name,
      [...older, ...seconds].filter((point) => point.time + point.span >= from),
    );
  }
  return result;
}

/** The links that carried most, in the order of their names: so many can be told apart in a picture. */
export function busiest(tracks: Tracks, most: number): string[] {
  const carried = (points: readonly Point[]): number =>
    points.reduce((sum, point) => sum + (point.rx + point.tx) * point.span, 0);
  return [...tracks]
    .map(([name, points]) => ({ name, carried: carried(points) }))
    .sort((one, other) => other.carried - one.carried)
    .slice(0, most)
    .map(({ name }) => name)
    .sort();
}

type Column = (number | null)[];

/** Times, and for each link a row that is null where nothing was measured. */
export interface Grid {
  readonly times: number[];
  readonly rows: ReadonlyMap<string, readonly (Point | null)[]>;
}

/** All links on one axis. Between points that are far apart there is a hole, so that no line is drawn across it. */
export function grid(tracks: Tracks, names: readonly string[]): Grid {
  const spans = new Map<number, number>();
  for (const name of names) {
    for (const { time, span } of tracks.get(name) ?? []) {
      spans.set(time, Math.max(span, spans.get(time) ?? 0));
    }
  }
  const measured = [...spans.keys()].sort((one, other) => one - other);
  const times = measured.flatMap((time, index) => {
    const next = measured[index + 1];
    const span = spans.get(time) ?? 0;
    const isHole = next !== undefined && next - time > 2.5 * Math.max(span, spans.get(next) ?? 0);
    return isHole ? [time, time + span] : [time];
  });
  const place = new Map(times.map((time, index) => [time, index]));
  const rows = new Map<string, (Point | null)[]>();
  for (const name of names) {
    const row = new Array<Point | null>(times.length).fill(null);
    tracks.get(name)?.forEach((point) => (row[place.get(point.time) ?? 0] = point));
    rows.set(name, row);
  }
  return { times, rows };
}

/** One value of every link. */
export function columns(from: Grid, names: readonly string[], value: (point: Point) => number | null): Column[] {
  return names.map((name) => (from.rows.get(name) ?? []).map((point) => (point === null ? null : value(point))));
}

/** Each link on top of the ones before it. */
export function stacked(rows: readonly Column[]): Column[] {
  const result: Column[] = [];
  for (const row of rows) {
    const below = result.at(-1);
    result.push(
      row.map((value, index) => {
        const under = below?.[index] ?? null;
        return value === null ? under : value + (under ?? 0);
      }),
    );
  }
  return result;
}

/** The picture in a sentence. */
export function summary(tracks: Tracks, range: Range): string {
  const parts: string[] = [];
  let rx = 0;
  let tx = 0;
  for (const [name, points] of tracks) {
    const last = points.at(-1);
    if (last === undefined) {
      continue;
    }
    const seconds = points.reduce((sum, point) => sum + point.span, 0);
    rx += points.reduce((sum, point) => sum + point.rx * point.span, 0) / seconds;
    tx += points.reduce((sum, point) => sum + point.tx * point.span, 0) / seconds;
    const losses = points.flatMap((point) => point.loss ?? []);
    const said = [
      ...(last.rtt === null ? [] : [`round trip ${milliseconds(last.rtt)}`]),
      ...(losses.length === 0 ? [] : [`loss at most ${percent(Math.max(...losses))}`]),
    ];
    parts.push(...(said.length === 0 ? [] : [`${name}: ${said.join(", ")}`]));
  }
  if ([...tracks.values()].every((points) => points.length === 0)) {
    return `Nothing was measured in the last ${range.text}.`;
  }
  const links = parts.length === 0 ? "" : ` ${parts.join("; ")}.`;
  return `In the last ${range.text}, on average ${rate(rx)} received and ${rate(tx)} sent.${links}`;
}

/** At most so many times, evenly chosen, the newest first. */
export function chosen(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most));
  const indices: number[] = [];
  for (let index = count - 1; index >= 0; index -= every) {
    indices.push(index);
  }
  return indices;
}
