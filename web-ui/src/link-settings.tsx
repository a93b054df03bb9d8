// How a client is to use one of its links: what the controller says of it counts before the client's own file.
import { useSignal } from "@preact/signals";
import { change, remove, type AgentDetail, type Change, type Schema } from "./api";
import { Choice, Field } from "./components";
import { Dialog } from "./dialog";
import { Decide } from "./effects";
import { capText, type LinkUse } from "./link-words";
import { Action } from "./saying";

type Role = Schema<"LinkSettings">["role"];

const ROLES: readonly (readonly [Role, string])[] = [
  ["always", "Always"],
  ["secondary", "Secondary"],
  ["backup", "Backup"],
  ["never", "Never"],
];

const WHEN: Record<Role, string> = {
  always: "Carries whenever it works.",
  secondary: "Carries while the links that always do are full, or none of them works.",
  backup: "Carries while no better link works.",
  never: "Carries nothing.",
};

const refuse = () => Promise.reject(new Error("Name the interface."));
const NAMELESS: Change = { key: "", make: refuse, preview: refuse };

export interface Target {
  readonly agent: AgentDetail;
  readonly changed: () => Promise<unknown>;
}

/** Opens the dialog for a link, or for one that is to be named. */
export function LinkButton(props: Target & { name: string | undefined; use: LinkUse | null }) {
  const isOpen = useSignal(false);
  const { name } = props;
  return (
    <>
      <button
        type="button"
        class="plain"
        aria-label={name === undefined ? undefined : `Change the use of ${name}`}
        onClick={() => (isOpen.value = true)}
      >
        {name === undefined ? "Set another link…" : "Change…"}
      </button>
      {isOpen.value && <LinkDialog {...props} close={() => (isOpen.value = false)} />}
    </>
  );
}

function LinkDialog(props: Target & { name: string | undefined; use: LinkUse | null; close: () => void }) {
  const { agent, name, use: now, changed, close } = props;
  const set = agent.links.find((link) => link.interface === name);
  const typed = useSignal(name ?? "");
  const role = useSignal<Role>(set?.role ?? ROLES.find(([known]) => known === now?.role)?.[0] ?? "always");
  const isMetered = useSignal(set?.metered ?? now?.metered ?? false);
  const download = useSignal(set?.download ?? capText(now?.downloadLimitBitsPerSecond ?? null));
  const upload = useSignal(set?.upload ?? capText(now?.uploadLimitBitsPerSecond ?? null));
  const to = { id: agent.id, interface: typed.value.trim() };
  const caps = { download: download.value.trim() || "auto", upload: upload.value.trim() || "auto" };
  const use = { role: role.value, metered: isMetered.value, ...caps };
  return (
    <Dialog title={name === undefined ? `A link of ${agent.name}` : `Use of ${name}`} close={close}>
      {name === undefined && (
        <Field label="Interface" hint="As the device names it, such as wwan0.">
          <input
            value={typed.value}
            maxLength={15}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </Field>
      )}
      <div>
        <Choice label="Role" value={role.value} of={ROLES} onPick={(picked) => (role.value = picked)} />
        <p class="hint">{WHEN[role.value]}</p>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={isMetered.value}
          onChange={(event) => (isMetered.value = event.currentTarget.checked)}
        />
        <span>Metered: every byte costs</span>
      </label>
      <Cap label="Download cap" value={download.value} type={(text) => (download.value = text)} />
      <Cap label="Upload cap" value={upload.value} type={(text) => (upload.value = text)} />
      <p class="hint">
        This counts before the file of {agent.name}. If the tunnel does not work with it, the agent puts the one before
        back.
      </p>
      <Decide
        of={to.interface === "" ? NAMELESS : change("put", "/agents/{id}/links/{interface}", to, use)}
        then={changed}
        close={close}
      >
        {set !== undefined && (
          <Action
            run={() => remove("/agents/{id}/links/{interface}", to).then(changed).then(close)}
            done="Left to its file."
          >
            Leave it to its file
          </Action>
        )}
      </Decide>
    </Dialog>
  );
}

function Cap({ label, value, type }: { label: string; value: string; type: (text: string) => void }) {
  return (
    <Field label={label} hint="Such as 20Mbit/s; “auto” is none.">
      <input
        value={value}
        maxLength={24}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </Field>
  );
}
