import type { Handler } from "./context.js";
import { Hooked } from "./hooked.js";
import { listOf } from "./hooks.js";
import type { JsonSchema, JsonSubschema } from "./json-schema.js";
import type { Level } from "./level.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Periodic } from "./periodic.js";
import type { RouteOptions } from "./operation.js";
import { inNames, type RedirectOptions, type Served, type ServedOptions } from "./served.js";
import { SetupError } from "./setup-error.js";
import type { Stage } from "./stage.js";
import type { StaticOptions } from "./static-options.js";
import { WEBSOCKET } from "./socket-operation.js";
import type { AnySocketHandler } from "./sockets.js";
import type { WebSocketHandler, WebSocketOptions } from "./websocket.js";

/** A handler without types, as routes are kept. */
export type AnyHandler = (context: any) => unknown;

/** No options. */
type None = Record<never, never>;

/** A path with what all paths begin with. The type of a path is that of the path that is given, whatever a handler takes. */
type Below<Prefix extends string, Path extends string> = Prefix extends "" ? Path : `${Prefix}${NoInfer<Path>}`;

/** Adds a route for one method, or for all; the options may be left out. */
export interface AddRoute<Result, Prefix extends string = "", Members = unknown> {
  <const Path extends string>(path: Path, handler: Handler<Below<Prefix, Path>, None, Members>): Result;
  <const Path extends string, const Options extends RouteOptions>(
    path: Path,
    options: Options,
    handler: Handler<Below<Prefix, Path>, Options, Members>,
  ): Result;
}

/** A route of events. */
type WithEvents<Options> = Options extends { readonly events: unknown } ? Options : Options & { readonly events: true };

/** Adds a route that answers with events; the options may be left out. */
export interface AddEvents<Result, Prefix extends string = "", Members = unknown> {
  <const Path extends string>(path: Path, handler: Handler<Below<Prefix, Path>, WithEvents<None>, Members>): Result;
  <const Path extends string, const Options extends RouteOptions>(
    path: Path,
    options: Options,
    handler: Handler<Below<Prefix, Path>, WithEvents<Options>, Members>,
  ): Result;
}

/** Adds a route of sockets; the options may be left out. */
export interface AddWebSocket<Result, Prefix extends string = "", Members = unknown> {
  <const Path extends string>(path: Path, handler: WebSocketHandler<Below<Prefix, Path>, None, Members>): Result;
  <const Path extends string, const Options extends WebSocketOptions>(
    path: Path,
    options: Options,
    handler: WebSocketHandler<Below<Prefix, Path>, Options, Members>,
  ): Result;
}

/** The options of a route that says its methods. */
export interface MethodOptions extends RouteOptions {
  /**
   * One method or several, with any names that are tokens (RFC 9110 §9.1); `*` is every method that has no route of its own on
   * the path.
   */
  readonly methods: string | readonly string[];
}

/** A route as it was written. */
export interface Kept {
  readonly method: string;
  readonly path: string;
  readonly options: RouteOptions;
  readonly handler: AnyHandler | AnySocketHandler;
  /** What the routers that it comes through add, the outermost first; without what it is kept in. */
  readonly levels: readonly Level[];
}

/** What {@link Routes.mount} copies. */
export interface Parts {
  readonly routes: readonly Kept[];
  /** What the runtime answers by itself. */
  readonly served: readonly Served[];
  /** What is done around all of them. */
  readonly level: Level;
  /** What only an application has. */
  readonly application?: {
    readonly converters: ReadonlyMap<string, { regex: string; schema: JsonSchema }>;
    readonly components: Readonly<Record<string, JsonSchema>>;
    readonly schemas: Readonly<Record<string, JsonSubschema>>;
    readonly stages: readonly Stage[];
    readonly security: ReadonlyMap<string, string>;
    readonly lifecycle: Lifecycle;
    readonly periodic: Periodic;
  };
}

/** Where objects of every copy of the package have their parts. */
export const PARTS: unique symbol = Symbol.for("sabir.parts") as never;

/** The method of routes that answer all. */
const ANY_METHOD = "*";

/**
 * Something that routes can be added to: an application or a router.
 *
 * @typeParam Prefix What the path of every route begins with.
 * @typeParam Members What providers add to the context of handlers.
 */
export abstract class Routes<Prefix extends string = "", Members = unknown> extends Hooked<Members> {
  /** Adds a route as data; every other way ends here. */
  protected abstract add(route: Kept): void;

  /** Adds a folder or a redirect as data. */
  protected abstract serve(served: Served): void;

  /** @internal What {@link mount} copies. */
  abstract get [PARTS](): Parts;

