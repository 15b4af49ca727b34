import { Background } from "./background.js";
import { Batch, CANCELLED, CLOSED, CONTENT, ENDED, GONE, MESSAGE, OPENED, PING, PONG, REFUSED, WRITABLE } from "./batch.js";
import { ByTicket } from "./by-ticket.js";
import { CallContext } from "./call.js";
import { ChannelEvents } from "./channel-events.js";
import type { Logger } from "./context.js";
import { compile, compileUnmatched, type Refused } from "./chain.js";
import { fieldsOf, withPrepared } from "./encode.js";
import type { Engine, NativeApp, NativeCalls, NativeFile } from "./engine.js";
import { failureOf } from "./failure.js";
import { finishParts } from "./finish.js";
import { write } from "./log.js";
import { derive, type DerivedRoute, type PlaceName, type Streamed } from "./operation.js";
import { IncomingContent, type PieceKind } from "./incoming-content.js";
import { isKind } from "./kind.js";
import type { Level } from "./level.js";
import { Members, type RouteProviders } from "./members.js";
import { PartReader } from "./part.js";
import { Problem, type ProblemEntry } from "./problem.js";
import { problemOf } from "./problem-of.js";
import { ValidationFailed } from "./problems.js";
import { isThenable } from "./promise.js";
import { refuseSocket } from "./refusal.js";
import { Reply } from "./reply.js";
import { Responder } from "./responder.js";
import { Response } from "./response.js";
import type { AnyHandler } from "./routes.js";
import { ValidationIssues } from "./schema.js";
import { Sockets, type SocketTarget } from "./sockets.js";
import { streamedOf, Streams } from "./streams.js";
import { type FileAccess, UploadFile } from "./upload.js";

/** What the first slot of a body says of the second. */
const enum BodyKind {
  Absent = 0,
  /** Valid JSON text. */
  Json = 1,
  Value = 2,
}

interface Target {
  /** What is done for requests that the runtime refuses. */
  readonly refused?: Refused | undefined;
  readonly route: DerivedRoute;
  readonly handler: AnyHandler;
  readonly needsFinish: boolean;
  readonly providers?: RouteProviders | undefined;
  /** What is done around the handler, until the two are linked. */
  readonly levels: readonly Level[];
}

/** What stands for the answer that opens a socket. */
const UPGRADE = Response.of(undefined, { status: 101 }, "upgrade");

/** What requests that no route fits are for. */
const UNMATCHED: Target = {
  route: { ...derive("GET", "/", {}), method: "answering", path: "a refusal" },
  handler: () => undefined,
  needsFinish: false,
  levels: [],
};

/** What gets the parts of a request. */
type Filled = Record<PlaceName, Record<string, unknown>> & { body?: unknown; content?: Uint8Array | undefined };

/** Runs the calls of one application. */
export class Calls {
  readonly #engine: Engine;
  readonly #files: FileAccess;
  readonly log: Logger;
  readonly #debug: boolean;
  readonly background: Background;
  readonly members: Members;
  /** The class of contexts with members, where there are some. */
  #Providing: ReturnType<Members["contextClass"]> | undefined;
  readonly #targets: (Target | SocketTarget)[] = [];
  readonly #batch = new Batch();
  readonly #responder: Responder;
  readonly #streams = new Streams();
  readonly #sockets: Sockets;
  /** The contents that handlers take while they arrive. */
  readonly #contents = new ByTicket<IncomingContent>();
  /** The calls whose signal was asked for. */
  readonly #watched = new ByTicket<CallContext>();
  /** The calls whose end the runtime tells, since something is to be done then. */
  readonly #ending = new ByTicket<CallContext>();

