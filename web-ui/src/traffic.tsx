// The traffic of an agent: four pictures on one axis of time, what happened on the same axis, and all of it in words
// and numbers.
import { useComputed, useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Revision } from "./api";
import { Chart, MOST_LINES, type Axis, type Shape } from "./chart";
import { Choice, Empty, Failure, Section, Skeleton } from "./components";
import { timeline, type Happening } from "./events";
import { LinkCards, type Settable } from "./links";
import { RANGES, busiest, columns, grid, stacked, summary } from "./series";
import type { Grid, Point, Range, Tracks } from "./series";
import { clock, date } from "./time";
import { Strip, WhatHappened } from "./timeline";
import type { Feed } from "./traffic-feed";
import { TrafficTable } from "./traffic-table";
import { milliseconds, percent, rate } from "./units";

/** What is shown: it stands still while somebody has paused it. */
export interface View {
  readonly range: Range;
  readonly tracks: Tracks;
  readonly names: readonly string[];
  readonly grid: Grid;
  readonly axis: Axis;
  readonly shapes: readonly Shape[];
  readonly happenings: readonly Happening[];
}

const MARKS = 60;

/** What is measured of links; a server, whose lines are clients, has throughput alone. */
function shapes(of: Grid, names: readonly string[], places: readonly number[]): Shape[] {
  const rows = (value: (point: Point) => number | null) => columns(of, names, value);
  const line = (title: string, value: (point: Point) => number | null, text: Shape["text"], least: number): Shape => ({
    title,
    names,
    places,
    rows: rows(value),
    isStacked: false,
    text,
    least,
  });
  return [
    {
      title: "Throughput, received above and sent below",
      names,
      places,
      rows: [...stacked(rows((point) => point.rx)), ...stacked(rows((point) => -point.tx))],
      isStacked: true,
      text: rate,
      least: 100_000,
    },
    line("Round trip", (point) => point.rtt, milliseconds, 0.01),
    line("Jitter", (point) => point.jitter, milliseconds, 0.005),
    line("Loss", (point) => point.loss, percent, 0.01),
  ].filter(({ isStacked, rows: all }) => isStacked || all.some((row) => row.some((value) => value !== null)));
}

function view(feed: Feed, revisions: readonly Revision[], isolated: string | undefined): View {
  const range = feed.range.value;
  const tracks = feed.tracks.value;
  const to = feed.end.value;
  const from = to - range.seconds;
  const names = busiest(tracks, MOST_LINES);
  const drawn = isolated !== undefined && names.includes(isolated) ? [isolated] : names;
  const all = grid(tracks, names);
  const happenings = timeline(feed.events.value, revisions, from);
  return {
    range,
    tracks,
    names,
    grid: all,
    axis: { times: all.times, from, to, marks: happenings.slice(0, MARKS).map(({ time }) => time) },
    shapes: shapes(
      all,
      drawn,
      drawn.map((name) => names.indexOf(name)),
    ),
    happenings,
  };
}

export function TrafficOf(props: {
  feed: Feed;
  ranges: readonly Range[];
  /** What its links are called. */
  links: string;
  settable?: Settable | undefined;
  isStale: boolean;
  revisions: readonly Revision[];
  /** Why there may be nothing to show. */
  nothing: string;
}) {
  const { feed, ranges, revisions } = props;
  useEffect(() => feed.watch(), [feed]);
  const isolated = useSignal<string | undefined>(undefined);
  const paused = useSignal<View | undefined>(undefined);
  const isTable = useSignal(false);
  const told = useSignal(revisions);
  told.value = revisions;
  const current = useComputed(() => paused.value ?? view(feed, told.value, isolated.value));
  const cursor = useSignal<number | undefined>(undefined);
  const pause = () => (paused.value = paused.value === undefined ? current.value : undefined);
  const shown = current.value;
  const links = feed.newest.value?.links ?? [];
  return (
    <>
      <Section title="Traffic" aside={<Status feed={feed} isPaused={paused.value !== undefined} />}>
        <div class="panel traffic">
          <div class="controls">
            <Choice
              label="Time shown"
              value={shown.range.text}
              of={ranges.map(({ text }) => [text, text] as const)}
              onPick={(text) => {
                paused.value = undefined;
                feed.pick(ranges.find((range) => range.text === text) ?? RANGES[0]);
              }}
            />
            <div class="buttons">
              <button type="button" class="plain" aria-pressed={paused.value !== undefined} onClick={pause}>
                Pause
              </button>
              <button
                type="button"
                class="plain"
                aria-pressed={isTable.value}
                onClick={() => (isTable.value = !isTable.value)}
              >
                Table
              </button>
            </div>
          </div>
          <Body feed={feed} view={shown} cursor={cursor} pause={pause} nothing={props.nothing} />
          {isTable.value && <TrafficTable view={shown} />}
        </div>
      </Section>
      <LinkCards
        title={props.links}
        settable={props.settable}
        links={links}
        names={shown.names}
        isolated={isolated}
        isStale={props.isStale}
      />
      <WhatHappened of={shown.happenings} range={shown.range} goTo={(time) => goTo(shown, cursor, time)} />
    </>
  );
}

