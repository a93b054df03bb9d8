// What belongs to no agent.
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { get, post, remove, type Schema } from "./api";
import { Checks } from "./checks";
import { Choice, Colours, Copyable, Empty, Facts, Field } from "./components";
import { Loaded, Page, Section, State, Time, Table } from "./components";
import { Dialog } from "./dialog";
import type { Description } from "./fleet";
import { Live, useLive } from "./live";
import { Action } from "./saying";
import { may, me } from "./session";
import { Sessions, Users } from "./users";
import { Webhooks } from "./webhooks";

const EVERY_MS = 10_000;

export function SettingsPage() {
  return (
    <Page title="Settings">
      <You />
      <Root />
      {may("enrol-tokens") && <EnrolTokens />}
      {may("api-tokens") && <ApiTokens />}
      {may("webhooks") && <Webhooks />}
      {may("users") && <Users />}
      <Sessions />
      {may("users") && <Backup />}
    </Page>
  );
}

function You() {
  return (
    <Section title="You">
      <div class="panel">
        <Facts
          of={[
            ["Login", me.value?.login],
            ["You may", <span class="list">{me.value?.permissions.join(", ")}</span>],
          ]}
        />
        <Colours />
      </div>
    </Section>
  );
}

function Root() {
  const root = useLive(useMemo(() => new Live(() => get("/root"), 60_000), []));
  return (
    <Section title="Root">
      <div class="panel">
        <p>Every agent trusts this key and no other. Its words are what agents show when they enrol.</p>
        <Loaded from={root}>
          {({ words, fingerprint, urls }) => (
            <Facts
              of={[
                ["Words", <span class="words big">{words}</span>],
                ["Fingerprint", <code class="hash">{fingerprint}</code>],
                ["Agents reach it at", urls.join(", ")],
              ]}
            />
          )}
        </Loaded>
      </div>
    </Section>
  );
}

function stateOf(token: Schema<"EnrolToken">): Pick<Description, "tone" | "word"> {
  if (token.revoked) {
    return { tone: "off", word: "taken back" };
  }
  if (token.used >= token.uses) {
    return { tone: "ok", word: "used" };
  }
  return Date.parse(token.expires) <= Date.now() ? { tone: "off", word: "expired" } : { tone: "wait", word: "open" };
}

function EnrolTokens() {
  const tokens = useLive(useMemo(() => new Live(() => get("/enrol-tokens"), EVERY_MS), []));
  return (
    <Section title="Enrolment tokens">
      <Loaded from={tokens}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No tokens" />
          ) : (
            <Table
              label="Enrolment tokens"
              columns={[
                "Token",
                "State",
                "For a",
                ["Used", "wide-only"],
                ["Made", "wide-only"],
                ["Action", "unseen"],
              ]}
            >
              {items.map((token) => (
                <tr key={token.id}>
                  <th scope="row" class="number">
                    {token.id}
                  </th>
                  <td>
                    <State is={stateOf(token)} />
                  </td>
                  <td>{token.role}</td>
                  <td class="wide-only">
                    <span class="number">
                      {token.used} of {token.uses}
                    </span>
                    {token.usedBy.map((use) => (
                      <div key={use.agent} class="hint">
                        <a href={`/agents/${use.agent}`}>{use.name}</a> from {use.address}, <Time iso={use.time} />
                      </div>
                    ))}
                    {token.networks.length > 0 && <div class="hint">only from {token.networks.join(", ")}</div>}
                  </td>
                  <td class="wide-only">
                    <Time iso={token.created} /> <span class="hint">{token.author}</span>
                  </td>
                  <td class="end">
                    {stateOf(token).word === "open" && (
                      <Action
                        run={() => remove("/enrol-tokens/{id}", { id: token.id }).then(() => tokens.refresh())}
                        done="Taken back."
                        label={`Take back token ${token.id}`}
                      >
                        Take back
                      </Action>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </Section>
  );
}

function ApiTokens() {
  const tokens = useLive(useMemo(() => new Live(() => get("/api-tokens"), EVERY_MS), []));
  const isMaking = useSignal(false);
  return (
    <Section
      title="API tokens"
      aside={
        <button type="button" class="plain" onClick={() => (isMaking.value = true)}>
          Make one…
        </button>
      }
    >
      <Loaded from={tokens}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No API tokens" />
          ) : (
            <Table
              label="API tokens"
              columns={["Token", "May", ["Of", "wide-only"], "Ends", ["Action", "unseen"]]}
            >
              {items.map((token) => (
                <tr key={token.id}>
                  <th scope="row">
                    {token.note || "without a note"} <span class="hint number">{token.id}</span>
                  </th>
                  <td>{token.scopes.join(", ")}</td>
                  <td class="wide-only">{token.login}</td>
                  <td>
                    <Time iso={token.expires} />
                    <div class="hint">
                      {token.lastUsed === null ? "never used" : <>last used <Time iso={token.lastUsed} /></>}
                    </div>
                  </td>
                  <td class="end">
                    <Action
                      run={() => remove("/api-tokens/{id}", { id: token.id }).then(() => tokens.refresh())}
                      done="Taken back."
                      label={`Take back API token ${token.id}`}
                    >
                      Take back
                    </Action>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {isMaking.value && (
        <NewApiToken
          made={() => tokens.refresh()}
          close={() => {
            isMaking.value = false;
          }}
        />
      )}
    </Section>
  );
}

function NewApiToken(props: { made: () => Promise<void>; close: () => void }) {
  const all = me.value?.permissions ?? [];
  const scopes = useSignal<readonly string[]>(["agents:read"]);
  const note = useSignal("");
  const days = useSignal<"30" | "90" | "365">("90");
  const text = useSignal("");
  const make = async () => {
    const body = { scopes: [...scopes.value], note: note.value, days: Number(days.value) };
    text.value = (await post("/api-tokens", {}, body)).token;
    await props.made();
  };
  if (text.value !== "") {
    return (
      <Dialog title="The new API token" close={props.close}>
        <Copyable label="API token" text={text.value} />
        <p class="hint">It is shown only here. Send it as “Authorization: Bearer …”.</p>
      </Dialog>
    );
  }
  return (
    <Dialog title="Make an API token" close={props.close}>
      <Field label="Note" hint="What it is for.">
        <input value={note.value} maxLength={100} onInput={(event) => (note.value = event.currentTarget.value)} />
      </Field>
      <Checks label="It may" of={all.map((scope) => [scope, scope] as const)} taken={scopes} />
      <Choice
        label="Ends in"
        value={days.value}
        of={[
          ["30", "30 days"],
          ["90", "90 days"],
          ["365", "1 year"],
        ]}
        onPick={(value) => (days.value = value)}
      />
      <div class="buttons">
        <button type="button" class="plain" onClick={props.close}>
          Cancel
        </button>
        <Action kind="primary" run={make}>
          Make it
        </Action>
      </div>
    </Dialog>
  );
}

function Backup() {
  return (
    <Section title="Backup">
      <div class="panel">
        <p>
          Keys, agents, users and the audit are in one file, sealed with a passphrase. Make one every night, and keep it
          on another machine.
        </p>
        <Copyable
          label="command that backs the controller up"
          text="onebox-controller backup FILE --passphrase-file PASSPHRASE"
        />
      </div>
    </Section>
  );
}
