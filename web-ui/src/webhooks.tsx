// Programs of others that are told of events.
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { get, post, remove } from "./api";
import { Checks } from "./checks";
import { Copyable, Empty, Field, Loaded, Section, Table, Time } from "./components";
import { Dialog } from "./dialog";
import { Live, useLive } from "./live";
import { Action } from "./saying";

const EVERY_MS = 10_000;

const KINDS = [
  ["link.down", "A link carries no traffic any more"],
  ["link.up", "A link carries traffic"],
  ["tunnel.down", "A tunnel is down"],
  ["tunnel.up", "A tunnel is up"],
  ["agent.offline", "An agent is not connected any more"],
  ["agent.online", "An agent is connected"],
  ["agent.duplicate", "Two machines have one identity"],
  ["agent.ahead", "An agent has what a restored controller does not know"],
  ["agent.flooding", "An agent says too much and was disconnected"],
] as const;

export function Webhooks() {
  const hooks = useLive(useMemo(() => new Live(() => get("/webhooks"), EVERY_MS), []));
  const isAdding = useSignal(false);
  return (
    <Section
      title="Webhooks"
      aside={
        <button type="button" class="plain" onClick={() => (isAdding.value = true)}>
          Add a webhook…
        </button>
      }
    >
      <Loaded from={hooks}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No webhooks">
              <p>Nobody is told when a link or an agent is lost.</p>
            </Empty>
          ) : (
            <Table label="Webhooks" columns={["URL", "Is told of", ["Added", "wide-only"], ["Action", "unseen"]]}>
              {items.map((hook) => (
                <tr key={hook.id}>
                  <th scope="row">{hook.url}</th>
                  <td>{hook.kinds.join(", ")}</td>
                  <td class="wide-only">
                    <Time iso={hook.created} /> <span class="hint">{hook.author}</span>
                  </td>
                  <td class="end">
                    <Action
                      run={() => remove("/webhooks/{id}", { id: hook.id }).then(() => hooks.refresh())}
                      done="Removed."
                      label={`Remove webhook ${hook.url}`}
                    >
                      Remove
                    </Action>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {isAdding.value && <NewWebhook added={() => hooks.refresh()} close={() => (isAdding.value = false)} />}
    </Section>
  );
}

function NewWebhook(props: { added: () => Promise<void>; close: () => void }) {
  const url = useSignal("");
  const kinds = useSignal<readonly string[]>(["link.down", "agent.offline"]);
  const secret = useSignal("");
  const add = async () => {
    if (kinds.value.length === 0) {
      throw new Error("Choose at least one event.");
    }
    secret.value = (await post("/webhooks", {}, { url: url.value.trim(), kinds: [...kinds.value] })).secret;
    await props.added();
  };
  if (secret.value !== "") {
    return (
      <Dialog title="The new webhook" close={props.close}>
        <Copyable label="secret of the webhook" text={secret.value} />
        <p class="hint">It is shown only here. Every request is signed with it: see Onebox-Signature.</p>
      </Dialog>
    );
  }
  return (
    <Dialog title="Add a webhook" close={props.close}>
      <Field label="URL" hint="Gets a POST for every event, such as https://hooks.example.net/onebox.">
        <input
          type="url"
          value={url.value}
          maxLength={500}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => (url.value = event.currentTarget.value)}
        />
      </Field>
      <Checks label="Tell it when" of={KINDS} taken={kinds} />
      <div class="buttons">
        <button type="button" class="plain" onClick={props.close}>
          Cancel
        </button>
        <Action kind="primary" run={add}>
          Add it
        </Action>
      </div>
    </Dialog>
  );
}
