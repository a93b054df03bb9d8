// The pieces that pages are made of.
import { signal, useSignal } from "@preact/signals";
import { cloneElement, type ComponentChildren, type JSX, type VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { reach, type Live } from "./live";
import { arriveAt } from "./router";
import type { Description } from "./fleet";
import { setTheme, theme } from "./theme";
import { clock, date, relative } from "./time";

/** A page with its heading, which takes the focus when one comes here from another. */
export function Page(props: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => arriveAt(heading.current), []);
  useEffect(() => {
    document.title = `${props.title} · onebox`;
  }, [props.title]);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {props.title}
          </h1>
          {props.lead !== undefined && <p class="lead">{props.lead}</p>}
        </div>
        {props.actions !== undefined && <div class="actions">{props.actions}</div>}
      </header>
      {props.children}
    </>
  );
}

export function Section(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

/** A state as a shape, a colour and a word: none of the three alone. */
export function State({ is }: { is: Pick<Description, "tone" | "word"> }) {
  return (
    <span class={`state ${is.tone}`}>
      <Mark tone={is.tone} />
      {is.word}
    </span>
  );
}

const MARKS: Record<Description["tone"], string> = {
  ok: "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1Z",
  wait: "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1ZM6 3v6a3 3 0 0 1 0-6Z",
  off: "M2 5h8v2H2Z",
  bad: "M6 .6 11.6 11H.4Z",
};

export function Mark({ tone }: { tone: Description["tone"] }) {
  return (
    <svg class={`mark ${tone}`} viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
      <path d={MARKS[tone]} fill-rule="evenodd" />
    </svg>
  );
}

export function Time({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={date(iso)}>
      {relative(iso, Date.now())}
    </time>
  );
}

/** What is shown of a live value: its skeleton, its failure, or itself. */
export function Loaded<T>(props: { from: Live<T>; children: (value: T) => ComponentChildren }) {
  const value = props.from.value.value;
  const failure = props.from.failure.value;
  if (value !== undefined) {
    return <>{props.children(value)}</>;
  }
  return failure === undefined ? <Skeleton /> : <Failure of={failure} retry={() => void props.from.refresh()} />;
}

export function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      <i />
      <i />
      <i />
    </div>
  );
}

export function Failure(props: { of: Error; retry?: () => void }) {
  return (
    <div class="panel failure" role="alert">
      <p>{props.of.message}</p>
      {props.retry !== undefined && (
        <button type="button" onClick={props.retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="panel empty">
      <p class="strong">{props.title}</p>
      {props.children}
    </div>
  );
}

/** A button that is busy while its action runs, and says what went wrong. */
export function Action(props: {
  run: () => Promise<unknown>;
  children: ComponentChildren;
  done?: string;
  kind?: "primary" | "danger" | "plain";
  label?: string;
}) {
  const isBusy = useSignal(false);
  const run = async () => {
    isBusy.value = true;
    try {
      await props.run();
      if (props.done !== undefined) {
        say(props.done);
      }
    } catch (failure) {
      say((failure as Error).message, true);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button
      type="button"
      class={props.kind ?? "plain"}
      aria-label={props.label}
      aria-busy={isBusy.value}
      disabled={isBusy.value}
      onClick={() => void run()}
    >
      {props.children}
    </button>
  );
}

const TOAST_MS = 6000;
const toasts = signal<readonly { text: string; isBad: boolean }[]>([]);

/** Says something for a few seconds, also to a screen reader. */
export function say(text: string, isBad = false): void {
  const toast = { text, isBad };
  toasts.value = [...toasts.value, toast];
  setTimeout(() => (toasts.value = toasts.value.filter((other) => other !== toast)), TOAST_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <p class={toast.isBad ? "bad" : ""}>{toast.text}</p>
      ))}
    </div>
  );
}

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export function Dialog(props: { title: string; close: () => void; children: ComponentChildren; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close(); // gives the focus back to where it was
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.wide === true ? "wide" : ""}
      aria-labelledby={id}
      onClose={props.close}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{props.title}</h2>
          <button type="button" class="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="m3 3 10 10M13 3 3 13" />
            </svg>
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** A question before what cannot be undone; `word` has to be typed. */
export function Confirm(props: {
  title: string;
  word?: string;
  verb: string;
  run: () => Promise<unknown>;
  close: () => void;
  children: ComponentChildren;
}) {
  const typed = useSignal("");
  const isReady = props.word === undefined || typed.value.trim() === props.word;
  return (
    <Dialog title={props.title} close={props.close}>
      {props.children}
      {props.word !== undefined && (
        <Field label={`Type ${props.word} to go on`}>
          <input
            value={typed.value}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </Field>
      )}
      <div class="buttons">
        <button type="button" class="plain" onClick={props.close}>
          Cancel
        </button>
        {isReady ? (
          <Action kind="danger" run={() => props.run().then(props.close)}>
            {props.verb}
          </Action>
        ) : (
          <button type="button" class="danger" disabled>
            {props.verb}
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** A control with its label, and a hint that is read with it. */
export function Field(props: { label: string; hint?: string; children: VNode<JSX.HTMLAttributes> }) {
  const id = useId();
  const hint = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {cloneElement(props.children, { id, ...(props.hint === undefined ? {} : { "aria-describedby": hint }) })}
      {props.hint !== undefined && (
        <p class="hint" id={hint}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

/** Choices beside each other, one of which is taken. */
export function Choice<T extends string>(props: {
  label: string;
  of: readonly (readonly [T, string])[];
  value: T;
  onPick: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{props.label}</legend>
      <div>
        {props.of.map(([value, text]) => (
          <label key={value}>
            <input type="radio" name={name} checked={value === props.value} onChange={() => props.onPick(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Light, dark, or as the system has it. */
export function Colours() {
  return (
    <Choice
      label="Colours"
      value={theme.value}
      of={[
        ["system", "As the system"],
        ["light", "Light"],
        ["dark", "Dark"],
      ]}
      onPick={setTheme}
    />
  );
}

/** Text to be taken elsewhere, with a button that copies it. */
export function Copyable(props: { text: string; label: string }) {
  return (
    <div class="copyable">
      <pre tabIndex={0} role="group" aria-label={props.label}>
        {props.text}
      </pre>
      <Action run={() => navigator.clipboard.writeText(props.text)} done="Copied." label={`Copy ${props.label}`}>
        Copy
      </Action>
    </div>
  );
}

/** Names and values, the values aligned. */
export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 9c7 0 6 7 12 7h6M7 16h18M7 23c7 0 6-7 12-7" />
    </svg>
  );
}

/** Whether what is shown is what is. */
export function Connection() {
  const { live, at } = reach.value;
  return (
    <p class={`connection ${live ? "ok" : "bad"}`} role="status">
      {live ? "live" : at === undefined ? "offline" : `offline, showing ${clock(at)}`}
    </p>
  );
}

/** The head of a column; less important ones are left out where there is no room, and some only have a name. */
export type Column = string | readonly [title: string, how: "wide-only" | "unseen"];

/** A table in a panel; its rows are the children. */
export function Table(props: { label: string; columns: readonly Column[]; children: ComponentChildren }) {
  return (
    <div class="panel table">
      <table aria-label={props.label}>
        <thead>
          <tr>
            {props.columns.map((column) => {
              const [title, how] = typeof column === "string" ? [column, ""] : column;
              return (
                <th scope="col" key={title} class={how === "wide-only" ? how : undefined}>
                  {how === "unseen" ? <span class="unseen">{title}</span> : title}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
