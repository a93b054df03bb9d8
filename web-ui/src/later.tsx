// What is only loaded when it is first looked at.
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Failure, Skeleton } from "./components";

/** A component whose code comes later, and what it is given. */
export function Later<P extends object>(props: { load: () => Promise<ComponentType<P>>; with: P }) {
  const loaded = useSignal<{ shown: ComponentType<P> } | Error | undefined>(undefined);
  useEffect(() => {
    props.load().then(
      (shown) => (loaded.value = { shown }),
      () => (loaded.value = new Error("This part did not load. The controller may have been updated: reload.")),
    );
  }, []);
  if (loaded.value === undefined) {
    return <Skeleton />;
  }
  if (loaded.value instanceof Error) {
    return <Failure of={loaded.value} retry={() => location.reload()} />;
  }
  const Shown = loaded.value.shown;
  return <Shown {...props.with} />;
}
