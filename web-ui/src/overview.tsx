// What wants attention, then everything else.
import { useSignal } from "@preact/signals";
import { Component, type ComponentChildren } from "preact";
import type { Agent } from "./api";
import { Approve } from "./approvals";
import { Empty, Loaded, Mark, Page, Section, State, Table } from "./components";
import { EnrolButton } from "./enrol-button";
import {
  clientsOf,
  described,
  fleet,
  isWaiting,
  matching,
  problems,
  serverOf,
  trouble,
  type Description,
  type Tone,
} from "./fleet";
import { may } from "./session";
import { Sparkline } from "./sparkline";
import { NOT_MEASURED, rate } from "./units";

export function OverviewPage() {
  return (
    <Page title="Overview" actions={may("enrol-tokens") && <EnrolButton />}>
      <Loaded from={fleet}>
        {(agents) => (agents.length === 0 ? <FirstSteps /> : <Everything agents={agents} />)}
      </Loaded>
    </Page>
  );
}

function FirstSteps() {
  return (
    <Empty title="No agents yet">
      <ol>
        <li>Enrol the server: a machine with a public address and one UDP port.</li>
        <li>Enrol a client: the machine with several uplinks.</li>
        <li>That is all: the client gets its configuration, and traffic flows.</li>
      </ol>
      {may("enrol-tokens") ? <EnrolButton first="server" /> : <p>Somebody with more rights has to enrol them.</p>}
    </Empty>
  );
}

function Everything({ agents }: { agents: readonly Agent[] }) {
  const filter = useSignal("");
  const open = problems(agents);
  const shown = matching(agents, filter.value);
  const clients = shown.filter((agent) => agent.role === "client");
  const servers = shown.filter((agent) => agent.role === "server");
  return (
    <>
      <Headline agents={agents} open={open.length} />
      {open.length > 0 && (
        <Section title="Wants attention">
          <ul class="problems panel">
            {open.map((agent) => {
              const { tone, sentence } = described(agent, agents);
              return (
                <Problem key={agent.id} agent={agent} tone={tone} sentence={trouble(agent, agents) ?? sentence} />
              );
            })}
          </ul>
        </Section>
      )}
      <div class="filter">
        <label class="unseen" for="filter">
          Filter agents
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
      <Section title="Clients" aside={<span class="hint">{clients.length}</span>}>
        <AgentTable
          label="Clients"
          agents={clients}
          last="Server"
          lastOf={(client) => serverOf(client, agents)?.name ?? "none"}
          all={agents}
        />
      </Section>
      <Section title="Servers" aside={<span class="hint">{servers.length}</span>}>
        <AgentTable
          label="Servers"
          agents={servers}
          last="Clients"
          lastOf={(server) => clientsOf(server, agents).length}
          all={agents}
        />
      </Section>
    </>
  );
}

function Headline({ agents, open }: { agents: readonly Agent[]; open: number }) {
  return (
    <dl class="headline panel">
      {(["client", "server"] as const).map((role) => {
        const active = agents.filter((agent) => agent.role === role && agent.state === "active");
        const online = active.filter((agent) => agent.connected).length;
        return (
          <div key={role}>
            <dt>{role === "client" ? "Clients" : "Servers"} online</dt>
            <dd>
              {online}
              <small> of {active.length}</small>
            </dd>
          </div>
        );
      })}
      <div>
        <dt>Want attention</dt>
        <dd>
          {open === 0 ? <Mark tone="ok" /> : <Mark tone="bad" />} {open}
        </dd>
      </div>
    </dl>
  );
}

interface ProblemProps {
  readonly agent: Agent;
  readonly tone: Tone;
  readonly sentence: string;
}

/** Drawn anew only if something in it has changed. */
class Problem extends Component<ProblemProps> {
  override shouldComponentUpdate({ agent, tone, sentence }: ProblemProps): boolean {
    return agent !== this.props.agent || tone !== this.props.tone || sentence !== this.props.sentence;
  }

  render({ agent, tone, sentence }: ProblemProps) {
    return (
      <li>
        <Mark tone={tone} />
        <p>
          <a href={`/agents/${agent.id}`}>{agent.name}</a> <span class="hint">{agent.role}</span>
          <br />
          {sentence}
          {isWaiting(agent) && <code class="words">{(agent.claim ?? agent).words}</code>}
        </p>
        {isWaiting(agent) &&
          may("agents:write") &&
          (agent.claim === null ? <Approve agent={agent} /> : <a href="/approvals">Approvals</a>)}
      </li>
    );
  }
}

interface RowProps {
  readonly agent: Agent;
  readonly is: Description;
  readonly last: ComponentChildren;
}

/** Drawn anew only if something in it has changed: a fleet may have hundreds. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate({ agent, is, last }: RowProps): boolean {
    return agent !== this.props.agent || is.word !== this.props.is.word || last !== this.props.last;
  }

  render({ agent, is, last }: RowProps) {
    return (
      <tr>
        <th scope="row">
          <a href={`/agents/${agent.id}`}>{agent.name}</a>
          {agent.tags.length > 0 && <span class="hint"> {agent.tags.join(" ")}</span>}
        </th>
        <td>
          <State is={is} />
        </td>
        {last !== undefined && <td>{last}</td>}
        <td class="wide-only">
          <Sparkline of={agent.traffic?.recentBitsPerSecond ?? []} />
        </td>
        <td class="number rate">{agent.connected ? rate(totalOf(agent)) : NOT_MEASURED}</td>
        <td class="widest-only number">{agent.addresses[0]?.replace(/\/.*/, "")}</td>
        <td class="widest-only number">{agent.version}</td>
      </tr>
    );
  }
}

export function totalOf({ traffic }: Agent): number | undefined {
  return traffic === null || traffic === undefined ? undefined : traffic.rxBitsPerSecond + traffic.txBitsPerSecond;
}

export function AgentTable(props: {
  label: string;
  agents: readonly Agent[];
  /** A column of its own, and what stands there. */
  last?: string;
  lastOf?: (agent: Agent) => string | number;
  all: readonly Agent[];
}) {
  if (props.agents.length === 0) {
    return <Empty title={`No ${props.label.toLowerCase()} to show`} />;
  }
  return (
    <Table
      label={props.label}
      columns={[
        "Name",
        "State",
        ...(props.last === undefined ? [] : [props.last]),
        ["Two minutes", "wide-only"],
        "Traffic",
        ["Address", "widest-only"],
        ["Version", "widest-only"],
      ]}
    >
      {props.agents.map((agent) => (
        <Row key={agent.id} agent={agent} is={described(agent, props.all)} last={props.lastOf?.(agent)} />
      ))}
    </Table>
  );
}
