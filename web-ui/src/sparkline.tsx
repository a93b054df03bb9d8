// A line without an axis: whether something flows, and whether it does as before.
const WIDTH = 96;
const HEIGHT = 20;
const POINTS = 12;

/** The line through values; the newest is at the right, the highest at the top. */
export function pathOf(values: readonly number[]): string {
  const highest = Math.max(1, ...values);
  return values
    .map((value, index) => {
      const x = WIDTH - 1 - ((values.length - 1 - index) * (WIDTH - 2)) / (POINTS - 1);
      const y = HEIGHT - 1 - (value / highest) * (HEIGHT - 2);
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/** For the eye only: the number stands beside it. */
export function Sparkline({ of }: { of: readonly number[] }) {
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={pathOf(of.slice(-POINTS))} />
    </svg>
  );
}
