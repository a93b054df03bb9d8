// One agent: what it does, what it was told, and what can be done about it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { get, post, remove, type Agent, type AgentDetail, type Revision } from "./api";
import { Assign, Edit, Revert } from "./agent-edit";
import { Approve } from "./approvals";
import { Empty, Facts, Loaded, Page, Section, State, Time } from "./components";
import { difference, lines, trialLeft } from "./configuration";
import { Diagnostics } from "./diagnostics";
import { Confirm } from "./dialog";
import { Difference } from "./effects";
import { clientsOf, describe, describeConfiguration, fleet, serverOf } from "./fleet";
import { Later } from "./later";
import { bonding, type LinkNow } from "./link-words";
import { Live, useLive } from "./live";
import { AgentTable } from "./overview";
import { navigate } from "./router";
import { Action } from "./saying";
import { may } from "./session";

const EVERY_MS = 3000;

interface Known {
  readonly agent: AgentDetail;
  readonly revisions: readonly Revision[];
}

const loadTraffic = () => import("./agent-traffic").then((module) => module.Traffic);

async function read(id: string): Promise<Known> {
  const [agent, revisions] = await Promise.all([get("/agents/{id}", { id }), get("/agents/{id}/revisions", { id })]);
  return { agent, revisions: revisions.items };
}

export function AgentPage({ id }: { id: string }) {
  const known = useLive(useMemo(() => new Live(() => read(id), EVERY_MS), [id]));
  const agents = fleet.value.value ?? [];
  const agent = known.value.value?.agent;
  const changed = () => Promise.all([known.refresh(), fleet.refresh()]);
  const links = useSignal<readonly LinkNow[] | undefined>(undefined);
  return (
    <Page
      title={agent?.name ?? "Agent"}
      lead={agent !== undefined && sentenceOf(agent, agents, links.value)}
      actions={
        agent !== undefined && may("agents:write") && <Actions agent={agent} agents={agents} changed={changed} />
      }
    >
      <Loaded from={known}>
        {({ agent: loaded, revisions }) => (
          <Details
            agent={loaded}
            agents={agents}
            revisions={revisions}
            changed={changed}
            tell={(now) => (links.value = now)}
          />
        )}
      </Loaded>
    </Page>
  );
}

/** What it does, and of a client at work how many of its links carry, and why the others do not. */
function sentenceOf(agent: AgentDetail, agents: readonly Agent[], links: readonly LinkNow[] | undefined): string {
  const { tone, sentence } = describe(agent, agents);
  const isAtWork = agent.role === "client" && tone === "ok" && links !== undefined && links.length > 0;
  return isAtWork ? `${sentence} ${bonding(links)}.` : sentence;
}

interface Shown {
  readonly agent: AgentDetail;
  readonly agents: readonly Agent[];
  readonly revisions: readonly Revision[];
  readonly changed: () => Promise<unknown>;
  readonly tell: (links: readonly LinkNow[] | undefined) => void;
}

function Details(props: Shown) {
  const { agent, agents } = props;
  const server = serverOf(agent, agents);
  const clients = clientsOf(agent, agents);
  return (
    <>
      <div class="panel">
        <Facts
          of={[
            ["State", <State is={describe(agent, agents)} />],
            ["Role", agent.role],
            agent.role === "client"
              ? ["Server", server === undefined ? "none" : <a href={`/agents/${server.id}`}>{server.name}</a>]
              : ["Endpoints", agent.endpoints.join(", ") || "none"],
            ["In the tunnel", <span class="number">{agent.addresses.join(", ") || "no address yet"}</span>],
            ["Fingerprint", <code class="words">{agent.words}</code>],
            ["Tags", agent.tags.join(", ") || "none"],
            ["System", agent.system],
            ["Version", <span class="number">{agent.version}</span>],
          ]}
        />
      </div>
      {agent.role === "server" && clients.length > 0 && (
        <Section title="Clients" aside={<span class="hint">{clients.length}</span>}>
          <AgentTable label="Clients" agents={clients} all={agents} />
        </Section>
      )}
      {agent.state !== "pending" && (
        <Later
          key={agent.id}
          load={loadTraffic}
          with={{ agent, revisions: props.revisions, changed: props.changed, tell: props.tell }}
        />
      )}
      <Section title="Configuration">
        <p>{describeConfiguration(agent.configuration).sentence}</p>
        {agent.configuration?.state === "provisional" && (
          <Trial key={agent.configuration.revision} of={agent.configuration} />
        )}
        {props.revisions.length === 0 ? (
          <Empty title="No revisions yet" />
        ) : (
          <ol class="revisions panel" reversed>
            {props.revisions.map((revision, index) => (
              <RevisionEntry
                key={revision.revision}
                revision={revision}
                before={props.revisions[index + 1]}
                actions={
                  index > 0 && may("agents:write") && agent.state !== "revoked" ? (
                    <Revert agent={agent} to={revision} changed={props.changed} />
                  ) : undefined
                }
              />
            ))}
          </ol>
        )}
      </Section>
      {agent.state !== "pending" && agent.state !== "revoked" && <Diagnostics agent={agent} agents={agents} />}
    </>
  );
}

