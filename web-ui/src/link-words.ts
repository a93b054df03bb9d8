// What is to be said of links in plain words.
import type { Schema } from "./api";
import type { Tone } from "./fleet";

export type LinkNow = Schema<"LinkNow">;
export type LinkUse = Schema<"LinkUse">;
export type LinkSettings = Schema<"LinkSettings">;

const TONES: Record<string, Tone> = {
  usable: "ok",
  connected: "ok",
  validating: "wait",
  suspect: "wait",
  down: "bad",
  disconnected: "bad",
};

export function toneOf(link: LinkNow): Tone {
  const isMeant = link.use?.paused === true || link.use?.role === "never" || isStandby(link);
  return isMeant ? "off" : (TONES[link.state] ?? "off");
}

/** It works, and carries nothing as better ones suffice. */
function isStandby({ state, use }: LinkNow): boolean {
  return state === "usable" && typeof use?.reasonUnused === "string";
}

export function wordOf(link: LinkNow): string {
  return link.use?.paused === true ? "paused" : isStandby(link) ? "standby" : link.state;
}

/** How many links carry, and why the others do not. */
export function bonding(links: readonly LinkNow[]): string {
  const used = links.filter((link) => toneOf(link) === "ok");
  const others = new Map<string, string[]>();
  for (const link of links.filter((each) => toneOf(each) !== "ok")) {
    const why = link.use?.reasonUnused ? `not used: ${link.use.reasonUnused}` : link.state;
    others.set(why, [...(others.get(why) ?? []), link.name]);
  }
  const said = [...others].map(([why, names]) => `${and(names)} ${names.length === 1 ? "is" : "are"} ${why}`);
  return [`${used.length} of ${links.length} links in use`, ...said].join("; ");
}

function and(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** A cap as configurations write it. */
export function capText(bitsPerSecond: number | null): string {
  if (bitsPerSecond === null) {
    return "auto";
  }
  return bitsPerSecond >= 1e6 ? `${bitsPerSecond / 1e6}Mbit/s` : `${bitsPerSecond / 1e3}kbit/s`;
}

/** What was set of a link, in one line. */
export function setText({ role, metered, download, upload }: LinkSettings): string {
  const cap = (arrow: string, text: string) => (text === "auto" ? [] : [`${arrow} at most ${text}`]);
  return [role, ...(metered ? ["metered"] : []), ...cap("↓", download), ...cap("↑", upload)].join(", ");
}
