// Who did what, newest first.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { get, type Schema } from "./api";
import { Empty, Loaded, Page, Time, Table } from "./components";
import { fleet } from "./fleet";
import { Live, useLive } from "./live";
import { Action } from "./saying";

type Line = Schema<"AuditLine">;

const EVERY_MS = 10_000;

export function AuditPage() {
  const newest = useLive(useMemo(() => new Live(() => get("/audit"), EVERY_MS), []));
  const older = useSignal<readonly Schema<"AuditPage">[]>([]);
  const filter = useSignal("");
  useEffect(() => {
    older.value = [];
  }, [newest]);
  return (
    <Page title="Audit" lead="Every line has the hash of the one before: none can be changed without showing here.">
      <Loaded from={newest}>
        {(page) => {
          const pages = [page, ...older.value];
          const lines = unique(pages.flatMap((each) => each.items)).filter((line) => contains(line, filter.value));
          const broken = pages.map((each) => each.firstBroken).find((number) => number !== null);
          const next = pages.at(-1)?.next ?? null;
          return (
            <>
              {broken !== undefined && (
                <p class="panel failure" role="alert">
                  Line {broken} was changed after it was written.
                </p>
              )}
              <div class="filter">
                <label class="unseen" for="filter">
                  Filter the audit
                </label>
                <input
                  id="filter"
                  type="search"
                  placeholder="Filter"
                  aria-keyshortcuts="/"
                  value={filter.value}
                  onInput={(event) => (filter.value = event.currentTarget.value)}
                />
              </div>
              {lines.length === 0 ? <Empty title="No line contains that" /> : <Lines of={lines} />}
              {next !== null && (
                <div class="buttons">
                  <Action run={async () => (older.value = [...older.value, await get("/audit", { before: next })])}>
                    Older
                  </Action>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** Pages overlap once new lines have come. */
function unique(lines: readonly Line[]): Line[] {
  return [...new Map(lines.map((line) => [line.number, line])).values()];
}

function contains(line: Line, text: string): boolean {
  const shown = `${line.actor} ${line.address} ${line.action} ${line.object} ${line.detail}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => shown.includes(word));
}

function who({ actor }: Line): string {
  return actor.replace(/^user:/, "");
}

function Lines({ of }: { of: readonly Line[] }) {
  const names = new Map(fleet.value.value?.map((agent) => [agent.id, agent.name]));
  return (
    <Table
      label="Audit"
      columns={[["Line", "wide-only"], "When", ["Who", "wide-only"], "What", ["From", "wide-only"]]}
    >
      {of.map((line) => (
        <tr key={line.number}>
          <td class="wide-only number">{line.number}</td>
          <td class="number">
            <Time iso={line.time} />
          </td>
          <td class="wide-only">{who(line)}</td>
          <td class="what">
            <span class="action">{line.action}</span>{" "}
            {names.has(line.object) ? <a href={`/agents/${line.object}`}>{names.get(line.object)}</a> : line.object}
            <span class="hint narrow-only"> by {who(line)}</span>
            {line.detail !== "" && <span class="hint detail">{line.detail.replace(" -> ", " → ")}</span>}
          </td>
          <td class="wide-only number">{line.address}</td>
        </tr>
      ))}
    </Table>
  );
}
