// A configuration as lines, and the difference between two.
import type { Schema } from "./api";

/** A document as lines of `table.key = value`, in the order of the document. */
export function lines(document: string): string[] {
  const found: string[] = [];
  walk("", JSON.parse(document) as unknown, found);
  return found;
}

function walk(path: string, value: unknown, into: string[]): void {
  if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
    value.forEach((item, index) => walk(`${path}[${index + 1}]`, item, into));
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      walk(path === "" ? key : `${path}.${key}`, inner, into);
    }
  } else {
    into.push(`${path} = ${JSON.stringify(value)}`);
  }
}

/**
 * How long a configuration that is on trial still has to prove itself, in seconds.
 *
 * @param sinceMs when it was first seen to be on trial, which is a little later than when that began
 */
export function trialLeft(document: string, sinceMs: number, nowMs: number): number | undefined {
  const { control } = JSON.parse(document) as { control?: { "confirm-seconds"?: number } };
  const seconds = control?.["confirm-seconds"];
  return seconds === undefined ? undefined : Math.max(0, Math.ceil(seconds - (nowMs - sinceMs) / 1000));
}

export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** What became of some lines: the longest common subsequence stays. */
export function difference(before: readonly string[], after: readonly string[]): DiffLine[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const young = after[j];
    if (old !== undefined && old === young) {
      result.push({ kind: "same", text: old });
      i++;
      j++;
    } else if (old !== undefined && (young === undefined || at(i + 1, j) >= at(i, j + 1))) {
      result.push({ kind: "removed", text: old });
      i++;
    } else if (young !== undefined) {
      result.push({ kind: "added", text: young });
      j++;
    }
  }
  return result;
}

/** Keys that change, as lines: the old value above the new one. */
export function changed(keys: readonly Schema<"KeyChange">[]): DiffLine[] {
  return keys.flatMap(({ path, before, after }) => [
    ...(before === null ? [] : [{ kind: "removed" as const, text: `${path} = ${before}` }]),
    ...(after === null ? [] : [{ kind: "added" as const, text: `${path} = ${after}` }]),
  ]);
}
