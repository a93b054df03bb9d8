// The REST API, typed by the contract: a path, a method or a field that openapi.json does not have does not compile.
import type { components, paths } from "../target/generated/api";

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
export type Agent = Schema<"Agent">;
export type AgentDetail = Schema<"AgentDetail">;
export type Revision = Schema<"Revision">;
export type Me = Schema<"Me">;
export type Preview = Schema<"Preview">;

type Method = "get" | "post" | "put" | "patch" | "delete";
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof paths];
type Json<R> = R extends { content: { "application/json": infer J } } ? J : undefined;
type AnswerOf<O> = O extends { responses: { 200: infer R } }
  ? Json<R>
  : O extends { responses: { 201: infer R } }
    ? Json<R>
    : undefined;
type BodyOf<O> = O extends { requestBody: { content: { "application/json": infer J } } } ? J : undefined;
type Values = Readonly<Record<string, string | number>>;

/** What the controller refused, in its own sentence. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** No answer: the controller, the network or this machine is away. */
export class NoAnswer extends Error {}

const PATIENCE_MS = 10_000;
const PROBLEM = "urn:onebox:problem:";

let whenSessionEnds: () => void = () => undefined;

/** Calls back when the controller does not know our session any more. */
export function onSessionEnd(callback: () => void): void {
  whenSessionEnds = callback;
}

/** Puts values into the places of a path, and what has no place behind it. */
export function address(path: string, values: Values): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const [name, value] of Object.entries(values)) {
    if (filled.includes(`{${name}}`)) {
      filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    } else {
      query.set(name, String(value));
    }
  }
  return `/api/v1${filled}${query.size > 0 ? `?${query}` : ""}`;
}

async function ask<M extends Method, P extends PathsWith<M>>(
  method: M,
  path: P,
  values: Values,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<AnswerOf<paths[P][M]>> {
  let response: Response;
  try {
    response = await fetch(address(path, values), {
      method: method.toUpperCase(),
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined
        ? { headers: more }
        : { body: JSON.stringify(body), headers: { "content-type": "application/json", ...more } }),
    });
  } catch {
    throw new NoAnswer("The controller does not answer.");
  }
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as AnswerOf<paths[P][M]>;
  }
  throw await refusal(response);
}

async function refusal(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Schema<"Problem">>;
  if (problem.type === undefined && response.status >= 500) {
    return new NoAnswer("The controller does not answer.");
  }
  const code = (problem.type ?? "").replace(PROBLEM, "");
  if (code === "unauthenticated") {
    whenSessionEnds();
  }
  return new Refusal(response.status, code, sentence(problem.detail ?? `The controller answered ${response.status}`));
}

/** The controller's details begin with a small letter and have no full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

export const get = <P extends PathsWith<"get">>(path: P, values: Values = {}) => ask("get", path, values);
export const remove = <P extends PathsWith<"delete">>(path: P, values: Values) => ask("delete", path, values);
export const post = <P extends PathsWith<"post">>(path: P, values: Values, body?: BodyOf<paths[P]["post"]>) =>
  ask("post", path, values, body);
export const put = <P extends PathsWith<"put">>(path: P, values: Values, body: BodyOf<paths[P]["put"]>) =>
  ask("put", path, values, body);
export const patch = <P extends PathsWith<"patch">>(path: P, values: Values, body: BodyOf<paths[P]["patch"]>) =>
  ask("patch", path, values, body);

/** A change that may be tried before it is made. */
export interface Change {
  /** Another text for another change. */
  readonly key: string;
  readonly make: () => Promise<unknown>;
  /** What it would do; nothing is done. */
  readonly preview: () => Promise<Preview>;
}

export function change<M extends Exclude<Method, "get">, P extends PathsWith<M>>(
  method: M,
  path: P,
  values: Values,
  body?: BodyOf<paths[P][M]>,
): Change {
  return {
    key: JSON.stringify([method, path, values, body]),
    make: () => ask(method, path, values, body),
    preview: async () => (await ask(method, path, values, body, { prefer: "dry-run" })) as unknown as Preview,
  };
}
