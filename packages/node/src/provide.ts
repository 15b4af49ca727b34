import { CallContext } from "./call.js";
import type { Logger } from "./context.js";
import type { HookContext } from "./hooks.js";
import type { Request } from "./request.js";
import { SetupError } from "./setup-error.js";

/** What a provider of the scope `app` gets: what is there without a request, and what others of that scope give. */
export type AppContext<Members = unknown> = { readonly log: Logger } & Members;

/**
 * What a provider of the scope `connection` gets: the first request of the connection, and what others of that scope, or of `app`, give.
 */
export type ConnectionContext<Members = unknown> = { readonly log: Logger; readonly request: Request } & Members;

/**
 * Makes a member of the context. One that is a generator gives it by `yield`; what follows runs when the answer has been sent, or the
 * application stops, and gets what the handler has thrown.
 */
export type Provider<Context, Made> = (context: Context) => Made;

/** What a provider adds to the context: of a generator what it yields, later where that is async. */
export type Provided<Made> = [Made] extends [never]
  ? never
  : Made extends AsyncGenerator<infer Value>
    ? Promise<Value>
    : Made extends Generator<infer Value>
      ? Value
      : Made;

/** How long what a provider makes is there, and what becomes of it. */
export interface ProvideOptions<Value = any> {
  /**
   * `request`, the default, is one for each request, or socket, that asks for it; `connection` is one for all requests of a connection,
   * ended when that is closed; `app` is one for all, made when it is asked for first and ended when the application stops. In memory every
   * request is a connection of its own.
   */
  readonly scope?: Scope;
  /** Ends what was made, for providers that are no generators. Where the handler has failed, `error` is what it has thrown. */
  readonly dispose?: (value: Awaited<Value>, error?: unknown) => unknown;
}

/** How long what a provider makes is there, from the shortest to the longest. */
export const SCOPES = ["request", "connection", "app"] as const;
export type Scope = (typeof SCOPES)[number];

/** Makes members of the context before the handler is called. */
export type Maker<Members, Made extends object> = (context: HookContext<Members>) => Made | PromiseLike<Made>;

/** A provider with its options. */
export interface ProviderEntry {
  readonly name: string;
  readonly make: (context: never) => unknown;
  readonly scope: Scope;
  readonly dispose: ((value: never, error?: unknown) => unknown) | undefined;
}

/** What members there are with one more. */
export type WithMember<Members, Name extends string, Made> = Members & { readonly [Member in Name]: Provided<Made> };

/** Has what every context has by itself. */
const OWN: object = new CallContext(undefined as never, 0);

/** Whether every context has a member of this name by itself. */
export function isOwn(name: string): boolean {
  return name in OWN;
}

/** @throws {SetupError} A part does not fit. */
export function providerEntry(place: string, name: unknown, make: unknown, options: ProvideOptions = {}): ProviderEntry {
  const refuse = (field: string, problem: string, remedy: string): SetupError =>
    new SetupError({ route: place, field, problem, remedy });
  if (typeof name !== "string" || name === "") throw refuse("provide", "there is no name", "give the name of the member first");
  if (isOwn(name)) throw refuse(`provide.${name}`, "every context has that", "choose another name");
  if (typeof make !== "function") throw refuse(`provide.${name}`, "this is no function", "give a function of the context");
  for (const field of Object.keys(options)) {
    if (field !== "scope" && field !== "dispose") {
      throw refuse(`provide.${name}.${field}`, "there is no such option", "use one of scope dispose");
    }
  }
  const { scope = "request", dispose } = options;
  if (!SCOPES.includes(scope)) {
    throw refuse(`provide.${name}.scope`, `${String(scope)} is no scope`, "use `request`, `connection` or `app`");
  }
  if (dispose !== undefined && typeof dispose !== "function") {
    throw refuse(`provide.${name}.dispose`, "this is no function", "give a function of the value");
  }
  return { name, make: make as ProviderEntry["make"], scope, dispose };
}

/** What stands for a member: what its provider gives, at once or by a generator. Those of routers are not known here. */
export type Substitute<Members, Name extends string> = Members extends { readonly [Member in Name]: infer Value }
  ? Value | Generator<Value> | AsyncGenerator<Awaited<Value>>
  : unknown;

/** Called, it takes the override of a provider back, as the end of a block does that has it by `using`. */
export interface Override extends Disposable {
  (): void;
}
