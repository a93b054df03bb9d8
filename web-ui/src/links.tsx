// The links of an agent: what each carries, how it is used, and why it is not.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Empty, Facts, Section, State } from "./components";
import { setText, toneOf, wordOf, type LinkNow, type LinkSettings } from "./link-words";
import { milliseconds, percent, rate } from "./units";

/** What somebody has set of links, and how it is changed. */
export interface Settable {
  readonly of: readonly LinkSettings[];
  /** Of a link, or of one that is not listed yet; nothing for those who may only look. */
  readonly button: (link: LinkNow | string | undefined) => ComponentChildren;
}

export function LinkCards(props: {
  title: string;
  settable?: Settable | undefined;
  links: readonly LinkNow[];
  /** In the pictures, in the order of their colours. */
  names: readonly string[];
  isolated: Signal<string | undefined>;
  isStale: boolean;
}) {
  const { links, names, isolated, settable } = props;
  const unseen = (settable?.of ?? []).filter((set) => links.every(({ name }) => name !== set.interface));
  return (
    <Section title={props.title} aside={settable?.button(undefined)}>
      {links.length + unseen.length === 0 ? (
        <Empty title={`No ${props.title.toLowerCase()} yet`} />
      ) : (
        <>
          {props.isStale && links.length > 0 && <p>This was the last it said.</p>}
          <ul class={`cards links ${props.isStale ? "old" : ""}`}>
            {links.map((link) => (
              <li class="panel" key={link.name}>
                <div class="link-head">
                  <Name link={link} place={names.indexOf(link.name)} isolated={isolated} />
                  <State is={{ tone: toneOf(link), word: wordOf(link) }} />
                </div>
                <Facts of={[...facts(link), ...setHere(settable, link.name)]} />
                {settable?.button(link)}
              </li>
            ))}
            {unseen.map((set) => (
              <li class="panel" key={set.interface}>
                <div class="link-head">
                  <strong>{set.interface}</strong>
                  <State is={{ tone: "off", word: "not seen yet" }} />
                </div>
                <Facts of={setHere(settable, set.interface)} />
                {settable?.button(set.interface)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function setHere(settable: Settable | undefined, name: string): (readonly [string, ComponentChildren])[] {
  const set = settable?.of.find((link) => link.interface === name);
  return set === undefined ? [] : [["Set here", setText(set)]];
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

/** Both directions; a line is never broken within one. */
function both(down: number | null, up: number | null, none: string): ComponentChildren {
  const said = (value: number | null) => (value === null ? none : rate(value));
  return down === null && up === null ? (
    none
  ) : (
    <>
      <span class="whole">↓ {said(down)}</span> <span class="whole">↑ {said(up)}</span>
    </>
  );
}

function facts(link: LinkNow): (readonly [string, ComponentChildren])[] {
  const { use } = link;
  const measured: (readonly [string, ComponentChildren])[] = [
    ["Carries", both(link.rxBitsPerSecond, link.txBitsPerSecond, "nothing")],
    ...(link.rttSeconds === null
      ? []
      : [["Round trip", `${milliseconds(link.rttSeconds)}, jitter ${milliseconds(link.jitterSeconds)}`] as const]),
    ...(link.lossRatio === null ? [] : [["Loss", percent(link.lossRatio)] as const]),
  ];
  if (use === null) {
    return measured;
  }
  const why = toneOf(link) === "off" ? undefined : "why";
  const capacity = both(use.capacityRxBitsPerSecond, use.capacityTxBitsPerSecond, "not measured");
  return [
    ...(use.reasonUnused === null ? [] : [["Not used", <span class={why}>{use.reasonUnused}</span>] as const]),
    ...measured,
    ["Role", use.metered ? `${use.role}, metered` : use.role],
    ["Cap", both(use.downloadLimitBitsPerSecond, use.uploadLimitBitsPerSecond, "none")],
    ["Capacity", capacity],
    ["Address", use.address ?? "none"],
  ];
}
