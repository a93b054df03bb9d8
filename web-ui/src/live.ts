// Values that the controller is asked for again and again, while somebody looks at them.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NoAnswer } from "./api";

/** When the controller answered last, and whether it still does. */
export const reach = signal<{ live: boolean; at: number | undefined }>({ live: true, at: undefined });

export function noteAnswer(at: number): void {
  reach.value = { live: true, at };
}

export function noteSilence(): void {
  if (reach.value.live) {
    reach.value = { live: false, at: reach.value.at };
  }
}

/** Runs a question and notes whether the controller answered. */
export async function noting<T>(question: () => Promise<T>): Promise<T> {
  try {
    const answer = await question();
    noteAnswer(Date.now());
    return answer;
  } catch (failure) {
    if (failure instanceof NoAnswer) {
      noteSilence();
    } else {
      noteAnswer(Date.now());
    }
    throw failure;
  }
}

export class Live<T> {
  readonly #value = signal<T | undefined>(undefined);
  readonly #failure = signal<Error | undefined>(undefined);
  #text = "";
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  /** The newest answer; it is the same object as long as nothing changed. */
  readonly value: ReadonlySignal<T | undefined> = computed(() => this.#value.value);
  /** Why the newest question had no answer. */
  readonly failure: ReadonlySignal<Error | undefined> = computed(() => this.#failure.value);

  constructor(
    readonly read: () => Promise<T>,
    readonly everyMs: number | (() => number),
  ) {}

  /** Asks while watched and visible. The answer stops watching. */
  watch(): () => void {
    if (++this.#watchers === 1) {
      document.addEventListener("visibilitychange", this.#look);
      void this.refresh();
    }
    return () => {
      if (--this.#watchers === 0) {
        document.removeEventListener("visibilitychange", this.#look);
        clearTimeout(this.#timer);
      }
    };
  }

  /** Asks now. */
  async refresh(): Promise<void> {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    clearTimeout(this.#timer);
    try {
      this.put(await noting(this.read));
    } catch (failure) {
      this.#failure.value = failure as Error;
    } finally {
      this.#asking = false;
      if (this.#watchers > 0) {
        this.#timer = setTimeout(this.#look, typeof this.everyMs === "number" ? this.everyMs : this.everyMs());
      }
    }
  }

  /** Forgets everything: another user may look next. */
  forget(): void {
    this.#value.value = undefined;
    this.#failure.value = undefined;
    this.#text = "";
  }

  /** Takes what was heard in another way. */
  put(answer: T): void {
    const text = JSON.stringify(answer);
    this.#failure.value = undefined;
    if (text !== this.#text) {
      this.#text = text;
      this.#value.value = answer;
    }
  }

  readonly #look = (): void => {
    if (document.visibilityState === "visible") {
      void this.refresh();
    }
  };
}

export function useLive<T>(live: Live<T>): Live<T> {
  useEffect(() => live.watch(), [live]);
  return live;
}
