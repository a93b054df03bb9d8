// What of an agent can be changed: its name, tags and endpoints, its server, or all of it to what it was.
import { useSignal } from "@preact/signals";
import { change, type Agent, type AgentDetail, type Revision } from "./api";
import { Field } from "./components";
import { Dialog } from "./dialog";
import { Decide } from "./effects";
import { NAME, words } from "./enrolment";
import { TagsField } from "./tags";

export interface Asked {
  readonly agent: AgentDetail;
  readonly changed: () => Promise<unknown>;
  readonly close: () => void;
}

export function Edit({ agent, changed, close }: Asked) {
  const name = useSignal(agent.name);
  const endpoints = useSignal(agent.endpoints.join("\n"));
  const tags = useSignal(agent.tags.join(" "));
  const edit = { name: name.value, tags: words(tags.value) };
  const whole = agent.role === "server" ? { ...edit, endpoints: words(endpoints.value) } : edit;
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
      <Decide of={change("patch", "/agents/{id}", { id: agent.id }, whole)} then={changed} close={close} />
    </Dialog>
  );
}

export function Assign({ agent, agents, changed, close }: Asked & { agents: readonly Agent[] }) {
  const server = useSignal(agent.server ?? "");
  const servers = agents.filter((other) => other.role === "server" && other.state !== "revoked");
  const whose = { client: agent.id };
  const assignment =
    server.value === ""
      ? change("delete", "/assignments/{client}", whose)
      : change("put", "/assignments/{client}", whose, { server: server.value });
  return (
    <Dialog title={`Server of ${agent.name}`} close={close}>
      {servers.length === 0 && <p class="notice">There is no server yet: enrol one on the overview.</p>}
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
      <Decide of={assignment} then={changed} close={close} />
    </Dialog>
  );
}

/** Makes the agent what it was when a revision was made; that is a new revision, and may be taken back itself. */
export function Revert({ agent, to, changed }: { agent: AgentDetail; to: Revision; changed: () => Promise<unknown> }) {
  const isAsking = useSignal(false);
  const close = () => (isAsking.value = false);
  const values = { id: agent.id, revision: to.revision };
  return (
    <div class="revert">
      <button type="button" class="plain" onClick={() => (isAsking.value = true)}>
        Revert to {to.revision}…
      </button>
      {isAsking.value && (
        <Dialog title={`Revert ${agent.name} to revision ${to.revision}?`} close={close}>
          <p>It gets the name, endpoints, server and settings of links it had then, as a new revision.</p>
          <Decide
            of={change("post", "/agents/{id}/revisions/{revision}/revert", values)}
            verb="Revert"
            then={changed}
            close={close}
          />
        </Dialog>
      )}
    </div>
  );
}
