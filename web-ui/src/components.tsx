// The pieces that pages are made of.
import { cloneElement, type ComponentChildren, type JSX, type VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { reach, type Live } from "./live";
import { arriveAt } from "./router";
import type { Description } from "./fleet";
import { Action } from "./saying";
import { setTheme, theme } from "./theme";
import { clock, date, relative } from "./time";

/** A page with its heading, which takes the focus when one comes here from another. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => arriveAt(heading.current), []);
  // An effect lives long and keeps what it names: with the children it would keep every picture that was ever shown.
  useEffect(() => {
    document.title = `${title} · onebox`;
  }, [title]);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
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

/** What is shown of a live value: its skeleton, its failure, or itself, and that it may be old. */
export function Loaded<T>(props: { from: Live<T>; children: (value: T) => ComponentChildren }) {
  const value = props.from.value.value;
  const failure = props.from.failure.value;
  if (value !== undefined) {
    const isOld = failure !== undefined && reach.value.live;
    return (
      <>
        {isOld && <p class="notice">This may be old. {failure.message}</p>}
        {props.children(value)}
      </>
    );
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

/** A control with its label, and a hint that is read with it. */
export function Field(props: { label: string; hint?: string | undefined; children: VNode<JSX.HTMLAttributes> }) {
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
export type Column = string | readonly [title: string, how: "wide-only" | "widest-only" | "unseen"];

/** A table in a panel; its rows are the children. */
export function Table(props: { label: string; columns: readonly Column[]; children: ComponentChildren }) {
  return (
    <div class="panel table">
      <table aria-label={props.label}>
        <thead>
          <tr>
            {props.columns.map((column) => {
              const [title, how] = typeof column === "string" ? [column, undefined] : column;
              return (
                <th scope="col" key={title} class={how === "unseen" ? undefined : how}>
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
