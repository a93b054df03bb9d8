import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Field } from "./components";
import { Logo } from "./components";
import { login, notice } from "./session";

export function LoginPage() {
  const name = useSignal("");
  const password = useSignal("");
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = "Log in · onebox";
    form.current?.querySelector("input")?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = "";
    try {
      await login(name.value.trim(), password.value);
    } catch (failure) {
      problem.value = (failure as Error).message;
      form.current?.querySelector<HTMLInputElement>("input[type=password]")?.select();
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <main class="alone">
      <form ref={form} class="panel login" onSubmit={(event) => void submit(event)}>
        <h1>
          <Logo /> onebox
        </h1>
        {notice.value !== "" && (
          <p class="notice" role="status">
            {notice.value}
          </p>
        )}
        <Field label="Login">
          <input
            value={name.value}
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxLength={63}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </Field>
        <Field label="Password">
          <input
            type="password"
            value={password.value}
            required
            autocomplete="current-password"
            maxLength={200}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </Field>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="primary" disabled={isBusy.value} aria-busy={isBusy.value}>
          Log in
        </button>
      </form>
    </main>
  );
}
