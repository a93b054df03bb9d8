// The first page of a new controller: whoever opens the address that it printed chooses login and password.
import { useSignal } from "@preact/signals";
import { Entrance, LoginField, PasswordField } from "./entrance";
import { navigate } from "./router";
import { setUp } from "./session";

export function SetUpPage({ secret }: { secret: string }) {
  const name = useSignal("");
  const password = useSignal("");
  const again = useSignal("");
  const run = async () => {
    if (password.value !== again.value) {
      throw new Error("The passwords are not the same.");
    }
    await setUp(secret, name.value.trim(), password.value);
    navigate("/");
  };
  return (
    <Entrance title="Set up" verb="Set up" run={run}>
      <p>This controller is new. Who sets it up is its owner, and adds other users.</p>
      <LoginField value={name.value} type={(text) => (name.value = text)} />
      <PasswordField
        label="Password"
        hint="12 characters or more."
        isNew
        value={password.value}
        type={(text) => (password.value = text)}
      />
      <PasswordField label="Password again" isNew value={again.value} type={(text) => (again.value = text)} />
      <p class="hint">
        Is there an owner already? <a href="/">Log in.</a>
      </p>
    </Entrance>
  );
}
