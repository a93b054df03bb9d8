// What is above everything else until it is answered.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Field } from "./components";
import { reach } from "./live";
import { Action, Hearer, say, type Toast } from "./saying";

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export function Dialog(props: { title: string; close: () => void; children: ComponentChildren; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const said = useSignal<Toast | undefined>(undefined);
  const tell = useRef((text: string, isBad = false) => {
    if (dialog.current?.open === true) {
      said.value = { text, isBad };
    } else {
      say(text, isBad);
    }
  });
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
        {!reach.value.live && (
          <p class="notice">The controller does not answer: what stands here may be old, and nothing can be saved.</p>
        )}
        <Hearer.Provider value={tell.current}>{props.children}</Hearer.Provider>
        <p class={said.value?.isBad === true ? "problem" : "hint"} role="status">
          {said.value?.text}
        </p>
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