  /** Answers GET, and HEAD where no route of its own does. */
  readonly get = this.#method("GET");
  /** Answers POST. */
  readonly post = this.#method("POST");
  /** Answers PUT. */
  readonly put = this.#method("PUT");
  /** Answers PATCH (RFC 5789). */
  readonly patch = this.#method("PATCH");
  /** Answers DELETE. */
  readonly delete = this.#method("DELETE");
  /** Answers HEAD. */
  readonly head = this.#method("HEAD");
  /** Answers OPTIONS instead of the runtime. */
  readonly options = this.#method("OPTIONS");
  /** Answers TRACE. */
  readonly trace = this.#method("TRACE");
  /** Answers QUERY, the safe method with content. */
  readonly query = this.#method("QUERY");
  /** Answers every method, OPTIONS and HEAD among them, but for those that have a route of their own on the path. */
  readonly all = this.#method(ANY_METHOD);

  /**
   * Answers GET with a stream of events (WHATWG HTML §9.2), which the handler gives one after the other: objects of the type
   * {@link Event}, or text and what JSON has beside objects, as the data of an event that has nothing else. A client that comes back
   * says in {@link Context.lastEventId} where it wants to go on. While there is no event, comments keep the connection alive
   * (setting `eventKeepAliveMs`). The stream ends with the handler, when the client leaves, and when the server stops.
   *
   * @throws {SetupError} The path or an option does not fit, or another route cannot be told from this one.
   *
   * @example
   * app.sse("/ticks", async function* () {
   *   for (let n = 1; ; n++) {
   *     yield { data: { n }, id: String(n) };
   *     await setTimeout(1000);
   *   }
   * });
   */
  readonly sse: AddEvents<this, Prefix, Members> = (path: string, first: RouteOptions | AnyHandler, second?: AnyHandler) => {
    if (typeof first === "function") this.#addChecked("GET", path, { events: true }, first);
    // What are no options is refused as it is everywhere.
    else if (typeof first !== "object" || first === null || Array.isArray(first)) this.#addChecked("GET", path, first, second);
    else this.#addChecked("GET", path, { ...first, events: first.events ?? true }, second);
    return this;
  };

  /**
   * Opens sockets of WebSocket (RFC 6455), over HTTP/1.1 and HTTP/2. The handler is one function, which runs as long as the socket is to
   * be open, or an object of functions for what happens. The parts of the request are checked before a socket is opened, as those of any
   * request, and so is the origin of the page: a refusal is a problem.
   *
   * @throws {SetupError} The path, an option or the handler does not fit, or another route cannot be told from this one.
   *
   * @example
   * app.websocket("/echo", async (ws) => {
   *   for await (const message of ws) await ws.send(message);
   * });
   * app.websocket("/chat/{room}", {
   *   open: (ws, { params }) => ws.subscribe(params.room),
   *   message: (ws, message) => app.publish(ws.params.room, message),
   * });
   */
  readonly websocket: AddWebSocket<this, Prefix, Members> = (path: string, ...rest: unknown[]) => {
    const route = `${WEBSOCKET} ${String(path)}`;
    checkPath(route, "path", path);
    const [options, handler] = rest.length > 1 ? rest : [{}, rest[0]];
    checkSocketHandler(route, handler);
    const checked = given(route, (options ?? {}) as RouteOptions);
    this.add({ method: WEBSOCKET, path, options: checked, handler: handler as AnySocketHandler, levels: [] });
    return this;
  };

