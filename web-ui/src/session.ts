// Who is logged in, and what they may do.
import { signal } from "@preact/signals";
import { get, onSessionEnd, post, Refusal, remove, type Me } from "./api";
import { fleet } from "./fleet";
import { Live, noting } from "./live";

const UNAUTHENTICATED = 401;

/** undefined until the controller has said it; null for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** Why one has to log in again. */
export const notice = signal("");

export type Permission =
  | "agents:read"
  | "agents:write"
  | "enrol-tokens"
  | "api-tokens"
  | "audit:read"
  | "users"
  | "webhooks";

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

/** Asks who we are as long as somebody looks: so a lost connection, a lost session and other rights are noticed. */
export const heartbeat = new Live(async () => {
  const now = await get("/me");
  if (me.peek() && JSON.stringify(now) !== JSON.stringify(me.peek())) {
    me.value = now;
  }
  return now;
}, 3000);

onSessionEnd(() => {
  if (me.value) {
    notice.value = "Your session has ended. Log in to go on.";
  }
  me.value = null;
  fleet.forget();
});

/** Asks who we are. Throws if there is no answer, or none that says so. */
export async function identify(): Promise<void> {
  try {
    me.value = await noting(() => get("/me"));
  } catch (failure) {
    if (!(failure instanceof Refusal && failure.status === UNAUTHENTICATED)) {
      throw failure;
    }
    me.value = null;
  }
}

export async function login(name: string, password: string): Promise<void> {
  me.value = await noting(() => post("/session", {}, { login: name, password }));
  notice.value = "";
}

/** Makes the first user of a new controller, who is logged in then. */
export async function setUp(secret: string, name: string, password: string): Promise<void> {
  me.value = await noting(() => post("/set-up", {}, { secret, login: name, password }));
}

export async function logout(): Promise<void> {
  await remove("/session", {});
  me.value = null;
  fleet.forget();
}
