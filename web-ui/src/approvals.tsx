// Agents that wait until somebody has compared their fingerprint.
import { post, remove, type Agent } from "./api";
import { Action, Empty, Facts, Loaded, Page } from "./components";
import { fleet } from "./fleet";
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
          const waiting = agents.filter((agent) => agent.state === "pending");
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

function Waiting({ agent }: { agent: Agent }) {
  const turnAway = async () => {
    await remove("/agents/{id}", { id: agent.id });
    await fleet.refresh();
  };
  return (
    <li class="panel">
      <h2>
        <a href={`/agents/${agent.id}`}>{agent.name}</a>
      </h2>
      <p class="words big">{agent.words}</p>
      <Facts
        of={[
          ["Role", agent.role],
          ["System", agent.system],
          ["Version", agent.version],
        ]}
      />
      {may("agents:write") && (
        <div class="buttons">
          <Action run={turnAway} done={`${agent.name} was turned away.`} label={`Turn away ${agent.name}`}>
            Turn away
          </Action>
          <Approve agent={agent} />
        </div>
      )}
    </li>
  );
}
