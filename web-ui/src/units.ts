// Measured values as people read them. What was not measured is a dash.

const PREFIXES = ["", "k", "M", "G", "T"];
export const NOT_MEASURED = "–";

/** Three digits that count. */
function digits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** "12.3 Mbit/s", with 1000 bit in a kilobit. */
export function rate(bitsPerSecond: number | null | undefined): string {
  if (bitsPerSecond === null || bitsPerSecond === undefined) {
    return NOT_MEASURED;
  }
  let value = bitsPerSecond;
  let prefix = 0;
  while (value >= 999.5 && prefix < PREFIXES.length - 1) {
    value /= 1000;
    prefix++;
  }
  return prefix === 0 ? `${value.toFixed(0)} bit/s` : `${digits(value)} ${PREFIXES[prefix]}bit/s`;
}

export function milliseconds(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? NOT_MEASURED : `${digits(seconds * 1000)} ms`;
}

export function percent(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? NOT_MEASURED : ratio === 0 ? "0 %" : `${digits(ratio * 100)} %`;
}
