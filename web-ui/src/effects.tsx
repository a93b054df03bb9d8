// What a change does to configurations: afterwards, and before it is made.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import type { Change, Preview } from "./api";
import { changed, type DiffLine } from "./configuration";
import { Action, Hearer } from "./saying";

const SIGNS = { same: " ", added: "+", removed: "−" };

/** Lines of a configuration; of the first one there is nothing to compare with. */
export function Difference(props: { label: string; of: readonly DiffLine[]; isFirst?: boolean }) {
  const { of, isFirst = false } = props;
  return (
    <pre class="difference" tabIndex={0} role="group" aria-label={props.label}>
      {of.map((line) => (
        <span class={isFirst ? "same" : line.kind}>
          {isFirst ? "" : `${SIGNS[line.kind]} `}
          {line.text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}

/** The end of a dialog that changes something: what that would do, and the buttons. */
export function Decide(props: {
  of: Change;
  verb?: string;
  /** After it has been made. */
  then: () => Promise<unknown>;
  close: () => void;
  /** Other ways out. */
  children?: ComponentChildren;
}) {
  const { of, close, verb = "Save" } = props;
  const tried = useSignal<{ key: string; effects: Preview } | undefined>(undefined);
  const tell = useContext(Hearer);
  const preview = async () => {
    tell("");
    tried.value = { key: of.key, effects: await of.preview() };
  };
  const make = async () => {
    await of.make();
    await props.then();
    close();
  };
  const isCurrent = tried.value?.key === of.key; // What has been changed since has not been tried.
  return (
    <>
      <div aria-live="polite">{isCurrent && <Effects of={tried.value!.effects} />}</div>
      <div class="buttons">
        {props.children}
        <button type="button" class="plain" onClick={close}>
          Cancel
        </button>
        <Action run={preview}>Check</Action>
        <Action kind="primary" run={make} done={verb === "Save" ? "Saved." : "Done."}>
          {verb}
        </Action>
      </div>
    </>
  );
}

function Effects({ of }: { of: Preview }) {
  const { configurations } = of;
  return configurations.length === 0 ? (
    <p class="notice">No configuration would change.</p>
  ) : (
    <div class="effects">
      <p>
        {configurations.length === 1 ? "One configuration" : `${configurations.length} configurations`} would change:
      </p>
      {configurations.map(({ agent, name, changes }) => (
        <div key={agent}>
          <h3>{name}</h3>
          <Difference label={`What would change for ${name}`} of={changed(changes)} />
        </div>
      ))}
    </div>
  );
}
