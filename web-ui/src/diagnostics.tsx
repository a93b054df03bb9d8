// What is well with an agent and what is not, and how to find out more.
import type { Agent, AgentDetail } from "./api";
import { Copyable, Facts, Section, State } from "./components";
import { commands, findings } from "./diagnosis";
import type { Tone } from "./fleet";

const WORDS: Record<Tone, string> = { ok: "good", wait: "look at it", off: "not known", bad: "wrong" };

export function Diagnostics({ agent, agents }: { agent: AgentDetail; agents: readonly Agent[] }) {
  return (
    <Section title="Diagnostics">
      <div class="panel">
        <Facts
          of={findings(agent, agents, Date.now()).map(({ about, tone, text }) => [
            about,
            <>
              <State is={{ tone, word: WORDS[tone] }} /> <span>{text}</span>
            </>,
          ])}
        />
        <p>On the device, these tell more:</p>
        <Copyable label="commands to run on the device" text={commands(agent.role)} />
      </div>
    </Section>
  );
}
