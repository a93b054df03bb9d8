import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Agent } from "./api";
import { Action } from "./components";

type EnrolDialog = ComponentType<{ first: Agent["role"]; close: () => void }>;

/** Opens the dialog, whose code comes only then. */
export function EnrolButton({ first = "client" }: { first?: Agent["role"] }) {
  const dialog = useSignal<{ Dialog: EnrolDialog } | undefined>(undefined);
  const Dialog = dialog.value?.Dialog;
  return (
    <>
      <Action
        kind="primary"
        run={async () => {
          dialog.value = { Dialog: (await import("./enrol")).EnrolDialog };
        }}
      >
        Enrol {first === "server" ? "the server" : "an agent"}…
      </Action>
      {Dialog !== undefined && <Dialog first={first} close={() => (dialog.value = undefined)} />}
    </>
  );
}
