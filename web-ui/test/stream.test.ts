import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Agent } from "../src/api";
import { fleet, followFleet, keptIn, withNews } from "../src/fleet";
import { Stream, stream as common, type Listener, type Socket } from "../src/stream";
import { agent, frankfurt, van } from "./agents";

/** A socket whose other end is the test. */
class MemorySocket implements Socket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readyState = 0;
  isClosed = false;
  readonly sent: object[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as object);
  }

  close(): void {
    this.isClosed = true;
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

describe("the stream", () => {
  const sockets: MemorySocket[] = [];
  const heard: unknown[] = [];
  const hear = (what: unknown) => heard.push(what);
  const listener = { snap: hear, delta: hear };
  let stream: Stream;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets.length = 0;
    heard.length = 0;
    stream = new Stream(() => {
      const socket = new MemorySocket();
      sockets.push(socket);
      return socket;
    });
  });

  afterEach(() => vi.useRealTimers());

  it("opens with the first subscription, and each hears its own topic", () => {
    stream.subscribe("agents", listener);
    sockets[0]!.onopen!();
    stream.subscribe("agent/a/live", { snap: () => undefined, delta: () => undefined });
    expect(sockets).toHaveLength(1);
    expect(sockets[0]!.sent).toEqual([
      { type: "sub", id: 1, topic: "agents" },
      { type: "sub", id: 2, topic: "agent/a/live" },
    ]);
    sockets[0]!.say({ type: "snap", id: 1, seq: 1, data: { items: [1] } });
    sockets[0]!.say({ type: "delta", id: 1, seq: 2, data: 2 });
    sockets[0]!.say({ type: "delta", id: 2, seq: 1, data: 3 });
    sockets[0]!.say({ type: "gap", id: 1, seq: 3, data: 5 });
    expect(heard).toEqual([[1], 2]);
  });

  it("comes back when it was cut, later each time, and asks for everything again", () => {
    stream.subscribe("agents", listener);
    sockets[0]!.onopen!();
    expect(stream.isOpen.value).toBe(true);
    sockets[0]!.onclose!();
    expect(stream.isOpen.value).toBe(false);
    vi.advanceTimersByTime(400);
    expect(sockets).toHaveLength(2);
    sockets[1]!.onclose!();
    vi.advanceTimersByTime(240);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(600);
    sockets[2]!.onopen!();
    expect(sockets[2]!.sent).toEqual([{ type: "sub", id: 1, topic: "agents" }]);
  });

  it("does not come back when nobody listens any more", () => {
    const stop = stream.subscribe("agents", listener);
    sockets[0]!.onopen!();
    sockets[0]!.onclose!();
    stop();
    vi.advanceTimersByTime(10_000);
    expect(sockets).toHaveLength(1);
  });

  it("closes when nobody listens, and when the page is hidden for long", () => {
    const stop = stream.subscribe("agents", listener);
    sockets[0]!.onopen!();
    stream.show(false);
    vi.advanceTimersByTime(29_000);
    stream.show(true);
    expect(sockets[0]!.isClosed).toBe(false);
    stream.show(false);
    vi.advanceTimersByTime(31_000);
    expect(sockets[0]!.isClosed).toBe(true);
    stream.show(true);
    expect(sockets).toHaveLength(2);
    sockets[1]!.onopen!();
    stop();
    expect(sockets[1]!.sent.at(-1)).toEqual({ type: "unsub", id: 1 });
    vi.advanceTimersByTime(2_000);
    expect(sockets[1]!.isClosed).toBe(true);
  });
});

describe("the fleet", () => {
  it("takes news, and keeps what did not change", () => {
    const agents = [frankfurt, van];
    const changed = { ...van, connected: false };
    const bus = { ...van, id: "bus", name: "bus" };
    const after = withNews(agents, new Map([changed, bus].map((agent) => [agent.id, agent])));
    expect(after).toEqual([bus, frankfurt, changed]);
    expect(after[1]).toBe(frankfurt);
    expect(withNews(after, new Map([["bus", { id: "bus", state: "deleted" as const }]]))).toEqual([frankfurt, changed]);
  });

  it("shows news of many in portions, the newest of each, and none twice", () => {
    vi.useFakeTimers();
    const hears = vi.spyOn(common, "subscribe").mockReturnValue(() => undefined);
    const stop = followFleet();
    const heard = hears.mock.calls[0]![1] as Listener<Agent>;
    const many = Array.from({ length: 45 }, (_, index) => agent({ name: `van${index + 10}` }));
    const online = () => fleet.value.value!.filter(({ connected }) => connected).length;
    heard.snap(many.map((each) => ({ ...each, connected: false })));
    many.forEach(heard.delta);
    heard.delta({ ...many[44]!, version: "0.2.0" });
    expect(online()).toBe(0);
    const shown = [1, 2, 3, 4].map(() => {
      vi.advanceTimersByTime(100);
      return online();
    });
    expect(shown).toEqual([20, 40, 45, 45]);
    expect(fleet.value.value!.at(-1)!.version).toBe("0.2.0");
    expect(vi.getTimerCount()).toBe(0);
    stop();
    fleet.forget();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("keeps what did not change in a whole answer, too", () => {
    const moved = { ...van, server: null };
    const after = keptIn([{ ...frankfurt }, moved], [van, frankfurt]);
    expect(after[0]).toBe(frankfurt);
    expect(after[1]).toBe(moved);
  });
});
