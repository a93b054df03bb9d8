// Users and whoever is logged in: owners change all of it, everybody else has his own sessions.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { get, patch, post, remove, type Schema } from "./api";
import { Choice, Empty, Field, Loaded, Section, Time, Table } from "./components";
import { Confirm, Dialog } from "./dialog";
import { Live, useLive } from "./live";
import { Action } from "./saying";
import { heartbeat, may, me } from "./session";

type User = Schema<"User">;
type Role = Schema<"Role">;

const EVERY_MS = 10_000;
const SHORTEST_PASSWORD = 12;

const ROLES: readonly (readonly [Role, string])[] = [
  ["owner", "Owner"],
  ["admin", "Admin"],
  ["operator", "Operator"],
  ["viewer", "Viewer"],
];

const MAY: Record<Role, string> = {
  owner: "May do everything.",
  admin: "May do everything but change users.",
  operator: "Runs agents and enrols new ones.",
  viewer: "Looks on.",
};

type Asking = { readonly what: "add" } | { readonly what: "role" | "password" | "remove"; readonly user: User };

export function Users() {
  const users = useLive(useMemo(() => new Live(() => get("/users"), EVERY_MS), []));
  const asking = useSignal<Asking | undefined>(undefined);
  const close = () => (asking.value = undefined);
  const changed = () => Promise.all([users.refresh(), heartbeat.refresh()]);
  return (
    <Section
      title="Users"
      aside={
        <button type="button" class="plain" onClick={() => (asking.value = { what: "add" })}>
          Add a user…
        </button>
      }
    >
      <Loaded from={users}>
        {({ items }) => (
          <Table
            label="Users"
            columns={["Login", "Role", ["Added", "wide-only"], ["Actions", "unseen"]]}
          >
            {items.map((user) => (
              <tr key={user.login}>
                <th scope="row">
                  {user.login} {user.login === me.value?.login && <span class="hint">you</span>}
                </th>
                <td>{user.role}</td>
                <td class="wide-only">
                  <Time iso={user.created} />
                </td>
                <td class="end">
                  {(["role", "password", "remove"] as const).map((what) => (
                    <button
                      type="button"
                      class="plain"
                      key={what}
                      aria-label={`${WORDS[what]} ${user.login}`}
                      onClick={() => (asking.value = { what, user })}
                    >
                      {WORDS[what]}
                    </button>
                  ))}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {asking.value !== undefined && <Question of={asking.value} changed={changed} close={close} />}
    </Section>
  );
}

const WORDS = { role: "Role…", password: "Password…", remove: "Remove…" };

function Question(props: { of: Asking; changed: () => Promise<unknown>; close: () => void }) {
  const { of: asked, changed, close } = props;
  const done = () => changed().then(close);
  switch (asked.what) {
    case "add":
      return <NewUser done={done} close={close} />;
    case "role":
      return <ChangeRole user={asked.user} done={done} close={close} />;
    case "password":
      return <NewPassword user={asked.user} done={done} close={close} />;
    case "remove":
      return (
        <Confirm
          title={`Remove ${asked.user.login}?`}
          word={asked.user.login}
          verb="Remove"
          run={() => remove("/users/{login}", { login: asked.user.login }).then(changed)}
          close={close}
        >
          <p>Sessions and API tokens of {asked.user.login} end at once. What was done stays in the audit.</p>
        </Confirm>
      );
  }
}

interface Asked {
  readonly done: () => Promise<unknown>;
  readonly close: () => void;
}

function NewUser({ done, close }: Asked) {
  const login = useSignal("");
  const role = useSignal<Role>("viewer");
  const password = useSignal("");
  const save = () => post("/users", {}, { login: login.value, role: role.value, password: password.value }).then(done);
  return (
    <Form title="Add a user" verb="Add" save={save} said="Added." close={close}>
      <Field label="Login" hint="Letters, digits and . _ @ -">
        <input
          value={login.value}
          autocomplete="off"
          spellcheck={false}
          maxLength={63}
          onInput={(event) => (login.value = event.currentTarget.value)}
        />
      </Field>
      <RoleChoice role={role.value} pick={(picked) => (role.value = picked)} />
      <Password value={password.value} type={(typed) => (password.value = typed)} />
    </Form>
  );
}

function ChangeRole({ user, done, close }: Asked & { user: User }) {
  const role = useSignal<Role>(user.role);
  const save = () => patch("/users/{login}", { login: user.login }, { role: role.value }).then(done);
  return (
    <Form title={`Role of ${user.login}`} verb="Save" save={save} said="Saved." close={close}>
      <RoleChoice role={role.value} pick={(picked) => (role.value = picked)} />
    </Form>
  );
}

function NewPassword({ user, done, close }: Asked & { user: User }) {
  const password = useSignal("");
  const save = () =>
    post("/users/{login}/password", { login: user.login }, { password: password.value }).then(done);
  return (
    <Form title={`Password of ${user.login}`} verb="Save" save={save} said="Saved." close={close}>
      <Password value={password.value} type={(typed) => (password.value = typed)} />
      <p>All sessions of {user.login} end.</p>
    </Form>
  );
}

function Form(props: {
  title: string;
  verb: string;
  said: string;
  save: () => Promise<unknown>;
  close: () => void;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={props.title} close={props.close}>
      {props.children}
      <div class="buttons">
        <button type="button" class="plain" onClick={props.close}>
          Cancel
        </button>
        <Action kind="primary" run={props.save} done={props.said}>
          {props.verb}
        </Action>
      </div>
    </Dialog>
  );
}

function RoleChoice({ role, pick }: { role: Role; pick: (role: Role) => void }) {
  return (
    <div>
      <Choice label="Role" value={role} of={ROLES} onPick={pick} />
      <p class="hint">{MAY[role]}</p>
    </div>
  );
}

function Password({ value, type }: { value: string; type: (typed: string) => void }) {
  return (
    <Field label="Password" hint={`At least ${SHORTEST_PASSWORD} characters.`}>
      <input
        type="password"
        value={value}
        autocomplete="new-password"
        minLength={SHORTEST_PASSWORD}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </Field>
  );
}

export function Sessions() {
  const sessions = useLive(useMemo(() => new Live(() => get("/sessions"), EVERY_MS), []));
  return (
    <Section title={may("users") ? "Who is logged in" : "Your sessions"}>
      <Loaded from={sessions}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No sessions" />
          ) : (
            <Table
              label="Sessions"
              columns={["Login", "From", ["Since", "wide-only"], "Last seen", ["Action", "unseen"]]}
            >
              {items.map((session) => (
                <tr key={session.id}>
                  <th scope="row">
                    {session.login} {session.current && <span class="hint">this one</span>}
                  </th>
                  <td class="number">{session.address}</td>
                  <td class="wide-only">
                    <Time iso={session.created} />
                  </td>
                  <td>
                    <Time iso={session.seen} />
                  </td>
                  <td class="end">
                    {!session.current && (
                      <Action
                        run={() => remove("/sessions/{id}", { id: session.id }).then(() => sessions.refresh())}
                        done="Ended."
                        label={`End session ${session.id} of ${session.login}`}
                      >
                        End
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
