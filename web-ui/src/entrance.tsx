// What stands alone on a page before somebody is logged in: a form.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Field, Logo } from "./components";

export function Entrance(props: {
  title: string;
  verb: string;
  run: () => Promise<void>;
  children: ComponentChildren;
}) {
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = `${props.title} · onebox`;
    form.current?.querySelector("input")?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = "";
    try {
      await props.run();
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
        {props.children}
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="primary" disabled={isBusy.value} aria-busy={isBusy.value}>
          {props.verb}
        </button>
      </form>
    </main>
  );
}

interface Typed {
  readonly value: string;
  readonly type: (text: string) => void;
}

export function LoginField({ value, type }: Typed) {
  return (
    <Field label="Login">
      <input
        value={value}
        required
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={63}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </Field>
  );
}

export function PasswordField(props: Typed & { label: string; hint?: string; isNew?: boolean }) {
  return (
    <Field label={props.label} hint={props.hint}>
      <input
        type="password"
        value={props.value}
        required
        autocomplete={props.isNew === true ? "new-password" : "current-password"}
        maxLength={200}
        onInput={(event) => props.type(event.currentTarget.value)}
      />
    </Field>
  );
}
