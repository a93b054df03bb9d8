// One WebSocket for everything that is looked at right now. It opens with the first subscription, comes back by
// itself, and rests while the page is hidden.
import { computed, signal, type ReadonlySignal } from "@preact/signals";

const PROTOCOL = "onebox.stream.v1";
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
const IDLE_MS = 1_000;
const HIDDEN_MS = 30_000;

/** What a subscriber hears: all there is, then one by one what is new. The answers are as the contract says. */
export interface Listener<T> {
  readonly snap: (items: readonly T[]) => void;
  readonly delta: (item: T) => void;
}

interface Subscription {
  readonly topic: string;
  readonly listener: Listener<unknown>;
}

interface Frame {
  readonly type: "snap" | "delta" | "gap" | "err";
  readonly id: number;
  readonly data?: unknown;
}

/** As much of a WebSocket as is needed here. */
export type Socket = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
};

export class Stream {
  readonly #isOpen = signal(false);
  readonly #subscriptions = new Map<number, Subscription>();
  #socket: Socket | undefined;
  #next = 1;
  #retryMs = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** Whether news comes in. */
  readonly isOpen: ReadonlySignal<boolean> = computed(() => this.#isOpen.value);

  constructor(readonly connect: () => Socket) {}

  /** Listens to a topic. The answer stops listening. */
  subscribe<T>(topic: string, listener: Listener<T>): () => void {
    const id = this.#next++;
    this.#subscriptions.set(id, { topic, listener: listener as Listener<unknown> });
    clearTimeout(this.#rest);
    if (this.#isOpen.peek()) {
      this.#say({ type: "sub", id, topic });
    } else {
      this.#open();
    }
    return () => {
      this.#subscriptions.delete(id);
      if (this.#isOpen.peek()) {
        this.#say({ type: "unsub", id });
      }
      if (this.#subscriptions.size === 0) {
        this.#rest = setTimeout(() => this.#close(), IDLE_MS);
      }
    };
  }

  /** The page is seen again, or not any more. */
  show(isVisible: boolean): void {
    clearTimeout(this.#rest);
    if (!isVisible) {
      this.#rest = setTimeout(() => this.#close(), HIDDEN_MS);
    } else {
      this.#openIfWanted();
    }
  }

  #openIfWanted(): void {
    if (this.#subscriptions.size > 0) {
      this.#open();
    }
  }

  #open(): void {
    clearTimeout(this.#timer);
    if (this.#socket !== undefined) {
      return;
    }
    const socket = this.connect();
    this.#socket = socket;
    socket.onopen = () => {
      this.#isOpen.value = true;
      this.#subscriptions.forEach(({ topic }, id) => this.#say({ type: "sub", id, topic }));
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data) as Frame);
    socket.onclose = () => {
      this.#socket = undefined;
      this.#isOpen.value = false;
      if (this.#subscriptions.size > 0) {
        this.#timer = setTimeout(() => this.#openIfWanted(), this.#retryMs * (0.5 + Math.random()));
        this.#retryMs = Math.min(LONGEST_RETRY_MS, 2 * this.#retryMs);
      }
    };
  }

  #close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isOpen.value = false;
    if (socket !== undefined) {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
    }
  }

  #say(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #hear({ type, id, data }: Frame): void {
    const listener = this.#subscriptions.get(id)?.listener;
    this.#retryMs = FIRST_RETRY_MS;
    if (type === "snap") {
      listener?.snap((data as { items: readonly unknown[] }).items);
    } else if (type === "delta") {
      listener?.delta(data);
    }
  }
}

export const stream = new Stream(() => {
  const address = new URL("/api/v1/stream", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return new WebSocket(address, PROTOCOL) as unknown as Socket;
});

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => stream.show(document.visibilityState === "visible"));
}
