import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Agent } from "./api";
import { Action } from "./saying";

type EnrolDialog = ComponentType<{ first: Agent["role"]; close: () => void }>;

const dialog = signal<{ Dialog: EnrolDialog; first: Agent["role"] } | undefined>(undefined);

/** Opens the dialog, whose code comes only then. */
export function EnrolButton({ first = "client" }: { first?: Agent["role"] }) {
  const open = async () => {
    dialog.value = { Dialog: (await import("./enrol")).EnrolDialog, first };
  };
  return (
    <Action kind="primary" run={open}>
      Enrol {first === "server" ? "a server" : "an agent"}…
    </Action>
  );
}

/** Where the dialog is, so that it stays when the button that opened it goes. */
export function EnrolPlace() {
  if (dialog.value === undefined) {
    return null;
  }
  const { Dialog, first } = dialog.value;
  return <Dialog first={first} close={() => (dialog.value = undefined)} />;
}
