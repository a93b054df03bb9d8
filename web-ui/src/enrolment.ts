// From a token to an agent that is online.
import type { Agent, Schema } from "./api";

export const NAME = /^[A-Za-z0-9._\-]{1,63}$/; // escaped for the pattern attribute, which browsers read with the flag v

function named(name: string): string {
  return name === "" ? "" : ` --name ${name}`;
}

/** The words in what somebody typed. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** What one types on the device. The token goes through standard input: arguments are visible to every process. */
export function command(role: Agent["role"], token: string, name: string): string {
  return [
    `sudo onebox-${role} enrol --token-file -${named(name)} <<'END'`,
    token,
    "END",
    `sudo onebox-${role} start`,
  ].join("\n");
}

/** A playbook for one machine. It asks for the token, so that no file has it. */
export function playbook(role: Agent["role"], name: string): string {
  return `- name: Enrol a ${role}
  hosts: ${name === "" ? "all" : name}
  become: true
  vars_prompt:
    - name: onebox_token
      prompt: Enrolment token
      private: true
  tasks:
    - name: Enrol
      ansible.builtin.command:
        cmd: onebox-${role} enrol --token-file -${named(name)}
        stdin: "{{ onebox_token }}"
        creates: /var/lib/onebox/control-${role}/enrolment.json
      no_log: true
    - name: Start, now and after a reboot
      ansible.builtin.systemd:
        name: onebox-${role}
        enabled: true
        state: started
`;
}

/** User data for a machine that is made from an image with the agent in it. */
export function cloudInit(role: Agent["role"], token: string, name: string): string {
  return `#cloud-config
write_files:
  - path: /run/onebox-token
    permissions: "0600"
    content: ${token}
runcmd:
  - onebox-${role} enrol --token-file /run/onebox-token${named(name)}
  - rm /run/onebox-token
  - onebox-${role} start
`;
}

export type StepState = "done" | "now" | "later" | "failed";

export interface Step {
  readonly state: StepState;
  readonly text: string;
}

/**
 * How far an enrolment has come.
 *
 * @param nowMs to know whether the token has expired
 */
export function steps(
  token: Schema<"EnrolToken"> | undefined,
  agents: readonly Agent[],
  nowMs: number,
): { agent: Agent | undefined; steps: Step[] } {
  const user = token?.usedBy[0]?.agent;
  const agent = agents.find((each) => each.id === user);
  const isOver = token !== undefined && (token.revoked || Date.parse(token.expires) <= nowMs);
  if (agent === undefined) {
    return {
      agent,
      steps: [
        { state: "done", text: "Token made" },
        isOver
          ? { state: "failed", text: token.revoked ? "The token was taken back" : "The token has expired" }
          : { state: "now", text: "Waiting for the device" },
        { state: "later", text: "Online" },
      ],
    };
  }
  const isClaim = agent.claim !== null;
  const isApproved = agent.state !== "pending" && !isClaim;
  return {
    agent,
    steps: [
      { state: "done", text: "Token made" },
      isClaim
        ? { state: "now", text: `Another agent is called ${agent.name}: reclaim it, or choose another name` }
        : { state: "done", text: `Enrolled as ${agent.name}` },
      ...(token?.approval === "manual" && !isClaim
        ? [{ state: isApproved ? "done" : "now", text: isApproved ? "Approved" : "Waiting for approval" } as Step]
        : []),
      agent.connected && isApproved
        ? { state: "done", text: "Online" }
        : { state: isApproved ? "now" : "later", text: isApproved ? "Waiting until it connects" : "Online" },
    ],
  };
}
