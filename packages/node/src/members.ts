import type { Background } from "./background.js";
import { CallContext } from "./call.js";
import type { Calls } from "./calls.js";
import { type Connected, Connections } from "./connections.js";
import { type Cleanup, Ending } from "./ending.js";
import { isThenable } from "./promise.js";
import { isOwn, type ProviderEntry, SCOPES } from "./provide.js";
import { SetupError } from "./setup-error.js";

/** Something that a provider has made, or is making. */
interface Made {
  readonly entry: ProviderEntry;
  /** What the provider has asked for. */
  readonly asked: Set<Made>;
  isDone: boolean;
  value?: unknown;
  failure?: { readonly error: unknown };
}

/** The providers of one route by the names of their members. */
export type RouteProviders = ReadonlyMap<string, ProviderEntry>;

/** A context with the members that providers make. */
export interface ProvidingContext extends CallContext {
  readonly providers: RouteProviders;
  /** What the connection has, where the request uses it. */
  connected: Connected<Made> | undefined;
}

/** Whom members of each scope are for. */
const OWNERS = { request: "a request", connection: "a connection", app: "the application" } as const;

/** What the providers of one application have in common. */
export class Members {
  /** Providers that stand for those of their names, in tests. */
  readonly overrides = new Map<string, ProviderEntry>();
  /** The names of all members, once they are known. */
  names: ReadonlySet<string> | undefined;
  readonly connections: Connections<Made>;
  readonly #background: Background;
  /** What was made for all requests, and how it ends. */
  readonly #made = new Map<unknown, Made>();
  #ending: Ending;

  constructor(background: Background) {
    this.#background = background;
    this.connections = new Connections(background);
    this.#ending = this.#begun();
  }

  /**
   * Has `entry` stand for every provider of its name, until what is returned is called.
   *
   * @throws {SetupError} There is none.
   */
  override(entry: ProviderEntry): () => void {
    if (this.names) this.check(entry.name, this.names);
    const before = this.overrides.get(entry.name);
    this.overrides.set(entry.name, entry);
    return () => {
      if (before) this.overrides.set(entry.name, before);
      else this.overrides.delete(entry.name);
    };
  }

  /** @throws {SetupError} No provider has this name. */
  check(name: string, names: ReadonlySet<string>): void {
    if (names.has(name)) return;
    const remedy = names.size > 0 ? `use one of ${[...names].join(" ")}` : "provide it first";
    throw new SetupError({ route: "app", field: `override.${name}`, problem: "there is no such provider", remedy });
  }

  #begun(): Ending {
    const ending = new Ending(this.#background);
    ending.what = "the application";
    return ending;
  }

  /** Ends what was made for all requests. */
  async end(): Promise<void> {
    this.#made.clear();
    const ending = this.#ending;
    this.#ending = this.#begun();
    await new Promise<void>((resolve) => {
      ending.after(resolve);
      ending.end();
    });
  }

  /** The class of contexts with members of these names. Their getters stand on the prototype, so that a member costs who asks for it. */
  contextClass(names: Iterable<string>): new (calls: Calls, ticket: number, providers: RouteProviders) => ProvidingContext {
    const members = this;
    class Providing extends CallContext implements ProvidingContext {
      readonly providers: RouteProviders;
      connected: Connected<Made> | undefined;
      #made: Map<ProviderEntry, Made> | undefined;

      constructor(calls: Calls, ticket: number, providers: RouteProviders) {
        super(calls, ticket);
        this.providers = providers;
      }

      provided(name: string): unknown {
        const entry = this.providers.get(name);
        return entry && members.#ask(this, (this.#made ??= new Map()), entry, undefined);
      }
    }
    for (const name of names) {
      const get = function (this: Providing): unknown {
        return this.provided(name);
      };
      Object.defineProperty(Providing.prototype, name, { get, configurable: true });
    }
    return Providing;
  }

