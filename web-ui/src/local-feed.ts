// The traffic of the client that shows this page: asked once a second, and once for what was before.
import { computed, signal } from "@preact/signals";
import { NoAnswer, sentence, type Schema } from "./api";
import { Live, reach } from "./live";
import { changes, momentOf, tracksOf, type Sampled, type Status } from "./local-status";
import { LIVE_SECONDS, RANGES, joined, withMoment, type Range, type Tracks } from "./series";
import type { Feed } from "./traffic-feed";

export type { Status } from "./local-status";

const EVERY_MS = 1000;
const PATIENCE_MS = 5000;
const MOST_EVENTS = 500;
const QUIET_MS = 5000;

async function ask(path: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new NoAnswer("The agent does not answer. It may have been stopped.");
  }
  if (response.ok) {
    return response.text();
  }
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(sentence(detail ?? `The agent answered ${response.status}`));
}

export class LocalFeed implements Feed {
  readonly status = new Live(() => this.#read(), EVERY_MS);
  readonly range = signal<Range>(RANGES[0]);
  readonly #tracks = signal<Tracks>(new Map());
  readonly #events = signal<readonly Schema<"Event">[]>([]);
  readonly #failure = signal<Error | undefined>(undefined);
  #last: Sampled | undefined;

  readonly newest = computed(() => {
    const status = this.status.value.value;
    return status === undefined ? undefined : momentOf(status);
  });
  readonly events = computed(() => this.#events.value);
  readonly failure = computed(() => this.#failure.value);
  readonly isLoaded = computed(() => this.#tracks.value.size > 0);
  readonly isQuiet = computed(() => !reach.value.live);
  readonly end = computed(() => Date.parse(this.newest.value?.time ?? new Date().toISOString()) / 1000);
  readonly tracks = computed(() =>
    joined(new Map(), this.#tracks.value, this.end.value - this.range.value.seconds),
  );

  watch(): () => void {
    return () => undefined; // the page watches the status, for as long as it is there
  }

  pick(range: Range): void {
    this.range.value = range;
  }

  retry(): void {
    void this.status.refresh();
  }

  async #read(): Promise<Status> {
    const status = JSON.parse(await ask("/v1/status")) as Status;
    const last = this.#last;
    if (last === undefined || Date.parse(status.time) - Date.parse(last.time) > QUIET_MS) {
      await this.#catchUp();
    }
    this.#tracks.value = withMoment(this.#tracks.value, momentOf(status));
    this.#hear(status);
    return status;
  }

  /** What the agent has kept: it was there before the page was, and while the page slept. */
  async #catchUp(): Promise<void> {
    try {
      const lines = (await ask(`/v1/stats?last=${LIVE_SECONDS}`)).trim().split("\n").filter(Boolean);
      const samples = lines.map((line) => JSON.parse(line) as Sampled);
      this.#tracks.value = tracksOf(samples);
      const known = this.#last === undefined ? -Infinity : Date.parse(this.#last.time);
      samples.filter(({ time }) => Date.parse(time) > known).forEach((sample) => this.#hear(sample));
      this.#failure.value = undefined;
    } catch (failure) {
      this.#failure.value = failure as Error;
    }
  }

  #hear(sample: Sampled): void {
    if (this.#last !== undefined) {
      const found = changes(this.#last, sample, this.#events.peek()[0]?.number ?? 0);
      if (found.length > 0) {
        this.#events.value = [...found.reverse(), ...this.#events.peek()].slice(0, MOST_EVENTS);
      }
    }
    this.#last = sample;
  }
}