function goTo(shown: View, cursor: Signal<number | undefined>, time: number): void {
  const after = shown.grid.times.findIndex((each) => each >= time);
  cursor.value = after < 0 ? shown.grid.times.length - 1 : after;
  document.querySelector<HTMLElement>("figure.charts")?.focus();
}

function Status({ feed, isPaused }: { feed: Feed; isPaused: boolean }) {
  const moment = feed.newest.value;
  const text = isPaused
    ? "paused"
    : moment === undefined
      ? "no sample yet"
      : feed.isQuiet.value
        ? `no sample since ${clock(Date.parse(moment.time))}`
        : moment.seconds === 1
          ? "live, a sample a second"
          : "live, a sample every ten seconds";
  return <span class="hint number">{text}</span>;
}

function Body(props: {
  feed: Feed;
  view: View;
  cursor: Signal<number | undefined>;
  pause: () => void;
  nothing: string;
}) {
  const { feed, view: shown } = props;
  const isEmpty = shown.grid.times.length === 0;
  if (isEmpty && feed.failure.value !== undefined) {
    return <Failure of={feed.failure.value} retry={() => feed.retry()} />;
  }
  if (isEmpty && !feed.isLoaded.value) {
    return <Skeleton />;
  }
  return isEmpty ? (
    <Empty title={`Nothing was measured in the last ${shown.range.text}`}>
      <p>{props.nothing}</p>
    </Empty>
  ) : (
    <Charts view={shown} cursor={props.cursor} pause={props.pause} />
  );
}

const KEYS: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  PageUp: (at) => at - 10,
  PageDown: (at) => at + 10,
  Home: () => 0,
  End: (_, last) => last,
};

function Charts({ view: shown, cursor, pause }: { view: View; cursor: Signal<number | undefined>; pause: () => void }) {
  const plots = useRef<(uPlot | undefined)[]>([]);
  const figure = useRef<HTMLElement>(null);
  const last = shown.grid.times.length - 1;
  const move = (index: number | undefined) => {
    cursor.value = index === undefined ? undefined : Math.max(0, Math.min(last, index));
  };
  useEffect(() => {
    const time = shown.grid.times[cursor.value ?? -1];
    for (const plot of plots.current) {
      const left = time === undefined ? -10 : (plot?.valToPos(time, "x") ?? -10);
      if (plot !== undefined && Math.abs((plot.cursor.left ?? -10) - left) > 1) {
        plot.setCursor({ left, top: time === undefined ? -10 : 1 }, false);
      }
    }
  }, [cursor.value]);
  // Says what the pictures have come to: the browser's test measures how old a sample is when it is drawn.
  const drawn = () => {
    const newest = Math.round(1000 * (shown.grid.times[last] ?? 0));
    figure.current?.setAttribute("data-newest", String(newest));
  };
  const press = (event: KeyboardEvent) => {
    const next = KEYS[event.key];
    if (event.target !== figure.current) {
      return;
    }
    if (next !== undefined) {
      move(next(cursor.value ?? last + 1, last));
    } else if (event.key === "Escape") {
      move(undefined);
    } else if (event.key === " ") {
      pause();
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <figure
      class="charts"
      ref={figure}
      tabIndex={0}
      aria-label="Charts"
      aria-describedby="keys"
      onKeyDown={press}
    >
      {shown.shapes.map((shape, index) => (
        <div key={shape.title}>
          <h3>{shape.title}</h3>
          <Chart
            shape={shape}
            axis={shown.axis}
            ready={(plot) => (plots.current[index] = plot)}
            moved={move}
            drawn={index === shown.shapes.length - 1 ? drawn : undefined}
          />
        </div>
      ))}
      <Strip axis={shown.axis} of={shown.happenings} goTo={(time) => goTo(shown, cursor, time)} />
      <figcaption>
        <p>{summary(shown.tracks, shown.range)}</p>
        <p class="readout" aria-live="polite">
          {readout(shown, cursor.value)}
        </p>
        <p class="hint" id="keys">
          Arrows, Page Up, Page Down, Home and End move through time; Escape lets go; Space pauses.
        </p>
      </figcaption>
    </figure>
  );
}

/** What was at one time, in words. */
function readout({ grid: of, names, range }: View, index: number | undefined): string {
  const time = of.times[index ?? -1];
  if (time === undefined) {
    return "";
  }
  const parts = names.flatMap((name) => {
    const point = of.rows.get(name)?.[index ?? -1] ?? null;
    return point === null
      ? []
      : [
          `${name} ↓ ${rate(point.rx)} ↑ ${rate(point.tx)}, round trip ${milliseconds(point.rtt)},` +
            ` jitter ${milliseconds(point.jitter)}, loss ${percent(point.loss)}`,
        ];
  });
  const at = range.seconds > 21_600 ? date(new Date(time * 1000).toISOString()) : clock(time * 1000);
  return `${at}: ${parts.join(" · ") || "nothing was measured"}`;
}
