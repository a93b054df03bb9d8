// The dashboard of a client, which its agent shows to a browser of the same machine. It only looks.
import { render } from "preact";
import { useMemo } from "preact/hooks";
import { Colours, Connection, Facts, Loaded, Logo, Mark, Page, Section, Time } from "./components";
import { bonding } from "./link-words";
import { LocalFeed, type Status } from "./local-feed";
import { useLive } from "./live";
import { RANGES, isLive } from "./series";
import "./style.css";
import { TrafficOf } from "./traffic";
import { momentOf, toneOfProblem } from "./local-status";

const LIVE_RANGES = RANGES.filter(isLive);

function Dashboard() {
  const feed = useMemo(() => new LocalFeed(), []);
  useLive(feed.status);
  const status = feed.status.value.value;
  return (
    <div class="local">
      <header class="local-head">
        <p class="brand">
          <Logo /> <span>onebox</span>
        </p>
        <Connection />
      </header>
      <main>
        <Page title="This client" lead={status !== undefined && sentence(status)}>
          <Loaded from={feed.status}>{(known) => <Known status={known} feed={feed} />}</Loaded>
        </Page>
        <Colours />
      </main>
    </div>
  );
}

function sentence(status: Status): string {
  const begin = { up: "The tunnel is up", connecting: "The server has not answered yet", down: "The tunnel is off" };
  return `${begin[status.state]}: ${bonding(momentOf(status).links)}.`;
}

function Known({ status, feed }: { status: Status; feed: LocalFeed }) {
  const { bond, control, problems } = status;
  return (
    <>
      {problems.length > 0 && (
        <Section title="Wants attention">
          <ul class="problems panel">
            {problems.map((problem) => (
              <li key={`${problem.code} ${problem.link}`}>
                <Mark tone={toneOfProblem(problem)} />
                <p>
                  {problem.message}
                  {problem.hint !== "" && <span class="hint">: {problem.hint}</span>}
                </p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <TrafficOf
        feed={feed}
        ranges={LIVE_RANGES}
        links="Links"
        isStale={feed.isQuiet.value}
        revisions={[]}
        nothing="The agent keeps the last quarter of an hour."
      />
      <Section title="Tunnel">
        <div class="panel">
          <Facts
            of={[
              ["Server", <span class="number">{bond.endpoint ?? "no answer yet"}</span>],
              ["Its key", <code class="hash">{bond.peer}</code>],
              ["Since", bond.since === null ? "not yet" : <Time iso={bond.since} />],
              ["Mode", bond.mode],
              ["MTU", bond.mtu === null ? "not known yet" : String(bond.mtu)],
              ["Packets", packets(bond)],
              ["Controller", control.state === "none" ? "none" : controlOf(control)],
            ]}
          />
        </div>
      </Section>
    </>
  );
}

function packets(bond: Status["bond"]): string {
  const dropped = Object.values(bond.droppedPackets).reduce((sum, count) => sum + count, 0);
  const said = (count: number | null, word: string) => `${count ?? 0} ${word}`;
  return [
    said(bond.lostPackets, "lost"),
    said(bond.repairedPackets, "repaired"),
    said(bond.reorderedPackets, "put in order"),
    said(dropped, "dropped"),
  ].join(", ");
}

function controlOf({ state, configRevision, configState }: Status["control"]): string {
  return configRevision === null ? state : `${state}; configuration ${configRevision} ${configState ?? ""}`.trim();
}

render(<Dashboard />, document.getElementById("app")!);
