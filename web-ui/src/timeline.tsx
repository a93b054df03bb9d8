// What happened, below the pictures on their axis, and as a list.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { LEFT, RIGHT, type Axis } from "./chart";
import { Empty, Mark, Section } from "./components";
import type { Happening } from "./events";
import type { Range } from "./series";
import { clock, date } from "./time";

const HEIGHT = 22;
const MARK = 5;
const FIRST_SHOWN = 12;
const SHAPES = {
  ok: `M0 ${-MARK}a${MARK} ${MARK} 0 1 0 .01 0Z`,
  wait: `M0 ${-MARK}L${MARK} 0 0 ${MARK} ${-MARK} 0Z`,
  off: `M${-MARK} -2h${2 * MARK}v4h${-2 * MARK}Z`,
  bad: `M0 ${-MARK}L${MARK} ${MARK}H${-MARK}Z`,
};

/** Marks for the mouse; the list below says the same. */
export function Strip(props: { axis: Axis; of: readonly Happening[]; goTo: (time: number) => void }) {
  const svg = useRef<SVGSVGElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const sizes = new ResizeObserver(([entry]) => (width.value = entry?.contentRect.width ?? 0));
    sizes.observe(svg.current!);
    return () => sizes.disconnect();
  }, []);
  const { from, to } = props.axis;
  const inside = width.value - LEFT - RIGHT;
  return (
    <svg ref={svg} class="strip" height={HEIGHT} aria-hidden="true">
      <path class="rail-line" d={`M${LEFT} ${HEIGHT / 2}H${Math.max(LEFT, LEFT + inside)}`} />
      {props.of.map(({ key, time, tone, text }) => (
        <path
          key={key}
          class={`mark ${tone}`}
          d={SHAPES[tone]}
          transform={`translate(${(LEFT + (inside * (time - from)) / (to - from)).toFixed(1)} ${HEIGHT / 2})`}
          onClick={() => props.goTo(time)}
        >
          <title>{`${clock(time * 1000)} ${text}`}</title>
        </path>
      ))}
    </svg>
  );
}

export function WhatHappened(props: { of: readonly Happening[]; range: Range; goTo: (time: number) => void }) {
  const isAll = useSignal(false);
  const shown = isAll.value ? props.of : props.of.slice(0, FIRST_SHOWN);
  const isRecent = props.range.seconds <= 21_600;
  return (
    <Section title="What happened" aside={<span class="hint">in the last {props.range.text}</span>}>
      {props.of.length === 0 ? (
        <Empty title={`Nothing happened in the last ${props.range.text}`} />
      ) : (
        <ol class="happenings panel" reversed>
          {shown.map(({ key, time, tone, text }) => (
            <li key={key}>
              <Mark tone={tone} />
              <button type="button" class="link number" onClick={() => props.goTo(time)}>
                <time dateTime={new Date(time * 1000).toISOString()}>
                  {isRecent ? clock(time * 1000) : date(new Date(time * 1000).toISOString())}
                </time>
              </button>
              <span>{text}</span>
            </li>
          ))}
          {shown.length < props.of.length && (
            <li>
              <button type="button" class="plain" onClick={() => (isAll.value = true)}>
                Show all {props.of.length}
              </button>
            </li>
          )}
        </ol>
      )}
    </Section>
  );
}