  /**
   * Gives a member, which is made when it is asked for first.
   *
   * @param asker What asks for it, where that is another provider.
   * @throws What its provider has thrown, or a {@link SetupError} where it needs itself.
   */
  #ask(context: Context, own: Map<ProviderEntry, Made>, given: ProviderEntry, asker: Made | undefined): unknown {
    const entry = this.overrides.get(given.name) ?? given;
    if (asker && SCOPES.indexOf(asker.entry.scope) > SCOPES.indexOf(entry.scope)) {
      const problem = `${asker.entry.name} → ${entry.name}: one for ${OWNERS[asker.entry.scope]} needs one for ${OWNERS[entry.scope]}`;
      throw mistake(asker.entry, problem, "give both the same scope");
    }
    const store = this.#store(context, own, entry);
    let made = store.get(entry);
    if (made && asker) {
      const path = made.isDone ? undefined : pathTo(made, asker);
      if (path) {
        const names = [asker, ...path].map(({ entry }) => entry.name);
        throw mistake(asker.entry, `it needs itself: ${names.join(" → ")}`, "have one of them do without the other");
      }
    }
    if (!made) {
      made = { entry, asked: new Set(), isDone: false };
      store.set(entry, made);
      asker?.asked.add(made);
      this.#make(context, own, made, store);
    } else asker?.asked.add(made);
    if (made.failure) throw made.failure.error;
    return made.value;
  }

  /** Where what a provider makes is kept. */
  #store(context: Context, own: Map<ProviderEntry, Made>, { scope }: ProviderEntry): Map<unknown, Made> {
    if (scope === "app") return this.#made;
    if (scope === "request") return own;
    return (context.connected ??= this.connections.of(context)).made;
  }

  /** What ends it. */
  #endingOf(context: Context, { scope }: ProviderEntry): Ending {
    if (scope === "app") return this.#ending;
    return scope === "connection" && context.connected ? context.connected.ending : context.ending;
  }

  #make(context: Context, own: Map<ProviderEntry, Made>, made: Made, store: Map<unknown, Made>): void {
    const { entry } = made;
    const ending = this.#endingOf(context, entry);
    const failed = (error: unknown): void => {
      made.isDone = true;
      made.failure = { error };
      // Of what is made for several requests, the next one tries again.
      if (entry.scope !== "request" && store.get(entry) === made) store.delete(entry);
    };
    const done = (value: unknown, cleanup: Cleanup | undefined): unknown => {
      made.isDone = true;
      const { dispose } = entry;
      const end = cleanup ?? (dispose && ((error: unknown) => dispose(value as never, error)));
      if (end) ending.clean(end);
      return value;
    };
    try {
      const view = viewOf(seenBy(entry, context), context.providers, (name) => {
        const other = context.providers.get(name);
        return other && this.#ask(context, own, other, made);
      });
      const begun = begin(entry, entry.make(view as never));
      if (isThenable<Begun>(begun)) {
        const value = Promise.resolve(begun).then(({ value, cleanup }) => done(value, cleanup));
        made.value = value;
        ending.making(value);
        // Whether anybody waits for it or not.
        value.catch(failed);
      } else made.value = done(begun.value, begun.cleanup);
    } catch (error) {
      failed(error);
    }
  }
}

/** What providers see of the context beside members: those of several requests not what belongs to one, or what is of the first. */
function seenBy({ scope }: ProviderEntry, context: Context): object {
  if (scope === "request") return context;
  const { log } = context;
  return scope === "app" ? { log } : { log, request: context.request };
}

/** What members are made for. */
type Context = ProvidingContext;

/** A value, and what ends it. */
interface Begun {
  readonly value: unknown;
  readonly cleanup?: Cleanup;
}

/** The value of what a provider has returned. */
function begin(entry: ProviderEntry, result: unknown): Begun | PromiseLike<Begun> {
  const kind =
    typeof result === "object" && result !== null ? (result as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] : "";
  if (kind === "Generator") {
    const generator = result as Generator;
    const first = generator.next();
    if (first.done) throw ended(entry);
    const cleanup: Cleanup = (error, hasFailed) => {
      const { done } = hasFailed ? generator.throw(error) : generator.next();
      if (!done) generator.return(undefined);
    };
    return { value: first.value, cleanup };
  }
  if (kind === "AsyncGenerator") {
    const generator = result as AsyncGenerator;
    const cleanup: Cleanup = async (error, hasFailed) => {
      const { done } = await (hasFailed ? generator.throw(error) : generator.next());
      if (!done) await generator.return(undefined);
    };
    return generator.next().then((first) => {
      if (first.done) throw ended(entry);
      return { value: first.value as unknown, cleanup };
    });
  }
  if (isThenable(result)) return Promise.resolve(result).then((value) => ({ value }));
  return { value: result };
}

function ended({ name }: ProviderEntry): Error {
  return new TypeError(`the provider \`${name}\` has ended without a value; it has to yield one`);
}

/** How `from` leads to `to`, by what each has asked for. */
function pathTo(from: Made, to: Made): Made[] | undefined {
  if (from === to) return [from];
  for (const next of from.asked) {
    if (next.isDone) continue;
    const rest = pathTo(next, to);
    if (rest) return [from, ...rest];
  }
  return undefined;
}

function mistake({ name }: ProviderEntry, problem: string, remedy: string): SetupError {
  return new SetupError({ route: "app", field: `provide.${name}`, problem, remedy });
}

/** A context as one provider sees it: members are asked for in its name. */
function viewOf(context: object, providers: RouteProviders, ask: (name: string) => unknown): object {
  return new Proxy(context, {
    get(target, name) {
      if (typeof name === "string" && providers.has(name)) return ask(name);
      const value: unknown = Reflect.get(target, name, target);
      // The methods know their context.
      return typeof value === "function" && typeof name === "string" && isOwn(name) ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}
