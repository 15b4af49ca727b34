import { Calls } from "./calls.js";
import { ChannelEvents } from "./channel-events.js";
import { ClientSocket } from "./client-socket.js";
import type { Logger } from "./context.js";
import { Cron } from "./cron.js";
import { dispose } from "./dispose.js";
import { Documented } from "./documented.js";
import { asBytes } from "./encode.js";
import type { Engine, NativeApp } from "./engine.js";
import {
  type ConnectOptions,
  exchange,
  type Exchanged,
  headOf,
  type InjectedRequest,
  type InjectedResponse,
  pairsOf,
  SocketRefused,
} from "./exchange.js";
import { plain, stringify, textOf } from "./json.js";
import type { JsonSchema, JsonSubschema } from "./json-schema.js";
import { share } from "./kind.js";
import { Lifecycle, type LifecycleHook, type LifecycleOptions } from "./lifecycle.js";
import { attach, flush, write } from "./log.js";
import { readable, readAll } from "./memory.js";
import { derive, type DerivedRoute } from "./operation.js";
import { Periodic } from "./periodic.js";
import { pairs } from "./problem.js";
import { type AnyHandler, type Kept, type Parts, PARTS, partsOf, type Routes } from "./routes.js";
import type { HookContext, HookOptions } from "./hooks.js";
import {
  type AppContext,
  type ConnectionContext,
  type Maker,
  type Provided,
  type ProvideOptions,
  type Override,
  type Provider,
  providerEntry,
  type Substitute,
  type WithMember,
} from "./provide.js";
import { Level } from "./level.js";
import { forRuntime, settingProperty } from "./setting-names.js";
import type { Settings } from "./settings.js";
import { refuseLibraries, WRITE_PLAIN } from "./schema.js";
import { type Scheme, schemeNamed, type SecuritySchemeObject } from "./security.js";
import * as served from "./served.js";
import { at, SetupError, withParts } from "./setup-error.js";
import type { AppState } from "./state.js";
import { type Stage, stagesOf } from "./stage.js";
import { deriveSocket, WEBSOCKET } from "./socket-operation.js";
import type { AnySocketHandler } from "./sockets.js";
import type { FileAccess } from "./upload.js";

/** What an application may be given beside its settings. */
export interface AppOptions {
  /** The schemas that `#/components/schemas/NAME` refers to. */
  readonly components?: Readonly<Record<string, JsonSchema>>;
  /** Other documents that schemas may refer to, by their URIs. */
  readonly schemas?: Readonly<Record<string, JsonSubschema>>;
  /** Where failures of handlers, and what the runtime reports, are written; `console` by default. */
  readonly logger?: Logger;
}

/** An application without a server: routes, and requests in memory. */
export class Application<Members = unknown> extends Documented<Members> {
  protected override readonly native: NativeApp;
  /** @internal */
  readonly log: Logger;
  /** The application's own, as hooks of {@link onStart} leave it for handlers; see {@link AppState}. */
  readonly state: AppState = {};
  /** @internal */
  readonly lifecycle: Lifecycle;
  /** @internal */
  override readonly level = new Level("app");
  /** @internal */
  readonly periodic: Periodic;
  readonly #engine: Engine;
  readonly #calls: Calls;
  readonly #kept: Kept[] = [];
  readonly #served: served.Served[] = [];
  readonly #stages: Stage[] = [];
  #isSealed = false;
  readonly #security = new Map<string, string>();
  readonly #converters = new Map<string, { regex: string; schema: JsonSchema }>();
  readonly #components: Readonly<Record<string, JsonSchema>>;
  readonly #schemas: Readonly<Record<string, JsonSubschema>>;

