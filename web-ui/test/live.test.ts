import { describe, expect, it } from "vitest";
import { NoAnswer, Refusal, address, sentence } from "../src/api";
import { Live, reach } from "../src/live";
import { relative } from "../src/time";

describe("a live value", () => {
  const answers = (...given: (object | Error)[]) => {
    const left = [...given];
    return new Live(() => {
      const next = left.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    }, 1000);
  };

  it("stays the same object while nothing changes", async () => {
    const live = answers({ a: 1 }, { a: 1 }, { a: 2 });
    await live.refresh();
    const first = live.value.value;
    await live.refresh();
    expect(live.value.value).toBe(first);
    await live.refresh();
    expect(live.value.value).toEqual({ a: 2 });
  });

  it("is kept, and called stale, while there is no answer", async () => {
    const live = answers({ a: 1 }, new NoAnswer("away"), { a: 1 });
    await live.refresh();
    const { at } = reach.value;
    await live.refresh();
    expect(live.value.value).toEqual({ a: 1 });
    expect(live.failure.value?.message).toBe("away");
    expect(reach.value).toEqual({ live: false, at });
    await live.refresh();
    expect(live.failure.value).toBeUndefined();
    expect(reach.value.live).toBe(true);
  });

  it("takes a refusal for an answer", async () => {
    await answers(new Refusal(403, "forbidden", "No.")).refresh();
    expect(reach.value.live).toBe(true);
  });

  it("is forgotten", async () => {
    const live = answers({ a: 1 }, { a: 1 });
    await live.refresh();
    live.forget();
    expect(live.value.value).toBeUndefined();
    await live.refresh();
    expect(live.value.value).toEqual({ a: 1 });
  });
});

describe("an address of the API", () => {
  it("has its values in their places and the others behind", () => {
    expect(address("/agents/{id}", { id: "a/b" })).toBe("/api/v1/agents/a%2Fb");
    expect(address("/agents", { after: "a b", limit: 2 })).toBe("/api/v1/agents?after=a+b&limit=2");
  });
});

describe("a detail of a problem", () => {
  it("is shown as a sentence", () => {
    expect(sentence("login or password is wrong")).toBe("Login or password is wrong.");
  });
});

describe("a time", () => {
  it("is told from now", () => {
    const now = Date.parse("2026-11-25T12:00:00Z");
    expect(relative("2026-11-25T11:59:30Z", now)).toBe("now");
    expect(relative("2026-11-25T09:00:00Z", now)).toBe("3 hr. ago");
    expect(relative("2026-11-27T12:00:00Z", now)).toBe("in 2 days");
  });
});
