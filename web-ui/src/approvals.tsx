// Agents that wait until somebody has compared their fingerprint.
import { post, remove, type Agent } from "./api";
import { Empty, Facts, Loaded, Page } from "./components";
import { fleet, isWaiting } from "./fleet";
import { Action } from "./saying";
import { may } from "./session";

export function Approve({ agent }: { agent: Agent }) {
  const approve = async () => {
    await post("/agents/{id}/approve", { id: agent.id });
    await fleet.refresh();
  };
  return (
    <Action kind="primary" run={approve} done={`${agent.name} is approved.`} label={`Approve ${agent.name}`}>
      Approve
    </Action>
  );
}

export function ApprovalsPage() {
  return (
    <Page title="Approvals" lead="A device shows four words when it enrols. Approve it if they are the same here.">
      <Loaded from={fleet}>
        {(agents) => {
          const waiting = agents.filter(isWaiting);
          return waiting.length === 0 ? (
            <Empty title="Nobody waits for approval" />
          ) : (
            <ul class="cards">
              {waiting.map((agent) => (
                <Waiting key={agent.id} agent={agent} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** Lets the machine that claims to be an agent be it. */
export function Reclaim({ agent }: { agent: Agent }) {
  const reclaim = async () => {
    await post("/agents/{id}/reclaim", { id: agent.id });
    await fleet.refresh();
  };
  return (
    <Action kind="primary" run={reclaim} done={`${agent.name} is the new machine.`} label={`Reclaim ${agent.name}`}>
      Reclaim
    </Action>
  );
}

function Waiting({ agent }: { agent: Agent }) {
  const { claim } = agent;
  const turnAway = async () => {
    await (claim === null ? remove("/agents/{id}", { id: agent.id }) : remove("/agents/{id}/claim", { id: agent.id }));
    await fleet.refresh();
  };
  return (
    <li class="panel">
      <h2>
        <a href={`/agents/${agent.id}`}>{agent.name}</a>
      </h2>
      <p class="words big">{(claim ?? agent).words}</p>
      {claim !== null && (
        <p>
          This name is taken, and the device has other keys: set up anew, perhaps. Reclaim makes it {agent.name}, with
          its address and its history, and the keys of the machine before are worth nothing.
        </p>
      )}
      <Facts
        of={[
          ["Role", agent.role],
          ["System", (claim ?? agent).system],
          ["Version", (claim ?? agent).version],
        ]}
      />
      {may("agents:write") && (
        <div class="buttons">
          <Action run={turnAway} done={`${agent.name} was turned away.`} label={`Turn away ${agent.name}`}>
            Turn away
          </Action>
          {claim === null ? <Approve agent={agent} /> : <Reclaim agent={agent} />}
        </div>
      )}
    </li>
  );
}