  /** @internal */
  constructor(
    engine: Engine,
    files: FileAccess,
    settings: Settings,
    { components = {}, schemas = {}, logger = console }: AppOptions,
  ) {
    super();
    const known = engine.settings().map(([name]) => name);
    this.log = logger;
    this.lifecycle = new Lifecycle(this, logger);
    this.#engine = engine;
    this.#components = components;
    this.#schemas = schemas;
    at("application", () => {
      refuseLibraries(components, "components", WRITE_PLAIN);
      refuseLibraries(schemas, "schemas", WRITE_PLAIN);
    });
    this.#calls = new Calls(engine, files, logger, settings.debug === true);
    const given = forRuntime(settings, known);
    this.periodic = new Periodic(this.#calls.background);
    const wake = waking(this.#calls);
    this.native = inProperties(() => withParts(() => new engine.NativeApp(given, plain(components), wake)));
    if (Object.keys(schemas).length > 0) withParts(() => this.native.addSchemas(plain(schemas)));
    this.#calls.native = this.native.calls();
    attach(engine, this);
  }

  protected override add(kept: Kept): void {
    const { method, path, options, handler } = kept;
    const own = Level.of(`${method} ${path}`, options as HookOptions<never>);
    // A router may be mounted into itself.
    const levels = [...new Set([this.level, ...kept.levels, ...(own ? [own] : [])])];
    if (method === WEBSOCKET) {
      const route = deriveSocket(path, options);
      this.#calls.addSockets(this.#addRoute("GET", route), { route, handler: handler as AnySocketHandler }, levels);
    } else {
      const route = derive(method, path, options);
      this.#calls.add(this.#addRoute(method, route), route, handler as AnyHandler, levels);
    }
    this.#kept.push(kept);
  }

  protected override serve(given: served.Served): void {
    const { kind, path, data } = given;
    const operation = plain(served.operationOf(given));
    served.inProperties(() =>
      withParts(() => {
        if (kind === "static") this.native.staticFiles(path, plain(data), operation);
        else this.native.redirect(path, plain(data), operation);
      }),
    );
    this.#served.push(given);
  }

  /** Adds a route to the runtime, and gives the number of its handler. */
  #addRoute(method: string, { path, operation, slots: named, streamed, finish }: DerivedRoute): number {
    const slots = named.flatMap(({ place, name }) => [LOCATIONS[place], name]);
    // What a library may refuse is refused before a socket is open.
    const admits = Object.keys(finish).length > 0;
    return withParts(() => this.native.addRoute(method, path, plain(operation), slots, streamed !== undefined, admits));
  }

  /**
   * Runs `hook` when the application starts: before the first request, and before the server says that it listens. Several run in the
   * order in which they are added, each when the one before has ended. One that fails keeps the application from serving: `listen`
   * fails with what it threw as its `cause`, and `sabir run` ends with the code 1.
   *
   * In memory, as with {@link request}, the application starts with the first request.
   *
   * @throws {SetupError} The application has started, or an option does not fit.
   *
   * @example
   * app.onStart(async () => void (await database.connect()));
   * app.onStop(() => database.close());
   */
  onStart(hook: LifecycleHook<this>, options?: LifecycleOptions): this {
    this.lifecycle.add("onStart", hook, options);
    return this;
  }

  /**
   * Runs `hook` when the application stops: after the last request has been answered. Several run in reverse: the one that was added
   * last comes first. One that fails is logged, and the others run all the same.
   *
   * @throws {SetupError} The application has started, or an option does not fit.
   */
  onStop(hook: LifecycleHook<this>, options?: LifecycleOptions): this {
    this.lifecycle.add("onStop", hook, options);
    return this;
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
  ): Application<WithMember<Members, Name, Made>>;
  provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<ConnectionContext<Members>, Made>,
    options: ProvideOptions<Provided<NoInfer<Made>>> & { readonly scope: "connection" },
  ): Application<WithMember<Members, Name, Made>>;
  provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<HookContext<Members>, Made>,
    options?: ProvideOptions<Provided<NoInfer<Made>>>,
  ): Application<WithMember<Members, Name, Made>>;
  provide(name: string, provider: Provider<never, unknown>, options?: ProvideOptions): Application<never> {
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
  derive<Made extends object>(maker: Maker<Members, Made>): Application<Members & Readonly<Made>> {
    this.level.derive(maker);
    return this as never;
  }

  /**
   * Has `provider` stand for every provider of this name, in the application and in its routers, until what is returned is called or
   * disposed of. For tests.
   *
   * @throws {SetupError} There is none, which is known from the first request on and told then.
   *
   * @example
   * using _ = app.override("user", () => ada);
   */
  override<const Name extends string>(
    name: Name,
    provider: Provider<HookContext<Members>, Substitute<Members, Name>>,
    options?: ProvideOptions,
  ): Override {
    const restore = this.#calls.members.override(providerEntry("app", name, provider, options));
    return Object.assign(restore, { [dispose]: restore });
  }

  /**
   * Adds a converter for paths: `{variable:name}` matches what `regex` matches as a whole.
   *
   * `regex` is an expression of ECMA-262 with the flag `u`, without look-around and back-references.
   *
   * @throws {SetupError} The name is taken, or the expression does not compile.
   */
  converter(name: string, regex: string, schema: JsonSchema): this {
    at(`converter ${name}`, () => refuseLibraries(schema, "schema", WRITE_PLAIN));
    withParts(() => this.native.addConverter(name, regex, plain(schema)));
    this.#converters.set(name, { regex, schema });
    return this;
  }

  /**
   * Serves every route of a router or of another application below `prefix`, with this application's settings. Routes are
   * copied: adding to `other` later has no effect here.
   *
   * @throws {SetupError} A route or a converter of `other` does not fit here, or a route cannot be told from another one.
   */
  override mount(prefix: string, other: Routes<string>): this {
    const { application } = partsOf(prefix, other);
    const { converters = [], components = {}, schemas = {}, security = [] } = application ?? {};
    for (const [name, { regex, schema }] of converters) {
      const own = this.#converters.get(name);
      if (own?.regex !== regex || textOf(own.schema) !== textOf(schema)) this.converter(name, regex, schema);
    }
    for (const [uri, document] of Object.entries(schemas)) {
      if (textOf(this.#schemas[uri]) !== textOf(document)) {
        const parts = { route: `mount ${prefix}`, field: `schemas.${uri}`, problem: "this application does not have it" };
        throw new SetupError({ ...parts, remedy: "give both applications the same schemas" });
      }
    }
    for (const [name, schema] of Object.entries(components)) {
      if (textOf(this.#components[name]) !== textOf(schema)) {
        const parts = { route: `mount ${prefix}`, field: `components.${name}`, problem: "this application does not have it" };
        throw new SetupError({ ...parts, remedy: "give both applications the same components" });
      }
    }
    for (const [name, scheme] of security) {
      const known = this.#security.get(name);
      if (known === undefined) this.security(name, JSON.parse(scheme) as SecuritySchemeObject);
      else if (known !== scheme) {
        const parts = { route: `mount ${prefix}`, field: `security.${name}`, problem: "this application has another one" };
        throw new SetupError({ ...parts, remedy: "rename one" });
      }
    }
    const mounted = super.mount(prefix, other);
    if (application) {
      this.lifecycle.adopt(application.lifecycle);
      this.periodic.adopt(application.periodic);
    }
    return mounted;
  }

  /**
   * Adds a security scheme, and gives what routes demand it by in their option `security`: one of {@link apiKey}, {@link basic},
   * {@link bearer} and {@link jwt}, or an OpenAPI Security Scheme Object. Requests without credentials are answered 401, those that may
   * too little 403, before any handler. Add it before the routes that demand it.
   *
   * @example
   * const key = app.security("key", apiKey({ header: "x-api-key", keys: { ci: { key: process.env.CI_KEY ?? "", scopes: ["read"] } } }));
   * app.get("/orders", { security: [key("read")] }, ({ request }) => request.identity?.subject);
   * @throws {SetupError} The name is taken, or something does not fit.
   */
  security(name: string, scheme: SecuritySchemeObject): Scheme {
    withParts(() => this.native.addSecurityScheme(name, plain(scheme)));
    this.#security.set(name, textOf(scheme) ?? "");
    return schemeNamed(name);
  }

  protected override setStages(stages: readonly Stage[]): void {
    const found = stagesOf("use", stages);
    for (const [name, options] of Object.entries(found)) withParts(() => this.native.setStage(name, textOf(options) ?? "false"));
    this.#stages.push(...stages);
  }

  /**
   * The path of the route with this operation id, percent-encoded.
   *
   * @throws {SetupError} There is no such route, or a value is missing, surplus or does not fit.
   */
  urlFor(operationId: string, values: Readonly<Record<string, string | number | boolean>> = {}): string {
    const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    return withParts(() => this.native.urlFor(operationId, texts));
  }

  /** How many calls have entered JavaScript since the start. Refused requests do not. */
  get handlerCalls(): number {
    return this.native.handlerCalls();
  }

  /**
   * Sends a request through the whole pipeline in memory, in the runtime's own terms.
   *
   * @throws {Error} The content of the answer breaks off before its end.
   */
  async inject(request: InjectedRequest): Promise<InjectedResponse> {
    const { status, headers, body, signal, over } = await this.#exchange(request);
    try {
      if (body instanceof Uint8Array) return { status, headers, body, trailers: [] };
      const whole = await readAll(body, signal);
      return { status, headers, body: whole, trailers: pairsOf(body.trailers()) };
    } finally {
      over();
    }
  }

  /**
   * Answers a web `Request` in memory, through the whole pipeline. Its content is read when the handler wants it, and not further than
   * that. Its signal cancels the handler, as a client that leaves does, and so do content that fails and whoever cancels an answer
   * that is a stream.
   * Works wherever a function from `Request` to `Response` is asked for, such as `Bun.serve({ fetch: app.fetch })`.
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname, search, host } = new URL(request.url);
    const headers: [string, string][] = [...request.headers];
    // Clients send it as a field, so the request of a server has it; one that is made does not.
    if (!request.headers.has("host")) headers.unshift(["host", host]);
    const { method, signal, body: content } = request;
    const sent = { method, target: pathname + search, headers, signal, ...(content && { body: content }) };
    const { body, signal: leaving, over, ...head } = await this.#exchange(sent);
    if (!(body instanceof Uint8Array)) return new Response(readable(body, leaving, over), head);
    over();
    // These have no content, and the constructor refuses even none of it.
    const isBare = [101, 103, 204, 205, 304].includes(head.status);
    return new Response(isBare ? null : (body as Uint8Array<ArrayBuffer>), head);
  };

  /** Sends a request in memory: `path` with its query, and what `fetch` takes. For tests. */
  async request(path: string, init?: RequestInit): Promise<Response> {
    const request = new Request(new URL(path, "http://sabir.test"), init);
    // The platform keeps fields from the request that its own client would set.
    const host = new Headers(init?.headers).get("host");
    if (host !== null && !request.headers.has("host")) request.headers.set("host", host);
    return await this.fetch(request);
  }

  /**
   * Opens a socket in memory, through the whole pipeline; for tests.
   *
   * @param path The path, with its query.
   * @throws {SocketRefused} The server answers something else; `response` has the answer.
   */
  async connect(path: string, { headers, query, subprotocols = [] }: ConnectOptions = {}): Promise<ClientSocket> {
    const url = new URL(path, "http://sabir.test");
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, String(value));
    const fields = new Headers(pairs(headers ?? {}));
    if (!fields.has("host")) fields.set("host", url.host);
    if (subprotocols.length > 0) fields.set("sec-websocket-protocol", subprotocols.join(", "));
    await this.lifecycle.start();
    this.seal();
    const opened = await this.native.connect(url.pathname + url.search, [...fields].flat());
    this.flushLog();
    if (!("status" in opened)) return new ClientSocket(opened, () => this.flushLog());
    throw new SocketRefused(new Response(opened.body as Uint8Array<ArrayBuffer>, headOf(opened)));
  }

  /**
   * Publishes a message on a channel: sockets that have subscribed are sent it, and streams of events. It is written once for all of them.
   * A string is text, bytes are binary, other values are JSON; streams of events leave out what is not UTF-8.
   *
   * Channels are those of this application in this process and this thread: neither other workers nor other applications have them.
   *
   * @returns How many subscribers got it.
   * @throws {TypeError} JSON cannot say the value.
   */
  publish(channel: string, message: unknown): number {
    this.#calls.flushSends();
    return this.native.publish(channel, typeof message === "string" ? message : (asBytes(message) ?? stringify(message)));
  }

  /** How many sockets and streams have subscribed to a channel. */
  presence(channel: string): number {
    return this.native.presence(channel);
  }

  /**
   * The messages of a channel as events: those behind the one that the client has seen last, as far as they are kept, and all that are
   * published from now on. Their ids are positions in the channel. The answer of a route of `app.sse`, or iterated anywhere.
   *
   * @example
   * app.sse("/news", ({ lastEventId }) => app.events("news", lastEventId));
   */
  events(channel: string, lastEventId?: string): ChannelEvents {
    return new ChannelEvents(this.native, channel, lastEventId);
  }

  async #exchange(request: InjectedRequest): Promise<Exchanged> {
    const starting = this.lifecycle.start();
    if (starting) await starting;
    this.seal();
    return await exchange(this.native, request, () => {
      // Whoever sees the answer can see what was done behind it, and what the log says about it.
      this.#calls.drain();
      this.flushLog();
    });
  }

  /** @internal Whether it has routes whose clients subscribe to channels. */
  get mayHaveChannels(): boolean {
    return this.#kept.some(({ method, options }) => method === WEBSOCKET || options.events !== undefined);
  }

  /** @internal Links the handlers with what is done around them, once. From now on nothing can be added. */
  protected seal(): void {
    if (this.#isSealed) return;
    this.#isSealed = true;
    this.#calls.seal(this.native, this.level);
  }

  /**
   * Runs `work` again and again while the application serves, the first time after `ms` milliseconds. What takes longer than that runs the
   * next time when it has ended. Of several workers of `sabir run` one does it. What it fails with is logged; a server that stops waits for
   * it within `shutdownTimeoutMs`.
   *
   * @throws {SetupError} The number is none, or the application has started.
   *
   * @example
   * app.every(60_000, () => sessions.removeExpired());
   */
  every(ms: number, work: () => unknown): this {
    if (!Number.isFinite(ms) || ms <= 0) {
      throw this.level.refuse("every", `${String(ms)} is no time`, "give a number of milliseconds");
    }
    return this.#again("every", work, (last) => last + ms - Date.now());
  }

  /**
   * Runs `work` at the times that a cron text names, in UTC: minute, hour, day of the month, month and day of the week. Otherwise as
   * {@link every}.
   *
   * @throws {SetupError} The text names no time, or the application has started.
   *
   * @example
   * app.cron("30 4 * * 1-5", () => reports.send());
   */
  cron(text: string, work: () => unknown): this {
    let times: Cron;
    try {
      times = new Cron(text);
    } catch (error) {
      throw this.level.refuse("cron", (error as Error).message, "write `minute hour day month weekday`, such as `*/5 * * * *`");
    }
    return this.#again("cron", work, (last) => (times.next(new Date(last))?.getTime() ?? Number.MAX_SAFE_INTEGER) - Date.now());
  }

  #again(name: string, work: () => unknown, delay: (last: number) => number): this {
    this.level.check(name);
    if (typeof work !== "function") throw this.level.refuse(name, "this is no function", "give what is to be done");
    this.periodic.add({ delay, work, what: work.name === "" ? name : `${name} \`${work.name}\`` });
    return this;
  }

  /** How much of what was given to `context.after` has not ended, and of what providers clean up. */
  get backgroundCount(): number {
    return this.#calls.background.count;
  }

  /** @internal Waits for what runs behind the answers, and ends what was made for all of them. */
  protected async endBackground(timeoutMs: number): Promise<void> {
    const { background, members } = this.#calls;
    // What has ended may not be known yet.
    this.#calls.drain();
    if (!(await background.drained(timeoutMs))) {
      write(this.log, "warn", `sabir: ${background.count} pieces of background work have not ended in time`);
    }
    await members.end();
  }

  /** @internal Ends the answers whose end nobody has to wait for. */
  protected endStreams(): void {
    this.#calls.stop();
  }

  /** @internal Writes what the runtime has reported. */
  flushLog(): void {
    flush(this.#engine);
  }

  /** @internal */
  override get [PARTS](): Parts {
    const application = {
      converters: this.#converters,
      components: this.#components,
      schemas: this.#schemas,
      stages: this.#stages,
      security: this.#security,
      lifecycle: this.lifecycle,
      periodic: this.periodic,
    };
    return { routes: this.#kept, served: this.#served, level: this.level, application };
  }
}
share(Application, "Application");

const LOCATIONS = { params: "path", query: "query", headers: "header", cookies: "cookie" } as const;

/**
 * What the runtime wakes. The runtime keeps it for as long as it knows the application, so it must not keep the calls in turn,
 * nor stand in a function whose variables other closures share.
 */
function waking(calls: Calls): () => void {
  const weak = new WeakRef(calls);
  return () => weak.deref()?.drain();
}

/** Lets an error in a setting name it as it was given. */
function inProperties<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SetupError) || error.route !== "settings") throw error;
    throw new SetupError({ ...error, field: settingProperty(error.field) }, { cause: error.cause });
  }
}
