import type { Signal } from "@preact/signals";
import { Field } from "./components";

/** Where tags are typed: the enrolment's and an agent's. */
export function TagsField({ typed }: { typed: Signal<string> }) {
  return (
    <Field
      label="Tags"
      hint="Words to group agents by, such as fleet-a lte. Small letters, digits, '.', '_' and '-'."
    >
      <input
        value={typed.value}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
    </Field>
  );
}
