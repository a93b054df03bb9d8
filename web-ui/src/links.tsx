// The links of an agent: what each carries, how it is used, and why it is not.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Empty, Facts, Section, State } from "./components";
import { bonding, toneOf, type LinkNow } from "./link-words";
import { milliseconds, percent, rate } from "./units";

export function LinkCards(props: {
  title: string;
  links: readonly LinkNow[];
  /** In the pictures, in the order of their colours. */
  names: readonly string[];
  isolated: Signal<string | undefined>;
  isStale: boolean;
}) {
  const { links, names, isolated } = props;
  return (
    <Section title={props.title}>
      {links.length === 0 ? (
        <Empty title={`No ${props.title.toLowerCase()} yet`} />
      ) : (
        <>
          <p>
            {bonding(links)}.{props.isStale && " That was the last it said."}
          </p>
          <ul class={`cards links ${props.isStale ? "old" : ""}`}>
            {links.map((link) => (
              <li class="panel" key={link.name}>
                <div class="link-head">
                  <Name link={link} place={names.indexOf(link.name)} isolated={isolated} />
                  <State is={{ tone: toneOf(link), word: link.use?.paused === true ? "paused" : link.state }} />
                </div>
                <Facts of={facts(link)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

/** Beside its colour; pressed, the pictures show it alone. */
function Name({ link, place, isolated }: { link: LinkNow; place: number; isolated: Signal<string | undefined> }) {
  const isAlone = isolated.value === link.name;
  if (place < 0) {
    return <strong>{link.name}</strong>;
  }
  return (
    <button
      type="button"
      class="plain swatch"
      aria-pressed={isAlone}
      aria-label={`${link.name}, alone in the charts`}
      onClick={() => (isolated.value = isAlone ? undefined : link.name)}
    >
      <svg class={`line-${place}`} viewBox="0 0 14 4" width="14" height="4" aria-hidden="true">
        <rect width="14" height="4" rx="2" />
      </svg>
      {link.name}
    </button>
  );
}

function both(down: number | null, up: number | null, none: string): string {
  const said = (value: number | null) => (value === null ? none : rate(value));
  return down === null && up === null ? none : `↓ ${said(down)} ↑ ${said(up)}`;
}

function facts({ use, ...link }: LinkNow): (readonly [string, ComponentChildren])[] {
  const measured: (readonly [string, ComponentChildren])[] = [
    ["Carries", `↓ ${rate(link.rxBitsPerSecond)} ↑ ${rate(link.txBitsPerSecond)}`],
    ["Round trip", `${milliseconds(link.rttSeconds)}, jitter ${milliseconds(link.jitterSeconds)}`],
    ["Loss", percent(link.lossRatio)],
  ];
  if (use === null) {
    return measured;
  }
  const capacity = both(use.capacityRxBitsPerSecond, use.capacityTxBitsPerSecond, "not measured");
  return [
    ...(use.reasonUnused === null ? [] : [["Not used", <span class="why">{use.reasonUnused}</span>] as const]),
    ...measured,
    ["Role", use.metered ? `${use.role}, metered` : use.role],
    ["Cap", both(use.downloadLimitBitsPerSecond, use.uploadLimitBitsPerSecond, "none")],
    ["Capacity", capacity],
    ["Address", use.address ?? "none"],
  ];
}