  constructor(engine: Engine, files: FileAccess, log: Logger, debug: boolean) {
    this.#engine = engine;
    this.#files = files;
    this.log = log;
    this.#debug = debug;
    this.background = new Background(log);
    this.members = new Members(this.background);
    this.#responder = new Responder(engine, files);
    this.#sockets = new Sockets(log, debug, {
      context: (ticket, target) => this.#context(ticket, target),
      refuse: (context, value) => refuseSocket(this.native, context.ticket, value, context, engine),
      forget: (context) => this.#forget(context),
    });
  }

  get native(): NativeCalls {
    return this.#responder.native;
  }

  /** Set by the application, which is made with a function of this. */
  set native(native: NativeCalls) {
    this.#responder.native = native;
    this.#sockets.native = native;
  }

  /** Adds the handler with the number that the runtime gave it. */
  add(target: number, route: DerivedRoute, handler: AnyHandler, levels: readonly Level[]): void {
    this.#targets[target] = { route, handler, needsFinish: Object.keys(route.finish).length > 0, levels };
    this.#batch.fit(route.slots.length + (route.hasBody ? 2 : 0));
  }

  /** Adds a handler of sockets with the number that the runtime gave it. */
  addSockets(number: number, target: Omit<SocketTarget, "levels">, levels: readonly Level[]): void {
    this.#targets[number] = { ...target, levels };
    this.#batch.fit(target.route.slots.length);
  }

  /**
   * Links every handler with what is done around it.
   *
   * @param app What is done around all of them, and for requests that no route fits.
   */
  seal(native: NativeApp, app: Level): void {
    app.seal();
    const names = new Set(app.providers.keys());
    for (const [number, given] of this.#targets.entries()) {
      const { route, levels } = given;
      for (const level of levels) {
        level.seal();
        for (const name of level.providers.keys()) names.add(name);
      }
      const target = { ...given, providers: providersOf(levels) };
      if (target.providers) this.#targets[number] = target;
      const isSocket = route.socket !== undefined;
      const needsFinish = Object.keys(route.finish).length > 0;
      const chain = compile({
        levels,
        handler: isSocket ? () => UPGRADE : (target as Target).handler,
        finish: needsFinish ? (context) => finishParts(route, context) : undefined,
        routeStatus: route.status,
        engine: this.#engine,
        failed: (context, error) => this.#failed(target, context, error),
      });
      if (!chain) continue;
      const { run, refused } = chain;
      if (refused) native.takeRefusalsOf(number);
      if (isSocket) {
        native.openByHost(number);
        this.#targets[number] = { ...(target as SocketTarget), chain };
      } else this.#targets[number] = { ...(target as Target), handler: run, needsFinish: false, refused };
    }
    const failed = (context: CallContext, error: unknown): Problem => this.#failed(UNMATCHED, context, error);
    const refused = compileUnmatched({ levels: [app], engine: this.#engine, failed });
    const providers = providersOf([app]);
    if (refused) this.#targets[native.takeRefusals()] = { ...UNMATCHED, refused, providers };
    for (const name of this.members.overrides.keys()) this.members.check(name, names);
    this.members.names = names;
    if (names.size > 0) this.#Providing = this.members.contextClass(names);
  }

  #context(ticket: number, { providers }: { readonly providers?: RouteProviders | undefined }): CallContext {
    if (!providers || !this.#Providing) return new CallContext(this, ticket);
    return new this.#Providing(this, ticket, providers);
  }

  /** Answers a request that the runtime refuses. */
  #refuse(target: Target | SocketTarget, ticket: number, fields: readonly string[], text: string): void {
    const context = this.#context(ticket, target);
    const refused = "chain" in target ? target.chain?.refused : (target as Target).refused;
    const called: Target = { ...UNMATCHED, route: target.route };
    try {
      const problem = problemOf(fields, text);
      const result = refused ? refused(context, problem) : problem;
      if (isThenable(result)) this.#await(called, context, result);
      else this.#settle(called, context, result);
    } catch (error) {
      this.#fail(called, context, error);
    }
  }

  /** Logs an error of a call, and gives the problem that stands for it. */
  #failed(target: Pick<Target, "route">, context: CallContext, error: unknown): Problem {
    this.#record(target, context, error);
    const { status, ...options } = failureOf(error, this.#debug);
    return new Problem(status, options);
  }

  /** Has `context` told when nobody waits for its answer any more. */
  watch(ticket: number, context: CallContext): void {
    this.#watched.set(ticket, context);
  }

  /** Runs every call that waits. */
  readonly drain = (): void => {
    const batch = this.#batch;
    batch.start(this.native.take(batch.numbers));
    this.#sockets.begin();
    while (batch.hasMore) {
      const target = batch.number();
      const ticket = batch.number();
      if (target >= 0) this.#start(this.#targets[target] as Target, ticket);
      else this.#tell(target, ticket);
    }
    this.#sockets.end();
    // Between two batches the loop has to turn, so that promises and timers get their time.
    if (!this.native.rest()) setImmediate(this.drain);
  };

  /** Sends what handlers have sent over sockets while a batch is read. */
  flushSends(): void {
    this.#sockets.sends.flush();
  }

  /** Ends the answers whose end the server does not wait for when it stops, and closes the sockets. */
  stop(): void {
    this.#streams.stop();
    this.#sockets.stop();
  }

  /** Reads what has happened besides a call, to the one with this ticket or to a socket. */
  #tell(what: number, ticket: number): void {
    const batch = this.#batch;
    switch (what) {
      case MESSAGE:
        this.#sockets.message(ticket, batch.number(), batch.slot());
        break;
      case OPENED: {
        const target = this.#targets[batch.number()] as SocketTarget;
        const subprotocol = batch.slot() as string | undefined;
        this.#sockets.start(target, ticket, subprotocol, (parts) => this.#fill(parts, target.route));
        break;
      }
      case REFUSED: {
        const target = this.#targets[batch.number()] as Target | SocketTarget;
        const fields = batch.slot() as string[];
        this.#refuse(target, ticket, fields, batch.slot() as string);
        break;
      }
      case PING:
        this.#sockets.control(ticket, batch.number(), batch.slot(), "ping");
        break;
      case PONG:
        this.#sockets.control(ticket, batch.number(), batch.slot(), "pong");
        break;
      case CLOSED:
        this.#sockets.over(ticket, batch.number(), batch.slot() as string);
        break;
      case GONE:
        this.#sockets.over(ticket, undefined, "");
        break;
      case CONTENT: {
        const [kind, value] = [batch.number() as PieceKind, batch.slot()];
        this.#contents.get(ticket)?.deliver(kind, value);
        break;
      }
      case WRITABLE:
        this.#streams.writable(ticket);
        this.#sockets.writable(ticket);
        break;
      case CANCELLED:
        this.#cancel(ticket);
        break;
      case ENDED:
        this.#ended(ticket);
        break;
    }
  }

  #start(target: Target, ticket: number): void {
    const context = target.providers ? this.#context(ticket, target) : new CallContext(this, ticket);
    try {
      this.#fill(context, target.route);
      if (target.route.streamed) this.#stream(context, target.route.streamed);
      const result = target.needsFinish ? this.#finished(context, target) : target.handler(context);
      if (isThenable(result)) this.#await(target, context, result);
      else this.#settle(target, context, result);
    } catch (error) {
      this.#fail(target, context, error);
    }
  }

  #fill(context: Filled, { slots, others, hasBody, hasFiles }: DerivedRoute): void {
    const batch = this.#batch;
    for (const { place, name } of slots) {
      const value = batch.slot();
      if (value !== undefined) set(context[place], name, value);
    }
    if (others !== undefined) spread(context.query, others);
    if (!hasBody) return;
    const kind = batch.slot() as BodyKind;
    const value = batch.slot();
    if (kind === BodyKind.Json) context.body = JSON.parse(value as string);
    else if (kind === BodyKind.Value) {
      context.body = hasFiles ? this.#withFiles(value) : value;
      if (value instanceof Uint8Array) context.content = value;
    }
  }

  /** Gives a handler the content that it takes while it arrives. */
  #stream(context: CallContext, { form, finish }: Streamed): void {
    const content = new IncomingContent(this.native, context.ticket);
    this.#contents.set(context.ticket, content);
    if (form === "bytes") context.body = content.stream();
    else if (form === "parts") context.parts = new PartReader(content).parts();
    else context.items = content.items(finish && ((value) => finishedItem(finish, value)));
  }

  /** Does what the libraries of the route's schemas have left to do, then runs the handler. */
  async #finished(context: CallContext, { route, handler }: Target): Promise<unknown> {
    await finishParts(route, context);
    return handler(context);
  }

  #await(target: Target, context: CallContext, result: PromiseLike<unknown>): void {
    result.then(
      (value) => {
        try {
          this.#settle(target, context, value);
        } catch (error) {
          this.#fail(target, context, error);
        }
      },
      (error: unknown) => this.#fail(target, context, error),
    );
  }

  /** Answers, at once or with what is made while it is sent. */
  #settle(target: Target, context: CallContext, result: unknown): void {
    const { ticket } = context;
    this.#awaitEnd(context);
    // What `context.status(202)` gives says something of the answer and is not its content.
    const value = result === context ? undefined : result;
    if (value instanceof ChannelEvents) {
      const fields = context.prepared ? withPrepared([], context.prepared, this.#engine) : [];
      const status = context.prepared?.status ?? target.route.status ?? 200;
      this.native.answerChannel(ticket, status, fields, value.channel, value.lastEventId);
      this.#forget(context);
      return;
    }
    if (typeof value === "object" && value !== null) {
      if (value instanceof Reply && value.content instanceof ChannelEvents) {
        const { channel, lastEventId } = value.content;
        this.native.answerChannel(
          ticket,
          value.status,
          fieldsOf(value, undefined, undefined, this.#engine),
          channel,
          lastEventId,
        );
        this.#forget(context);
        return;
      }
      const streamed = streamedOf(value, target.route, context, this.#engine);
      if (streamed) {
        const failed = (error: unknown, hasBegun: boolean): void => {
          context.failed(error);
          if (hasBegun) this.#record(target, context, error);
          else this.#fail(target, context, error);
        };
        this.#streams.start(this.native, ticket, streamed, failed, () => this.#forget(context));
        return;
      }
    }
    const { prepared } = context;
    if (prepared) this.#responder.answerPrepared(target.route.status, ticket, value, prepared);
    else this.#responder.answer(target.route.status, ticket, value);
    this.#forget(context);
  }

  /** Nothing is left to be told to the handler. */
  #forget(context: CallContext): void {
    const { ticket } = context;
    if (context.isWatched) this.#watched.delete(ticket);
    this.#contents.get(ticket)?.end();
    this.#contents.delete(ticket);
    // What is done after the answer waits for its last byte.
    if (context.hasEnding && this.#ending.get(ticket) !== context) context.end();
  }

  /** Has the runtime tell of the end of the answer to come, where something is to be done then. */
  #awaitEnd(context: CallContext): void {
    if (context.hasEnding && this.native.tellEnd(context.ticket)) this.#ending.set(context.ticket, context);
  }

  #ended(ticket: number): void {
    const context = this.#ending.get(ticket);
    this.#ending.delete(ticket);
    if (context) context.end();
    else this.members.connections.ended(ticket);
  }

  /** Answers for what a handler threw: the problem it stands for, or 500 and an entry in the log. Never throws. */
  #fail(target: Target, context: CallContext, error: unknown): void {
    context.failed(error);
    this.#awaitEnd(context);
    this.#answerFailure(target, context, error);
    this.#forget(context);
  }

  #answerFailure(target: Target, context: CallContext, error: unknown): void {
    const { ticket } = context;
    let cause = error;
    try {
      if (isKind(error, "problem")) {
        this.native.answerProblem(ticket, (error as Problem).data());
        return;
      }
    } catch (second) {
      // A problem that cannot be sent is a failure like any other.
      cause = second;
    }
    this.#record(target, context, cause);
    this.native.answerProblem(ticket, failureOf(cause, this.#debug));
  }

  #record({ route }: Pick<Target, "route">, context: CallContext, cause: unknown): void {
    let message = `${route.method} ${route.path} failed`;
    try {
      // A handler that stops because nobody waits does as it was told.
      if (context.isCancelled && cause instanceof Error && cause.name === "AbortError") return;
      // Without its id when the client has left.
      if (this.native.isOpen(context.ticket)) {
        const { id, trace } = context.native;
        message += ` (request ${trace === null ? id : `${id}, trace ${trace[0]}`})`;
      }
    } catch {
      // What was thrown fails when it is looked at.
    }
    if (!write(this.log, "error", message, cause)) write(this.log, "error", `${message}; what it threw cannot be written`);
  }

  #cancel(ticket: number): void {
    this.native.cancel(ticket);
    this.#watched.get(ticket)?.cancel();
    this.#watched.delete(ticket);
    this.#streams.cancel(ticket);
    this.#sockets.cancel(ticket);
    this.#contents.get(ticket)?.fail(new DOMException("nobody waits for the answer any more", "AbortError"));
  }

  #withFiles(value: unknown): unknown {
    if (value instanceof this.#engine.NativeFile) return new UploadFile(value as NativeFile, this.#files);
    if (Array.isArray(value)) return value.map((item) => this.#withFiles(item));
    if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
      const members = value as Record<string, unknown>;
      for (const name of Object.keys(members)) set(members, name, this.#withFiles(members[name]));
    }
    return value;
  }
}

/** The providers of a route by their names; nothing where there are none. Those of the route's own routers go first. */
function providersOf(levels: readonly Level[]): RouteProviders | undefined {
  const found = levels.flatMap(({ providers }) => [...providers]);
  return found.length > 0 ? new Map(found) : undefined;
}

/** What a schema's library makes of a value of the content. */
async function finishedItem(finish: (value: unknown) => unknown, value: unknown): Promise<unknown> {
  try {
    return await finish(value);
  } catch (error) {
    if (!(error instanceof ValidationIssues)) throw error;
    const errors = error.issues.map(({ pointer, detail }): ProblemEntry => ({ in: "body", pointer, keyword: "custom", detail }));
    throw new ValidationFailed("1 part of the request is not valid", { errors });
  }
}

/** Sets a member, also one whose name would reach the prototype. */
function set(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
  else members[name] = value;
}

/** Puts the members of the member called `name` in its place. */
function spread(members: Record<string, unknown>, name: string): void {
  const others = members[name] as Record<string, unknown> | undefined;
  delete members[name];
  for (const [other, value] of Object.entries(others ?? {})) set(members, other, value);
}
