// Who is logged in, and what they may do.
import { signal } from "@preact/signals";
import { get, onSessionEnd, post, Refusal, remove, type Me } from "./api";
import { fleet } from "./fleet";
import { noting } from "./live";

/** undefined until the controller has said it; null for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** Why one has to log in again. */
export const notice = signal("");

export type Permission = "agents:read" | "agents:write" | "enrol-tokens" | "api-tokens" | "audit:read" | "webhooks";

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

onSessionEnd(() => {
  if (me.value) {
    notice.value = "Your session has ended. Log in to go on.";
  }
  me.value = null;
  fleet.forget();
});

/** Asks who we are. Throws only if there is no answer. */
export async function identify(): Promise<void> {
  try {
    me.value = await noting(() => get("/me"));
  } catch (failure) {
    if (!(failure instanceof Refusal)) {
      throw failure;
    }
    me.value = null;
  }
}

export async function login(name: string, password: string): Promise<void> {
  me.value = await noting(() => post("/session", {}, { login: name, password }));
  notice.value = "";
}

export async function logout(): Promise<void> {
  await remove("/session", {});
  me.value = null;
  fleet.forget();
}
