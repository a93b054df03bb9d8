// What is to be said of links in plain words.
import type { Schema } from "./api";
import type { Tone } from "./fleet";

export type LinkNow = Schema<"LinkNow">;

const TONES: Record<string, Tone> = {
  usable: "ok",
  connected: "ok",
  validating: "wait",
  suspect: "wait",
  down: "bad",
  disconnected: "bad",
};

export function toneOf(link: LinkNow): Tone {
  const isMeant = link.use?.paused === true || link.use?.role === "never";
  return isMeant ? "off" : (TONES[link.state] ?? "off");
}

/** How many links carry, and why the others do not. */
export function bonding(links: readonly LinkNow[]): string {
  const used = links.filter((link) => toneOf(link) === "ok");
  const why = ({ state, use }: LinkNow) => (use?.reasonUnused ? `is not used: ${use.reasonUnused}` : `is ${state}`);
  const others = links.filter((link) => toneOf(link) !== "ok").map((link) => `${link.name} ${why(link)}`);
  return [`${used.length} of ${links.length} in use`, ...others].join("; ");
}
