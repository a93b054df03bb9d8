// What is said of what somebody did: in the corner, or in the dialog that is open.
import { signal, useSignal } from "@preact/signals";
import { createContext, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";

const TOAST_MS = 6000;
const toasts = signal<readonly Toast[]>([]);

export interface Toast {
  readonly text: string;
  readonly isBad: boolean;
}

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

/** Where an action says how it went: in its dialog while that is open, as nothing outside is read then. */
export const Hearer = createContext(say);

/** A button that is busy while its action runs, and says what went wrong. */
export function Action(props: {
  run: () => Promise<unknown>;
  children: ComponentChildren;
  done?: string;
  kind?: "primary" | "danger" | "plain";
  label?: string;
}) {
  const isBusy = useSignal(false);
  const tell = useContext(Hearer);
  const run = async () => {
    isBusy.value = true;
    try {
      await props.run();
      if (props.done !== undefined) {
        tell(props.done);
      }
    } catch (failure) {
      tell((failure as Error).message, true);
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
