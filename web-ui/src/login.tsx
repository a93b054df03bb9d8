import { useSignal } from "@preact/signals";
import { Entrance, LoginField, PasswordField } from "./entrance";
import { login, notice } from "./session";

export function LoginPage() {
  const name = useSignal("");
  const password = useSignal("");
  return (
    <Entrance title="Log in" verb="Log in" run={() => login(name.value.trim(), password.value)}>
      {notice.value !== "" && (
        <p class="notice" role="status">
          {notice.value}
        </p>
      )}
      <LoginField value={name.value} type={(text) => (name.value = text)} />
      <PasswordField label="Password" value={password.value} type={(text) => (password.value = text)} />
    </Entrance>
  );
}
