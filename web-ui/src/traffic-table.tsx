// The pictures as numbers.
import { chosen } from "./series";
import { clock, date } from "./time";
import type { View } from "./traffic";
import { milliseconds, percent, rate } from "./units";

const ROWS = 40;

export function TrafficTable({ view: { grid, names, range } }: { view: View }) {
  const said = range.seconds <= 21_600 ? clock : (ms: number) => date(new Date(ms).toISOString());
  return (
    <div class="table figures" tabIndex={0} role="group" aria-label="Traffic as a table">
      <table aria-label="Traffic">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Time
            </th>
            {names.map((name) => (
              <th scope="colgroup" colSpan={5} key={name}>
                {name}
              </th>
            ))}
          </tr>
          <tr>
            {names.flatMap((name) =>
              ["Received", "Sent", "Round trip", "Jitter", "Loss"].map((title) => (
                <th scope="col" key={`${name} ${title}`}>
                  {title}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {chosen(grid.times.length, ROWS).map((index) => (
            <tr key={grid.times[index]}>
              <th scope="row" class="number">
                {said(1000 * (grid.times[index] ?? 0))}
              </th>
              {names.flatMap((name) => {
                const point = grid.rows.get(name)?.[index] ?? null;
                return [
                  rate(point?.rx),
                  rate(point?.tx),
                  milliseconds(point?.rtt),
                  milliseconds(point?.jitter),
                  percent(point?.loss),
                ].map((text, column) => (
                  <td class="number" key={`${name} ${column}`}>
                    {text}
                  </td>
                ));
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
