// Servers, each with the clients it takes.
import type { Agent } from "./api";
import { Empty, Facts, Loaded, Page, Section, State } from "./components";
import { EnrolButton } from "./enrol-button";
import { clientsOf, describe, fleet, homeless } from "./fleet";
import { AgentTable, totalOf } from "./overview";
import { may } from "./session";
import { rate } from "./units";

export function ServersPage() {
  return (
    <Page title="Servers" actions={may("enrol-tokens") && <EnrolButton first="server" />}>
      <Loaded from={fleet}>{(agents) => <All agents={agents} />}</Loaded>
    </Page>
  );
}

function All({ agents }: { agents: readonly Agent[] }) {
  const servers = agents.filter(({ role }) => role === "server");
  const without = homeless(agents);
  return (
    <>
      {servers.length === 0 && (
        <Empty title="No servers yet">
          <p>A server is a machine with a public address and one UDP port. Clients need one.</p>
        </Empty>
      )}
      {without.length > 0 && (
        <Section title="Clients that no server takes" aside={<span class="hint">{without.length}</span>}>
          <AgentTable label="Clients that no server takes" agents={without} all={agents} />
        </Section>
      )}
      {servers.map((server) => (
        <Server key={server.id} server={server} agents={agents} />
      ))}
    </>
  );
}

function Server({ server, agents }: { server: Agent; agents: readonly Agent[] }) {
  const clients = clientsOf(server, agents);
  const is = describe(server, agents);
  return (
    <Section title={server.name} aside={<State is={is} />}>
      <div class="panel">
        <p>
          {is.sentence} <a href={`/agents/${server.id}`}>Traffic, configuration and actions of {server.name}</a>
        </p>
        <Facts
          of={[
            ["Endpoints", server.endpoints.join(", ") || "none"],
            ["In the tunnel", <span class="number">{server.addresses.join(", ") || "no address yet"}</span>],
            ["Carries", rate(totalOf(server))],
            ["Version", <span class="number">{server.version}</span>],
          ]}
        />
      </div>
      <AgentTable label={`Clients of ${server.name}`} agents={clients} all={agents} />
    </Section>
  );
}