/** Counts down to the moment when a configuration that does not work is taken back. */
function Trial({ of }: { of: Revision }) {
  const since = useMemo(() => Date.now(), []);
  const now = useSignal(since);
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = trialLeft(of.document, since, now.value);
  return left === undefined ? null : (
    <p class="notice" role="timer">
      {left > 0
        ? `If it does not work, the agent puts the one before back within ${left} s.`
        : "Its time is over: the agent puts the one before back, and says so as soon as it can."}
    </p>
  );
}

function RevisionEntry(props: {
  revision: Revision;
  before: Revision | undefined;
  actions: ComponentChildren;
}) {
  const { revision, before } = props;
  const isOpen = useSignal(false);
  return (
    <li>
      <details onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
        <summary>
          <span class="number strong">{revision.revision}</span>
          <State is={describeConfiguration(revision)} />
          <span class="hint">
            {revision.author}, <Time iso={revision.created} />
          </span>
          {revision.reason !== "" && <span class="reason">{revision.reason}</span>}
        </summary>
        {isOpen.value && <Changes before={before} after={revision} />}
        {isOpen.value && props.actions}
      </details>
    </li>
  );
}

function Changes({ before, after }: { before: Revision | undefined; after: Revision }) {
  const all = difference(before === undefined ? [] : lines(before.document), lines(after.document));
  return <Difference label={`What revision ${after.revision} changed`} of={all} isFirst={before === undefined} />;
}

type Asking = "edit" | "server" | "rekey" | "revoke" | "delete" | undefined;

function Actions(props: { agent: AgentDetail; agents: readonly Agent[]; changed: () => Promise<unknown> }) {
  const { agent, changed } = props;
  const asking = useSignal<Asking>(undefined);
  const isKnown = agent.state === "active" || agent.state === "disabled";
  const close = () => (asking.value = undefined);
  const open = (next: Asking, text: string) => (
    <button type="button" class="plain" onClick={() => (asking.value = next)}>
      {text}
    </button>
  );
  return (
    <>
      {agent.state === "pending" && <Approve agent={agent} />}
      {agent.state !== "revoked" && open("edit", "Edit…")}
      {agent.role === "client" && agent.state !== "revoked" && open("server", "Assign…")}
      {agent.state === "active" && (
        <Action run={() => post("/agents/{id}/disable", { id: agent.id }).then(changed)} done="Disabled.">
          Disable
        </Action>
      )}
      {agent.state === "disabled" && (
        <Action run={() => post("/agents/{id}/enable", { id: agent.id }).then(changed)} done="Enabled.">
          Enable
        </Action>
      )}
      {isKnown && (
        <Action run={() => post("/agents/{id}/resync", { id: agent.id }).then(changed)} done="Sent again.">
          Send again
        </Action>
      )}
      {isKnown && open("rekey", "New keys…")}
      {isKnown && open("revoke", "Revoke…")}
      {(agent.state === "pending" || agent.state === "revoked") && open("delete", "Delete…")}
      {asking.value === "edit" && <Edit agent={agent} changed={changed} close={close} />}
      {asking.value === "server" && <Assign {...props} close={close} />}
      {asking.value === "rekey" && (
        <Confirm
          title={`New keys for ${agent.name}?`}
          verb="Make new keys"
          run={() => post("/agents/{id}/rekey", { id: agent.id }).then(changed)}
          close={close}
        >
          <p>
            It makes them itself, at once or when it is back, and its fingerprint changes. The tunnel stands still for a
            moment. Back the controller up afterwards: one restored from before does not know the new keys.
          </p>
        </Confirm>
      )}
      {asking.value === "revoke" && (
        <Confirm
          title={`Revoke ${agent.name}?`}
          word={agent.name}
          verb="Revoke"
          run={() => post("/agents/{id}/revoke", { id: agent.id }).then(changed)}
          close={close}
        >
          <p>Its key is not accepted any more. It can come back only by enrolling with a new token.</p>
        </Confirm>
      )}
      {asking.value === "delete" && (
        <Confirm
          title={`Delete ${agent.name}?`}
          verb="Delete"
          run={() => remove("/agents/{id}", { id: agent.id }).then(fleet.refresh.bind(fleet)).then(() => navigate("/"))}
          close={close}
        >
          <p>The controller forgets it, and its name is free again.</p>
        </Confirm>
      )}
    </>
  );
}
