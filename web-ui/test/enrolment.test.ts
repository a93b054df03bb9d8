import { describe, expect, it } from "vitest";
import type { Schema } from "../src/api";
import { cloudInit, command, NAME, playbook, steps } from "../src/enrolment";
import { agent, van } from "./agents";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const token: Schema<"EnrolToken"> = {
  id: "0011223344556677",
  role: "client",
  approval: "auto",
  endpoints: [],
  networks: [],
  tags: [],
  uses: 1,
  used: 0,
  usedBy: [],
  created: "2026-11-25T11:59:00Z",
  expires: "2026-11-25T12:59:00Z",
  revoked: false,
  author: "user:alice",
};

describe("the command", () => {
  it("keeps the token out of the arguments, which every process can see", () => {
    const text = command("client", "obe1_secret_000000", "van");
    expect(text.split("\n")[0]).toBe("sudo onebox-client enrol --token-file - --name van <<'END'");
    expect(text.split("\n").filter((line) => line.startsWith("sudo")).join()).not.toContain("obe1_");
  });

  it("takes only names that need no quotes", () => {
    expect(["van", "van-2.example_net"].every((name) => NAME.test(name))).toBe(true);
    expect(["", "a b", "a;b", "$(a)", "a".repeat(64)].some((name) => NAME.test(name))).toBe(false);
  });
});

describe("snippets for machines that set themselves up", () => {
  it("leave the token out of the playbook, which asks for it and runs once", () => {
    const text = playbook("server", "frankfurt");
    expect(text).toContain("cmd: onebox-server enrol --token-file - --name frankfurt\n");
    expect(text).toContain("creates: /var/lib/onebox/control-server/enrolment.json\n");
    expect(text).toContain("private: true");
    expect(text).toContain("no_log: true");
  });

  it("keep the token out of the commands of cloud-init, and remove it", () => {
    const text = cloudInit("client", "obe1_secret_000000", "");
    expect(text.split("\n")[0]).toBe("#cloud-config");
    const commands = text.split("runcmd:")[1];
    expect(commands?.trim().split("\n").map((line) => line.trim())).toEqual([
      "- onebox-client enrol --token-file /run/onebox-token",
      "- rm /run/onebox-token",
      "- onebox-client start",
    ]);
  });
});

describe("the steps of an enrolment", () => {
  const shown = (...given: Parameters<typeof steps>) =>
    steps(...given).steps.map((step) => `${step.state}: ${step.text}`);
  const use = { agent: van.id, name: "van", address: "192.0.2.7", time: "2026-11-25T11:59:30Z" };
  const used = { ...token, used: 1, usedBy: [use] };

  it("wait for the device", () => {
    expect(shown(undefined, [], NOW)[1]).toBe("now: Waiting for the device");
    expect(shown(token, [], NOW)[1]).toBe("now: Waiting for the device");
  });

  it("go from enrolled to online", () => {
    expect(shown(used, [{ ...van, connected: false }], NOW)).toEqual([
      "done: Token made",
      "done: Enrolled as van",
      "now: Waiting until it connects",
    ]);
    expect(shown(used, [van], NOW).at(-1)).toBe("done: Online");
  });

  it("are of the agent that used the token, and of no other", () => {
    const bus = agent({ name: "bus" });
    expect(steps(used, [bus, van], NOW).agent).toBe(van);
    expect(steps(used, [bus], NOW).agent).toBeUndefined();
  });

  it("wait for somebody to decide where the name is taken", () => {
    const claim = { words: "lusab-babad-gutih-tugat", system: "Linux", version: "0.1.0" };
    expect(shown(used, [{ ...van, claim }], NOW).slice(1)).toEqual([
      "now: Another agent is called van: reclaim it, or choose another name",
      "later: Online",
    ]);
  });

  it("wait for the approval if one is wanted", () => {
    const manual = { ...used, approval: "manual" } as const;
    expect(shown(manual, [{ ...van, state: "pending" }], NOW).slice(2)).toEqual([
      "now: Waiting for approval",
      "later: Online",
    ]);
    expect(shown(manual, [van], NOW).slice(2)).toEqual(["done: Approved", "done: Online"]);
  });

  it("end with the token", () => {
    const expired = { ...token, expires: "2026-11-25T11:59:59Z" };
    expect(shown(expired, [], NOW)[1]).toBe("failed: The token has expired");
    expect(shown({ ...token, revoked: true }, [], NOW)[1]).toBe("failed: The token was taken back");
  });
});
