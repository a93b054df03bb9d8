// The dialog that makes a token and follows it until the agent is online.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { encode } from "uqr";
import { get, post, type Agent, type Schema } from "./api";
import { Approve, Reclaim } from "./approvals";
import { Choice, Copyable, Field, Mark } from "./components";
import { Dialog } from "./dialog";
import { cloudInit, command, NAME, playbook, steps, words, type StepState } from "./enrolment";
import { fleet, isWaiting, type Tone } from "./fleet";
import { Live, noting, useLive } from "./live";
import { may } from "./session";
import { TagsField } from "./tags";

const EVERY_MS = 1500;
const VALID = [
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "7 days"],
] as const;

interface Made {
  readonly id: string;
  readonly token: string;
  readonly role: Agent["role"];
  readonly name: string;
}

export function EnrolDialog(props: { first: Agent["role"]; close: () => void }) {
  const made = useSignal<Made | undefined>(undefined);
  const title = made.value === undefined ? "Enrol an agent" : `Enrol a ${made.value.role}`;
  return (
    <Dialog title={title} wide close={props.close}>
      {made.value === undefined ? (
        <Terms first={props.first} onMade={(next) => (made.value = next)} />
      ) : (
        <Handover made={made.value} close={props.close} />
      )}
    </Dialog>
  );
}

function Terms(props: { first: Agent["role"]; onMade: (made: Made) => void }) {
  const role = useSignal<Agent["role"]>(props.first);
  const name = useSignal("");
  const endpoint = useSignal("");
  const tags = useSignal("");
  const network = useSignal("");
  const seconds = useSignal<(typeof VALID)[number][0]>("3600");
  const isManual = useSignal(false);
  const problem = useSignal("");
  const isBusy = useSignal(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = "";
    const endpoints = role.value === "server" && endpoint.value.trim() !== "" ? [endpoint.value.trim()] : undefined;
    try {
      const answer = await noting(() =>
        post("/enrol-tokens", {}, {
          role: role.value,
          approval: isManual.value ? "manual" : "auto",
          seconds: Number(seconds.value),
          tags: words(tags.value),
          networks: words(network.value),
          ...(endpoints === undefined ? {} : { endpoints }),
        }),
      );
      props.onMade({ ...answer, role: role.value, name: name.value.trim() });
    } catch (failure) {
      problem.value = (failure as Error).message;
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Choice
        label="Role"
        value={role.value}
        of={[
          ["client", "Client: has the uplinks"],
          ["server", "Server: has the public address"],
        ]}
        onPick={(value) => (role.value = value)}
      />
      <Field label="Name" hint="Letters, digits, dots and hyphens; empty for the name of the machine.">
        <input
          value={name.value}
          pattern={NAME.source}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </Field>
      {role.value === "server" && (
        <Field
          label="Endpoint"
          hint="Where clients reach it, such as vpn.example.net:51820; empty for the address it enrols from."
        >
          <input
            value={endpoint.value}
            maxLength={100}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => (endpoint.value = event.currentTarget.value)}
          />
        </Field>
      )}
      <TagsField typed={tags} />
      <Field label="Only from" hint="Networks the token may be used from, such as 203.0.113.0/24; empty for any.">
        <input
          value={network.value}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => (network.value = event.currentTarget.value)}
        />
      </Field>
      <Choice label="Valid for" value={seconds.value} of={VALID} onPick={(value) => (seconds.value = value)} />
      <label class="check">
        <input
          type="checkbox"
          checked={isManual.value}
          onChange={(event) => (isManual.value = event.currentTarget.checked)}
        />
        <span>Wait for approval after it has enrolled</span>
      </label>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy.value} aria-busy={isBusy.value}>
          Make the token
        </button>
      </div>
    </form>
  );
}

const TONES: Record<StepState, Tone> = { done: "ok", now: "wait", later: "off", failed: "bad" };

type Way = "command" | "qr" | "ansible" | "cloud-init";

function Handed({ made, as }: { made: Made; as: Way }) {
  const { role, token, name } = made;
  switch (as) {
    case "command":
      return <Copyable label="command to run on the device" text={command(role, token, name)} />;
    case "qr":
      return <QrCode text={token} />;
    case "ansible":
      return (
        <>
          <Copyable label="playbook" text={playbook(role, name)} />
          <p class="hint">For one machine that has the package; it asks for the token, which no file should have.</p>
          <Copyable label="token" text={token} />
        </>
      );
    case "cloud-init":
      return (
        <>
          <Copyable label="user data" text={cloudInit(role, token, name)} />
          <p class="hint">For an image that has the package. Who may read the user data may use the token before it.</p>
        </>
      );
  }
}

function Handover({ made, close }: { made: Made; close: () => void }) {
  const way = useSignal<Way>("command");
  const token = useLive(useMemo(() => new Live(() => tokenOf(made.id), EVERY_MS), [made]));
  const progress = steps(token.value.value, fleet.value.value ?? [], Date.now());
  const isUsed = (token.value.value?.used ?? 0) > 0;
  useEffect(() => {
    void fleet.refresh();
  }, [isUsed]);
  return (
    <>
      <Choice
        label="Hand it over as"
        value={way.value}
        of={[
          ["command", "Command"],
          ["qr", "QR code"],
          ["ansible", "Ansible"],
          ["cloud-init", "cloud-init"],
        ]}
        onPick={(value) => (way.value = value)}
      />
      <Handed made={made} as={way.value} />
      <p class="hint">The token works once, and is shown only here. Its secret is not kept anywhere.</p>
      <ol class="steps" aria-live="polite">
        {progress.steps.map((step) => (
          <li class={step.state} aria-current={step.state === "now" ? "step" : undefined}>
            <Mark tone={TONES[step.state]} />
            {step.text}
          </li>
        ))}
      </ol>
      {progress.agent !== undefined && isWaiting(progress.agent) && (
        <div class="approve">
          <p>
            The device shows <code class="words">{(progress.agent.claim ?? progress.agent).words}</code>?
          </p>
          {may("agents:write") &&
            (progress.agent.claim === null ? <Approve agent={progress.agent} /> : <Reclaim agent={progress.agent} />)}
        </div>
      )}
      <div class="buttons">
        {progress.agent !== undefined && (
          <a class="button" href={`/agents/${progress.agent.id}`} onClick={close}>
            Look at {progress.agent.name}
          </a>
        )}
        <button type="button" class="plain" onClick={close}>
          Close
        </button>
      </div>
    </>
  );
}

async function tokenOf(id: string): Promise<Schema<"EnrolToken"> | undefined> {
  return (await get("/enrol-tokens")).items.find((token) => token.id === id);
}

function QrCode({ text }: { text: string }) {
  const { size, data } = useMemo(() => encode(text, { ecc: "M", border: 2 }), [text]);
  const path = data
    .map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join(""))
    .join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the token">
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
