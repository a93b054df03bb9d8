// One agent: what it does, what it was told, and what can be done about it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { get, patch, post, put, remove, type Agent, type AgentDetail, type Revision } from "./api";
import { Approve } from "./approvals";
import { Action, Confirm, Dialog, Empty, Facts, Field, Loaded, Page, Section, State, Time } from "./components";
import { difference, lines, trialLeft } from "./configuration";
import { Diagnostics } from "./diagnostics";
import { NAME, words } from "./enrolment";
import { clientsOf, describe, describeConfiguration, fleet } from "./fleet";
import { Later } from "./later";
import { Live, useLive } from "./live";
import { AgentTable } from "./overview";
import { navigate } from "./router";
import { may } from "./session";
import { TagsField } from "./tags";

const EVERY_MS = 3000;

interface Known {
  readonly agent: AgentDetail;
  readonly revisions: readonly Revision[];
}

const loadTraffic = () => import("./traffic").then((module) => module.Traffic);

async function read(id: string): Promise<Known> {
  const [agent, revisions] = await Promise.all([get("/agents/{id}", { id }), get("/agents/{id}/revisions", { id })]);
  return { agent, revisions: revisions.items };
}

export function AgentPage({ id }: { id: string }) {
  const known = useLive(useMemo(() => new Live(() => read(id), EVERY_MS), [id]));
  const agents = fleet.value.value ?? [];
  const agent = known.value.value?.agent;
  const changed = () => Promise.all([known.refresh(), fleet.refresh()]);
  return (
    <Page
      title={agent?.name ?? "Agent"}
      lead={agent !== undefined && describe(agent, agents).sentence}
      actions={
        agent !== undefined && may("agents:write") && <Actions agent={agent} agents={agents} changed={changed} />
      }
    >
      <Loaded from={known}>
        {({ agent: loaded, revisions }) => (
          <Details agent={loaded} agents={agents} revisions={revisions} changed={changed} />
        )}
      </Loaded>
    </Page>
  );
}

interface Shown {
  readonly agent: AgentDetail;
  readonly agents: readonly Agent[];
  readonly revisions: readonly Revision[];
  readonly changed: () => Promise<unknown>;
}

function Details(props: Shown) {
  const { agent, agents } = props;
  const server = agents.find((other) => other.id === agent.server);
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
        <Later key={agent.id} load={loadTraffic} with={{ agent, revisions: props.revisions }} />
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

/** Makes the agent what it was when a revision was made; that is a new revision, and may be taken back itself. */
function Revert({ agent, to, changed }: { agent: AgentDetail; to: Revision; changed: () => Promise<unknown> }) {
  const isAsking = useSignal(false);
  const values = { id: agent.id, revision: to.revision };
  return (
    <div class="revert">
      <button type="button" class="plain" onClick={() => (isAsking.value = true)}>
        Revert to {to.revision}…
      </button>
      {isAsking.value && (
        <Confirm
          title={`Revert ${agent.name} to revision ${to.revision}?`}
          verb="Revert"
          run={() => post("/agents/{id}/revisions/{revision}/revert", values).then(changed)}
          close={() => (isAsking.value = false)}
        >
          <p>It gets the name, the endpoints and the server it had then, as a new revision.</p>
        </Confirm>
      )}
    </div>
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
        {isOpen.value && <Difference before={before} after={revision} />}
        {isOpen.value && props.actions}
      </details>
    </li>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−" };

function Difference({ before, after }: { before: Revision | undefined; after: Revision }) {
  const changes = difference(before === undefined ? [] : lines(before.document), lines(after.document));
  return (
    <pre class="difference" tabIndex={0} role="group" aria-label={`What revision ${after.revision} changed`}>
      {changes.map((line) => (
        <span class={before === undefined ? "same" : line.kind}>
          {before === undefined ? "" : `${SIGNS[line.kind]} `}
          {line.text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
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

interface Asked {
  readonly agent: AgentDetail;
  readonly changed: () => Promise<unknown>;
  readonly close: () => void;
}

function Edit({ agent, changed, close }: Asked) {
  const name = useSignal(agent.name);
  const endpoints = useSignal(agent.endpoints.join("\n"));
  const tags = useSignal(agent.tags.join(" "));
  const save = async () => {
    const edit = { name: name.value, tags: words(tags.value) };
    const whole = agent.role === "server" ? { ...edit, endpoints: words(endpoints.value) } : edit;
    await patch("/agents/{id}", { id: agent.id }, whole);
    await changed();
    close();
  };
  return (
    <Dialog title={`Edit ${agent.name}`} close={close}>
      <Field label="Name">
        <input
          value={name.value}
          pattern={NAME.source}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </Field>
      <TagsField typed={tags} />
      {agent.role === "server" && (
        <Field label="Endpoints" hint="One a line, best first, such as vpn.example.net:51820.">
          <textarea
            rows={3}
            spellcheck={false}
            value={endpoints.value}
            onInput={(event) => (endpoints.value = event.currentTarget.value)}
          />
        </Field>
      )}
      <div class="buttons">
        <button type="button" class="plain" onClick={close}>
          Cancel
        </button>
        <Action kind="primary" run={save} done="Saved.">
          Save
        </Action>
      </div>
    </Dialog>
  );
}

function Assign({ agent, agents, changed, close }: Asked & { agents: readonly Agent[] }) {
  const server = useSignal(agent.server ?? "");
  const servers = agents.filter((other) => other.role === "server" && other.state !== "revoked");
  const save = async () => {
    await (server.value === ""
      ? remove("/assignments/{client}", { client: agent.id })
      : put("/assignments/{client}", { client: agent.id }, { server: server.value }));
    await changed();
    close();
  };
  return (
    <Dialog title={`Server of ${agent.name}`} close={close}>
      <Field label="Server" hint="The client moves when it has the new configuration; the old one stays if that fails.">
        <select value={server.value} onChange={(event) => (server.value = event.currentTarget.value)}>
          <option value="">none</option>
          {servers.map((other) => (
            <option key={other.id} value={other.id}>
              {other.name}
            </option>
          ))}
        </select>
      </Field>
      <div class="buttons">
        <button type="button" class="plain" onClick={close}>
          Cancel
        </button>
        <Action kind="primary" run={save} done="Saved.">
          Save
        </Action>
      </div>
    </Dialog>
  );
}
