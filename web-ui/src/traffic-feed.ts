// What is known of the traffic of one agent: single seconds from the stream, everything older from the history.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { get, type Schema } from "./api";
import { noting } from "./live";
import { RANGES, busiest, isLive, joined, ofHistory, withMoment, type Range, type Tracks } from "./series";
import { stream } from "./stream";

/** Of a server with many clients, only the history of so many is asked for. */
const MOST_LINKS = 8;

const MOST_PAGES = 5;
const MOST_EVENTS = 500;
const REFRESH_SECONDS = 10;
const QUIET_SECONDS = 13;

/** A summary comes together with its last second. */
const SAME_MS = 1_500;

type Event = Schema<"Event">;
type Moment = Schema<"Moment">;

/** What is drawn, from whomever it comes. */
export interface Feed {
  readonly range: ReadonlySignal<Range>;
  readonly tracks: ReadonlySignal<Tracks>;
  /** The end of what is shown: the time of the newest sample, or of our clock while there is none. */
  readonly end: ReadonlySignal<number>;
  /** The last thing it said of its links. */
  readonly newest: ReadonlySignal<Moment | undefined>;
  readonly events: ReadonlySignal<readonly Event[]>;
  /** Why there is no history. */
  readonly failure: ReadonlySignal<Error | undefined>;
  readonly isLoaded: ReadonlySignal<boolean>;
  /** Whether it should have said something by now. */
  readonly isQuiet: ReadonlySignal<boolean>;
  /** Follows. The answer stops. */
  watch(): () => void;
  /** Shows another stretch of time. */
  pick(range: Range): void;
  retry(): void;
}

export class TrafficFeed implements Feed {
  readonly range = signal<Range>(RANGES[0]);
  readonly #live = signal<Tracks>(new Map());
  readonly #history = signal<Tracks | undefined>(undefined);
  readonly #events = signal<readonly Event[]>([]);
  readonly #newest = signal<Moment | undefined>(undefined);
  readonly #failure = signal<Error | undefined>(undefined);
  readonly #isQuiet = signal(false);
  #heardMs = 0;
  #asked = 0;

  readonly newest = computed(() => this.#newest.value);
  readonly events = computed(() => this.#events.value);
  readonly failure = computed(() => this.#failure.value);
  readonly isQuiet = computed(() => this.#isQuiet.value);
  readonly isLoaded = computed(() => this.#history.value !== undefined);

  readonly end = computed(() => {
    const moment = this.#newest.value;
    return moment === undefined || this.#isQuiet.value ? Date.now() / 1000 : Date.parse(moment.time) / 1000;
  });

  readonly tracks = computed(() => {
    const range = this.range.value;
    const seconds: Tracks = isLive(range) ? this.#live.value : new Map();
    return joined(this.#history.value ?? new Map(), seconds, this.end.value - range.seconds);
  });

  constructor(readonly agent: string) {}

  watch(): () => void {
    const stops = [
      stream.subscribe<Moment>(`agent/${this.agent}/live`, {
        snap: (items) => {
          items.forEach((moment) => (this.#live.value = withMoment(this.#live.value, moment)));
          this.#newest.value = items.at(-1) ?? this.#newest.value;
          this.#look();
        },
        delta: (moment) => this.#hear(moment),
      }),
      stream.subscribe<Event>(`agent/${this.agent}/events`, {
        snap: (items) => this.#know(items),
        delta: (event) => this.#know([event]),
      }),
    ];
    this.#heardMs = performance.now();
    this.pick(this.range.peek());
    let seconds = 0;
    const timer = setInterval(() => {
      this.#look();
      const isDue = ++seconds % REFRESH_SECONDS === 0 && !isLive(this.range.peek());
      if (isDue && document.visibilityState === "visible") {
        void this.#load();
      }
    }, 1000);
    return () => {
      stops.forEach((stop) => stop());
      clearInterval(timer);
    };
  }

  pick(range: Range): void {
    if (range !== this.range.peek()) {
      this.#history.value = undefined;
    }
    this.range.value = range;
    void this.#load();
    void this.#loadEvents();
  }

  retry(): void {
    this.pick(this.range.peek());
  }

  #hear(moment: Moment): void {
    this.#heardMs = performance.now();
    this.#isQuiet.value = false;
    this.#live.value = withMoment(this.#live.value, moment);
    const known = this.#newest.peek();
    if (known === undefined || moment.seconds === 1 || Date.parse(moment.time) - Date.parse(known.time) > SAME_MS) {
      this.#newest.value = moment;
    }
  }

  #look(): void {
    const moment = this.#newest.peek();
    if (moment === undefined || (performance.now() - this.#heardMs) / 1000 > QUIET_SECONDS) {
      this.#isQuiet.value = true;
    }
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    const { seconds, step } = this.range.peek();
    const from = new Date(Date.now() - 1000 * (seconds + step)).toISOString();
    const values = { id: this.agent, from, step };
    const live = this.#live.peek();
    try {
      const answers = await noting(() =>
        live.size > MOST_LINKS
          ? Promise.all(busiest(live, MOST_LINKS).map((link) => get("/agents/{id}/stats", { ...values, link })))
          : get("/agents/{id}/stats", values).then((answer) => [answer]),
      );
      if (asked === this.#asked) {
        this.#history.value = new Map(answers.flatMap((answer) => [...ofHistory(answer)]));
        this.#failure.value = undefined;
      }
    } catch (failure) {
      if (asked === this.#asked) {
        this.#failure.value = failure as Error;
      }
    }
  }

  /** Pages back until the whole range is known. */
  async #loadEvents(): Promise<void> {
    const from = Date.now() - 1000 * this.range.peek().seconds;
    let before: number | null | undefined;
    for (let page = 0; page < MOST_PAGES && before !== null; page++) {
      const values = before === undefined ? { id: this.agent } : { id: this.agent, before };
      const answer: Schema<"EventPage"> | undefined = await get("/agents/{id}/events", values).catch(() => undefined);
      if (answer === undefined) {
        return; // The stream tells of what is new, and the history says that there is no answer.
      }
      this.#know(answer.items);
      const oldest = answer.items.at(-1);
      before = oldest === undefined || Date.parse(oldest.time) < from ? null : answer.next;
    }
  }

  #know(events: readonly Event[]): void {
    const known = new Map(this.#events.peek().map((event) => [event.number, event]));
    events.forEach((event) => known.set(event.number, event));
    this.#events.value = [...known.values()].sort((one, other) => other.number - one.number).slice(0, MOST_EVENTS);
  }
}
