import { type HookContext, type HookOptions, listOf } from "./hooks.js";
import { share } from "./kind.js";
import { derive, SHARED_OPTIONS, type SharedOptions } from "./operation.js";
import { Level } from "./level.js";
import type { AppContext, ConnectionContext, Maker, Provided, ProvideOptions, Provider, WithMember } from "./provide.js";
import { checkPath, given, joined, type Kept, type Parts, PARTS, Routes } from "./routes.js";
import { nameOf, operationOf, type Served } from "./served.js";
import { SetupError } from "./setup-error.js";
import { isStage } from "./stage.js";
import { deriveSocket, SHARED_WITH_SOCKETS, WEBSOCKET } from "./socket-operation.js";

/**
 * What all routes of a {@link Router} share. A route has the tags and the responses of its router beside its own; what it says of one
 * status, and of everything else, holds instead.
 */
export interface RouterOptions<Prefix extends string = string> extends SharedOptions {
  /** What their paths begin with; handlers get its variables too. */
  readonly prefix?: Prefix;
}

/**
 * Routes that are written in one place and mounted into applications, or other routers, in others. It answers nothing by itself.
 *
 * A mistake in a route is told when the route is added. What only an application knows, such as its converters and its other
 * routes, is told when the router is mounted.
 *
 * @typeParam Prefix What the path of every route begins with.
 * @typeParam Members What providers add to the context of handlers.
 *
 * @example
 * const orders = new Router({ prefix: "/shops/{shop}/orders", tags: ["orders"] });
 * orders.get("/{id:int}", ({ params }) => ({ shop: params.shop, id: params.id }));
 * app.mount("/", orders);
 */
export class Router<const Prefix extends string = "", Members = unknown> extends Routes<Prefix, Members> {
  readonly #prefix: string;
  readonly #shared: SharedOptions;
  readonly #routes: Kept[] = [];
  readonly #served: Served[] = [];
  /** @internal */
  override readonly level: Level;

  /** @throws {SetupError} An option does not exist. */
  constructor(options: RouterOptions<Prefix> = {}) {
    super();
    const { prefix, ...shared } = given("router", options);
    this.#prefix = prefix ?? "";
    this.#shared = said(shared);
    const route = `router ${this.#prefix}`.trimEnd();
    this.level = new Level(route);
    for (const field of Object.keys(shared)) {
      if (SHARED_OPTIONS.includes(field)) continue;
      const remedy = `use one of prefix ${SHARED_OPTIONS.join(" ")}`;
      throw new SetupError({ route, field, problem: "there is no such option", remedy });
    }
    checkPath(route, "prefix", this.#prefix);
    if (this.#prefix !== "" && !this.#prefix.startsWith("/")) {
      const problem = `\`${this.#prefix}\` does not start with a slash`;
      throw new SetupError({ route, field: "prefix", problem, remedy: "write it from the root" });
    }
  }

  /**
   * Provides a member of the context, which `provider` makes when a hook, another provider or the handler asks for it: once for each
   * request that does, once for a connection (`scope: "connection"`), or once for all (`scope: "app"`). What is returned is the same object, whose handlers know of the member from then
   * on; where `provider` is async the member is a promise.
   *
   * A provider that is a generator yields the member, and goes on when the answer has been sent: the last one first. What the handler has
   * thrown is thrown there.
   *
   * @throws {SetupError} The name is taken, an option does not fit, or the application has started.
   *
   * @example
   * const shop = app.provide("database", () => connect(), { scope: "app", dispose: (database) => database.close() });
   * shop.get("/orders", async ({ database }) => (await database).orders());
   */
  provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<AppContext<Members>, Made>,
    options: ProvideOptions<Provided<NoInfer<Made>>> & { readonly scope: "app" },
  ): Router<Prefix, WithMember<Members, Name, Made>>;
  provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<ConnectionContext<Members>, Made>,
    options: ProvideOptions<Provided<NoInfer<Made>>> & { readonly scope: "connection" },
  ): Router<Prefix, WithMember<Members, Name, Made>>;
  provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<HookContext<Members>, Made>,
    options?: ProvideOptions<Provided<NoInfer<Made>>>,
  ): Router<Prefix, WithMember<Members, Name, Made>>;
  provide(name: string, provider: Provider<never, unknown>, options?: ProvideOptions): Router<Prefix, never> {
    this.level.provide(name, provider, options);
    return this as never;
  }

  /**
   * Has `maker` make members of the context before the handlers are called, and before the hooks of {@link preHandler}. It is waited for; a
   * problem that it throws refuses the request. What is returned is the same object, whose handlers know of the members from then on.
   *
   * @throws {SetupError} The application has started.
   *
   * @example
   * const members = new Router().derive(async ({ request }) => ({ user: await userOf(request) }));
   * members.get("/me", ({ user }) => user.name);
   */
  derive<Made extends object>(maker: Maker<Members, Made>): Router<Prefix, Members & Readonly<Made>> {
    this.level.derive(maker);
    return this as never;
  }

  /** @internal */
  override get [PARTS](): Parts {
    return { routes: this.#routes, served: this.#served, level: this.level };
  }

  /**
   * Adds every route of `other` below `prefix`, with what the routes of this router share. Routes are copied: adding to `other`
   * later has no effect here.
   *
   * @throws {SetupError} `other` is an application, or a route does not fit here.
   */
  override mount(prefix: string, other: Router<string>): this {
    if (other?.[PARTS]?.application) {
      const parts = { field: "other", problem: "this is an application, which has more than routes" };
      throw new SetupError({ route: `mount ${prefix}`, ...parts, remedy: "mount a Router, or mount it into an application" });
    }
    return super.mount(prefix, other);
  }

  protected override serve(served: Served): void {
    const { path, use = [], security = this.#shared.security } = served;
    if (!path.startsWith("/")) {
      const parts = { field: "path", problem: `\`${path}\` does not start with a slash`, remedy: "write it from the root" };
      throw new SetupError({ route: nameOf(served), ...parts });
    }
    const around = listOf(this.#shared.use).filter(isStage);
    const below = { ...served, path: joined(this.#prefix, path), use: [...around, ...use], ...(security && { security }) };
    // So that mistakes are told here.
    operationOf(below);
    this.#served.push(below);
  }

  protected override add({ method, path, options: own, handler, levels }: Kept): void {
    const isSocket = method === WEBSOCKET;
    const tags = [...(this.#shared.tags ?? []), ...(own.tags ?? [])];
    const use = [...listOf(this.#shared.use), ...listOf(own.use)];
    const responses = { ...this.#shared.responses, ...said(own.responses ?? {}) };
    const options = {
      ...(isSocket ? picked(this.#shared, SHARED_WITH_SOCKETS) : this.#shared),
      ...said(own),
      ...(tags.length > 0 && { tags }),
      ...(use.length > 0 && { use }),
      ...(!isSocket && Object.keys(responses).length > 0 && { responses }),
    };
    const below = joined(this.#prefix, path);
    if (!path.startsWith("/")) {
      const parts = { field: "path", problem: `\`${path}\` does not start with a slash`, remedy: "write it from the root" };
      throw new SetupError({ route: `${method} ${below}`, ...parts });
    }
    // So that mistakes are told here.
    if (isSocket) deriveSocket(below, options);
    else derive(method, below, options);
    Level.of(`${method} ${below}`, options as HookOptions<never>);
    this.#routes.push({ method, path: below, options, handler, levels });
  }
}
share(Router, "Router");

/** The members of `options` that say something: an absent one leaves what routes share as it is. */
function said<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The members of `options` with these names. */
function picked<T extends object>(options: T, names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))) as Partial<T>;
}
