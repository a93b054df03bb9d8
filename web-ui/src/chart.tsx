// A picture of one measure over time: uPlot with our colours, axes and dashes.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { theme } from "./theme";

/** Colours and dashes that can be told apart. */
export const MOST_LINES = 8;

/** Room for the numbers beside the picture, and at its other side. */
export const LEFT = 76;
export const RIGHT = 10;
/** Half of how wide a character on the axis of time is, at most. */
const HALF_CHARACTER = 3.4;

const HEIGHT = 150;
const TICK_GAP = 90;
const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3]];
const MARK_DASH = 3;

/** Seconds between two labels of the axis. */
const MINUTES = [1, 2, 5, 10, 15, 30];
const HOURS = [1, 2, 3, 6, 12];
const DAYS = [1, 2, 4, 7, 14, 30, 60, 90];
const STEPS = [
  ...MINUTES,
  ...MINUTES.map((minutes) => 60 * minutes),
  ...HOURS.map((hours) => 3_600 * hours),
  ...DAYS.map((days) => 86_400 * days),
];

export interface Shape {
  readonly title: string;
  readonly names: readonly string[];
  /** Of each, the number of its colour. */
  readonly places: readonly number[];
  /** Of every link, once or with its mirror below. */
  readonly rows: readonly (readonly (number | null)[])[];
  /** Fills between the lines, which lie on top of each other. */
  readonly isStacked: boolean;
  readonly text: (value: number) => string;
  /** The top of an empty picture. */
  readonly least: number;
}

export interface Axis {
  readonly times: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Times of what happened, drawn through all pictures. */
  readonly marks: readonly number[];
}

/** The colour that a class of the style sheet gives, as a canvas wants it. */
function colours(place: HTMLElement, classes: readonly string[]): string[] {
  const probe = document.createElement("i");
  place.append(probe);
  const found = classes.map((name) => {
    probe.className = name;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

function faded(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.22)");
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function ticks(times: readonly number[], step: number): string[] {
  const format = step >= 43_200 ? DAY : step >= 60 ? CLOCK : SECONDS;
  return times.map((time) => format.format(time * 1000));
}

/** What the theme says now; kept, because a style is slow to ask for. */
interface Inks {
  lines: string[];
  text: string;
  grid: string;
  mark: string;
}

interface Hooks {
  readonly inks: () => Inks;
  readonly marks: () => readonly number[];
  readonly moved: (index: number | undefined) => void;
  readonly drawn: () => void;
}

function options(shape: Shape, width: number, { inks, marks, moved, drawn }: Hooks): uPlot.Options {
  const of = (index: number) => index % shape.names.length;
  const line = (index: number): uPlot.Series => ({
    stroke: () => inks().lines[of(index)] ?? "",
    width: 1.6,
    dash: DASHES[Math.floor((shape.places[of(index)] ?? 0) / 2) % DASHES.length] ?? [],
    points: { show: false },
    ...(shape.isStacked && of(index) === 0 ? { fill: () => faded(inks().lines[0] ?? ""), fillTo: () => 0 } : {}),
  });
  const band = (index: number): uPlot.Band => ({
    series: [index + 1, index],
    fill: () => faded(inks().lines[of(index)] ?? ""),
    dir: index < shape.names.length ? -1 : 1,
  });
  const indices = shape.rows.map((_, index) => index);
  const axis: uPlot.Axis = {
    font: "12px system-ui, sans-serif",
    stroke: () => inks().text,
    grid: { stroke: () => inks().grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { setScale: false, x: false, y: false },
      sync: { key: "traffic", setSeries: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: false, auto: false },
      y: { range: (_, low, high) => [Math.min(1.1 * (low ?? 0), 0), Math.max(1.1 * (high ?? 0), shape.least)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: TICK_GAP,
        incrs: STEPS,
        values: (plot, at, _i, _s, step) => whole(plot, at, ticks(at, step)),
      },
      { ...axis, size: LEFT, space: 32, values: (_, at) => at.map((value) => shape.text(Math.abs(value))) },
    ],
    series: [{}, ...indices.map(line)],
    bands: shape.isStacked ? indices.filter((index) => of(index) > 0).map(band) : [],
    hooks: {
      draw: [(plot) => drawMarks(plot, inks().mark, marks()), drawn],
      setCursor: [(plot) => moved(plot.cursor.idx ?? undefined)],
    },
  };
}

/** Leaves out what the right edge would cut. */
function whole(plot: uPlot, at: readonly number[], texts: readonly string[]): string[] {
  const edge = plot.width - LEFT;
  return texts.map((text, index) =>
    plot.valToPos(at[index] ?? 0, "x") + HALF_CHARACTER * text.length > edge ? "" : text,
  );
}

function drawMarks({ ctx, bbox, valToPos }: uPlot, colour: string, marks: readonly number[]): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([MARK_DASH * devicePixelRatio, MARK_DASH * devicePixelRatio]);
  for (const mark of marks) {
    const x = Math.round(valToPos(mark, "x", true));
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
  }
  ctx.restore();
}

const waiting = new Set<() => void>();

/** Draws one picture after the other, so that the browser can do something else in between. The answer calls it off. */
function inTurn(draw: () => void): () => void {
  waiting.add(draw);
  if (waiting.size === 1) {
    setTimeout(drawNext);
  }
  return () => waiting.delete(draw);
}

function drawNext(): void {
  const [draw] = waiting;
  if (draw === undefined) {
    return; // It was called off.
  }
  waiting.delete(draw);
  if (waiting.size > 0) {
    setTimeout(drawNext);
  }
  draw();
}

/** Draws; what is said of it for those who do not see it stands beside it. */
export function Chart(props: {
  shape: Shape;
  axis: Axis;
  ready: (plot: uPlot | undefined) => void;
  moved: (index: number | undefined) => void;
  drawn?: (() => void) | undefined;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const newest = useRef(props);
  newest.current = props;
  const lines = props.shape.rows.length;
  useEffect(() => {
    const at = place.current;
    if (at === null) {
      return undefined;
    }
    const inks: Inks = { lines: [], text: "", grid: "", mark: "" };
    const dye = () => {
      const classes = newest.current.shape.places.map((place) => `line-${place}`);
      const [text, grid, mark, ...rest] = colours(at, ["ink-text", "ink-grid", "ink-mark", ...classes]);
      Object.assign(inks, { text, grid, mark, lines: rest });
      plot.current?.redraw(false);
    };
    dye();
    const hooks: Hooks = {
      inks: () => inks,
      marks: () => newest.current.axis.marks,
      moved: (index) => newest.current.moved(index),
      drawn: () => newest.current.drawn?.(),
    };
    const made = new uPlot(options(newest.current.shape, at.clientWidth, hooks), dataOf(newest.current), at);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: at.clientWidth, height: HEIGHT }));
    sizes.observe(at);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", dye);
    const stop = theme.subscribe(dye);
    newest.current.ready(made);
    return () => {
      newest.current.ready(undefined);
      stop();
      dark.removeEventListener("change", dye);
      sizes.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [lines, props.shape.names.join(" ")]);
  useEffect(
    () =>
      inTurn(() =>
        plot.current?.batch((chart: uPlot) => {
          chart.setData(dataOf(newest.current), false);
          chart.setScale("x", { min: props.axis.from, max: props.axis.to });
        }),
      ),
    [props.axis, props.shape],
  );
  return <div class="chart" ref={place} aria-hidden="true" />;
}

function dataOf({ axis, shape }: { axis: Axis; shape: Shape }): uPlot.AlignedData {
  return [axis.times as number[], ...(shape.rows as (number | null)[][])];
}
