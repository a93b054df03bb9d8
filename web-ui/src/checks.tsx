import type { Signal } from "@preact/signals";

/** Choices of which any number is taken. */
export function Checks(props: {
  label: string;
  of: readonly (readonly [value: string, text: string])[];
  taken: Signal<readonly string[]>;
}) {
  const { taken } = props;
  return (
    <fieldset>
      <legend>{props.label}</legend>
      {props.of.map(([value, text]) => (
        <label class="check" key={value}>
          <input
            type="checkbox"
            checked={taken.value.includes(value)}
            onChange={(event) =>
              (taken.value = event.currentTarget.checked
                ? [...taken.value, value]
                : taken.value.filter((other) => other !== value))
            }
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