  /**
   * Answers the methods that the options name. An `operationId` is that of the first: each operation has its own
   * (OpenAPI 3.1 §4.8.10).
   *
   * @throws {SetupError} The path or an option does not fit, or another route cannot be told from this one.
   *
   * @example
   * app.route("/notes", { methods: ["GET", "REPORT"] }, ({ request }) => request.method);
   */
  route<const Path extends string, const Options extends MethodOptions>(
    path: Path,
    options: Options,
    handler: Handler<Below<Prefix, Path>, Options, Members>,
  ): this {
    const { methods, operationId, ...rest }: MethodOptions = given(String(path), options);
    const names: readonly unknown[] = typeof methods === "string" ? [methods] : Array.isArray(methods) ? methods : [];
    if (names.length === 0 || names.some((name) => typeof name !== "string")) {
      const remedy = "name the methods that the route answers";
      throw new SetupError({ route: path, field: "methods", problem: "there is none", remedy });
    }
    const first = operationId === undefined ? rest : { ...rest, operationId };
    names.forEach((method, index) => this.#addChecked(String(method), path, index === 0 ? first : rest, handler));
    return this;
  }

  /**
   * Answers GET and HEAD of the paths below `path` with the files of a folder. A route comes before a file. What is there is sent with a
   * type by its name, conditions and ranges count, and nothing outside of the folder can be reached. Hooks and middleware have no part in
   * it; stages and security do.
   *
   * @throws {SetupError} There is no such folder, an option does not fit, or something else answers below the path.
   *
   * @example
   * app.static("/assets", { directory: "public", immutable: ["build/*"] });
   */
  static(path: string, options: StaticOptions & ServedOptions): this {
    const route = `static ${String(path)}`;
    checkPath(route, "path", path);
    const { use, security, ...own } = given(route, options);
    this.serve({ kind: "static", path, data: inNames(route, own), ...(use && { use }), ...(security && { security }) });
    return this;
  }

  /**
   * Sends requests of every method for `path` to a path of this host, or to a URL. `to` may have the variables of the path, and gets the
   * query of a request unless it has one itself.
   *
   * @throws {SetupError} The status or the location does not fit, or a route answers every method of the path.
   *
   * @example
   * app.redirect("/old/{id}", "/new/{id}");
   */
  redirect(path: string, to: string, options: RedirectOptions = {}): this {
    const route = `redirect ${String(path)}`;
    checkPath(route, "path", path);
    const { use, security, ...own } = given(route, options);
    const data = inNames(route, { to, ...own });
    this.serve({ kind: "redirect", path, data, ...(use && { use }), ...(security && { security }) });
    return this;
  }

  /**
   * Adds every route of `other` below `prefix`, with the hooks of `other`. Routes are copied: adding to `other` later has no effect here.
   *
   * @throws {SetupError} A route does not fit here, or cannot be told from another one.
   */
  mount(prefix: string, other: Routes<string>): this {
    checkPath(`mount ${String(prefix)}`, "prefix", prefix);
    const { routes, served, level, application } = partsOf(prefix, other);
    // It may be mounted into itself.
    for (const { path, options, levels, ...rest } of [...routes]) {
      const around = within(application?.stages ?? [], options);
      this.add({ ...rest, path: joined(prefix, path), options: around, levels: [level, ...levels] });
    }
    for (const each of [...served]) {
      const use = [...(application?.stages ?? []), ...(each.use ?? [])];
      this.serve({ ...each, path: joined(prefix, each.path), use });
    }
    return this;
  }

  #method(method: string): AddRoute<this, Prefix, Members> {
    return (path: string, first: RouteOptions | AnyHandler, second?: AnyHandler) => {
      if (typeof first === "function") this.#addChecked(method, path, {}, first);
      else this.#addChecked(method, path, first, second);
      return this;
    };
  }

  #addChecked(method: string, path: string, options: RouteOptions | undefined, handler: AnyHandler | undefined): void {
    const route = `${method} ${String(path)}`;
    checkPath(route, "path", path);
    if (typeof handler !== "function") {
      const parts = { field: "handler", problem: "there is none", remedy: "give a function as the last argument" };
      throw new SetupError({ route, ...parts });
    }
    this.add({ method, path, options: options === undefined ? {} : given(route, options), handler, levels: [] });
  }
}

const SOCKET_FUNCTIONS = ["open", "message", "ping", "pong", "close", "error"];

/** @throws {SetupError} This is no handler of sockets. */
function checkSocketHandler(route: string, handler: unknown): void {
  if (typeof handler === "function") return;
  const remedy = `give a function, or an object of functions called ${SOCKET_FUNCTIONS.join(", ")}, as the last argument`;
  const refuse = (field: string, problem: string): SetupError => new SetupError({ route, field, problem, remedy });
  if (typeof handler !== "object" || handler === null) throw refuse("handler", "there is none");
  for (const [name, value] of Object.entries(handler)) {
    if (!SOCKET_FUNCTIONS.includes(name)) throw refuse(`handler.${name}`, "nothing calls this");
    if (typeof value !== "function" && value !== undefined) throw refuse(`handler.${name}`, "this is no function");
  }
}

/** @throws {SetupError} A path is no text. */
export function checkPath(route: string, field: string, path: unknown): void {
  if (typeof path === "string") return;
  throw new SetupError({ route, field, problem: "this is not a string", remedy: "write a path such as `/orders/{id:int}`" });
}

/**
 * The options that were given.
 *
 * @throws {SetupError} They are no object, such as `null`.
 */
export function given<Options extends object>(route: string, options: Options): Options {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return options;
  const problem = "these are no options";
  throw new SetupError({ route, field: "options", problem, remedy: "give an object, or leave them out" });
}

/**
 * What can be mounted of `other`.
 *
 * @throws {SetupError} Nothing can.
 */
export function partsOf(prefix: string, other: Routes<string>): Parts {
  const parts = (other as Partial<Routes<string>> | undefined)?.[PARTS];
  if (parts) return parts;
  const problem = "this has no routes";
  throw new SetupError({ route: `mount ${prefix}`, field: "other", problem, remedy: "mount a Router or an application" });
}

/** The options of a route with `stages` around it. */
function within(stages: readonly Stage[], options: RouteOptions): RouteOptions {
  return stages.length === 0 ? options : { ...options, use: [...stages, ...listOf(options.use)] };
}

/** `path` below `prefix`: the root of a router is the prefix itself. */
export function joined(prefix: string, path: string): string {
  if (path === "/" && prefix !== "") return prefix;
  return prefix.replace(/\/+$/, "") + path;
}
