import { Batch, CANCELLED } from "./batch.js";
import { CallContext } from "./call.js";
import type { Logger } from "./context.js";
import type { Engine, NativeCalls, NativeFile } from "./engine.js";
import { write } from "./log.js";
import type { DerivedRoute } from "./operation.js";
import { stringify } from "./json.js";
import { isKind, KIND } from "./kind.js";
import { type Problem, type ProblemEntry, ValidationFailed } from "./problem.js";
import { asBytes, type Cookie, encode, fieldsOf, fieldsOfResponse, type Reply, type Whole, whole } from "./response.js";
import type { AnyHandler } from "./routes.js";
import { ValidationIssues } from "./schema.js";
import { type FileAccess, UploadFile } from "./upload.js";

/** What the first slot of a body says of the second. */
const enum BodyKind {
  Absent = 0,
  /** Valid JSON text. */
  Json = 1,
  Value = 2,
}

interface Target {
  readonly route: DerivedRoute;
  readonly handler: AnyHandler;
  readonly needsFinish: boolean;
}

/** Runs the calls of one application. */
export class Calls {
  /** Set by the application, which is made with a function of this. */
  native!: NativeCalls;
  readonly #engine: Engine;
  readonly #files: FileAccess;
  readonly log: Logger;
  readonly #debug: boolean;
  readonly #targets: Target[] = [];
  readonly #batch = new Batch();
  /**
   * The calls whose signal was asked for. Not all of them: a map outgrown by traffic leaves its old tables to the garbage
   * collector, which takes them, and the calls in them, for alive.
   */
  readonly #watched = new Map<number, CallContext>();

  constructor(engine: Engine, files: FileAccess, log: Logger, debug: boolean) {
    this.#engine = engine;
    this.#files = files;
    this.log = log;
    this.#debug = debug;
  }

  /** Adds the handler with the number that the runtime gave it. */
  add(target: number, route: DerivedRoute, handler: AnyHandler): void {
    this.#targets[target] = { route, handler, needsFinish: Object.keys(route.finish).length > 0 };
    this.#batch.fit(route.slots.length + (route.hasBody ? 2 : 0));
  }

  /** Has `context` told when nobody waits for its answer any more. */
  watch(ticket: number, context: CallContext): void {
    this.#watched.set(ticket, context);
  }

  /** Runs every call that waits. */
  readonly drain = (): void => {
    const batch = this.#batch;
    batch.start(this.native.take(batch.numbers));
    while (batch.hasMore) {
      const target = batch.number();
      const ticket = batch.number();
      if (target === CANCELLED) this.#cancel(ticket);
      else this.#start(this.#targets[target] as Target, ticket);
    }
    // Between two batches the loop has to turn, so that promises and timers get their time.
    if (!this.native.rest()) setImmediate(this.drain);
  };

  #start(target: Target, ticket: number): void {
    const context = new CallContext(this, ticket);
    try {
      this.#fill(context, target.route);
      const result = target.needsFinish ? this.#finished(context, target) : target.handler(context);
      if (isThenable(result)) this.#await(target, ticket, context, result);
      else this.#settle(target, ticket, context, result);
    } catch (error) {
      this.#fail(target, ticket, context, error);
    }
  }

  #fill(context: CallContext, { slots, hasBody, hasFiles }: DerivedRoute): void {
    const batch = this.#batch;
    for (const { place, name } of slots) {
      const value = batch.slot();
      if (value !== undefined) set(context[place], name, value);
    }
    if (!hasBody) return;
    const kind = batch.slot() as BodyKind;
    const value = batch.slot();
    if (kind === BodyKind.Json) context.body = JSON.parse(value as string);
    else if (kind === BodyKind.Value) {
      context.body = hasFiles ? this.#withFiles(value) : value;
      if (value instanceof Uint8Array) context.content = value;
    }
  }

  /** Does what the libraries of the route's schemas have left to do, then runs the handler. */
  async #finished(context: CallContext, { route, handler }: Target): Promise<unknown> {
    const entries: ProblemEntry[] = [];
    for (const [part, finish] of Object.entries(route.finish) as [keyof typeof route.finish, (value: unknown) => unknown][]) {
      if (part === "body" && context.body === undefined) continue;
      try {
        (context as unknown as Record<string, unknown>)[part] = await finish(context[part]);
      } catch (error) {
        if (!(error instanceof ValidationIssues)) throw error;
        entries.push(...error.issues.map(({ pointer, detail }) => entry(part, pointer, detail)));
      }
    }
    if (entries.length > 0) {
      const count = entries.length === 1 ? "1 part of the request is" : `${entries.length} parts of the request are`;
      throw new ValidationFailed(`${count} not valid`, { errors: entries });
    }
    return handler(context);
  }

  #await(target: Target, ticket: number, context: CallContext, result: PromiseLike<unknown>): void {
    result.then(
      (value) => {
        try {
          this.#settle(target, ticket, context, value);
        } catch (error) {
          this.#fail(target, ticket, context, error);
        }
      },
      (error: unknown) => this.#fail(target, ticket, context, error),
    );
  }

  /** Answers, at once or when the content of a web `Response` is there. */
  #settle(target: Target, ticket: number, context: CallContext, result: unknown): void {
    if (result instanceof Response && result.body !== null) {
      this.#await(
        target,
        ticket,
        context,
        whole(result, () => context.signal),
      );
      return;
    }
    this.#answer(target.route.status, ticket, result);
    if (context.isWatched) this.#watched.delete(ticket);
  }

  #answer(status: number | undefined, ticket: number, result: unknown): void {
    const { native } = this;
    if (typeof result === "string") native.answerText(ticket, status ?? 200, result);
    else if (result === undefined) native.answer(ticket, status ?? 204, [], undefined);
    else if (typeof result !== "object" || result === null) native.answerJson(ticket, status ?? 200, stringify(result));
    else if (KIND in result) this.#answerKind(status, ticket, result as Problem | Reply | Whole);
    else if (result instanceof Response) native.answer(ticket, result.status, fieldsOfResponse(result), undefined);
    else {
      const bytes = asBytes(result);
      if (bytes) native.answer(ticket, status ?? 200, ["content-type", "application/octet-stream"], bytes);
      else native.answerJson(ticket, status ?? 200, stringify(result));
    }
  }

  #answerKind(status: number | undefined, ticket: number, result: Problem | Reply | Whole): void {
    const { native } = this;
    if (result[KIND] === "problem") native.answerProblem(ticket, result.data());
    else if (result[KIND] === "reply") this.#reply(ticket, status, result);
    else native.answer(ticket, result.status, result.fields, result.content);
  }

  #reply(ticket: number, status: number | undefined, { content, options }: Reply): void {
    const { body, mediaType } = encode(content, options.mediaType);
    const fields = fieldsOf(options, mediaType, (cookie) => this.#setCookie(cookie));
    this.native.answer(ticket, options.status ?? status ?? (content === undefined ? 204 : 200), fields, body);
  }

  #setCookie({ name, value, expires, ...attributes }: Cookie): string {
    const seconds = expires && Math.floor(expires.getTime() / 1000);
    // The runtime would read what is no number as 0, which makes the client forget the cookie.
    for (const time of [seconds, attributes.maxAge]) {
      if (time !== undefined && !Number.isSafeInteger(time)) throw new TypeError(`cookie ${name}: its end is not a time`);
    }
    return this.#engine.setCookie(name, value, { ...attributes, ...(seconds !== undefined && { expires: seconds }) });
  }

  /** Answers for what a handler threw: the problem it stands for, or 500 and an entry in the log. Never throws. */
  #fail(target: Target, ticket: number, context: CallContext, error: unknown): void {
    if (context.isWatched) this.#watched.delete(ticket);
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
    this.#record(target, ticket, context, cause);
    const detail = this.#debug ? stackOf(cause) : undefined;
    this.native.answerProblem(ticket, { status: 500, ...(detail !== undefined && { detail }) });
  }

  #record({ route }: Target, ticket: number, context: CallContext, cause: unknown): void {
    let message = `${route.method} ${route.path} failed`;
    try {
      // A handler that stops because nobody waits does as it was told.
      if (context.isCancelled && cause instanceof Error && cause.name === "AbortError") return;
      // Without its id when the client has left.
      if (this.native.isOpen(ticket)) message += ` (request ${context.native.id})`;
    } catch {
      // What was thrown fails when it is looked at.
    }
    if (!write(this.log, "error", message, cause)) write(this.log, "error", `${message}; what it threw cannot be written`);
  }

  #cancel(ticket: number): void {
    this.native.cancel(ticket);
    this.#watched.get(ticket)?.cancel();
    this.#watched.delete(ticket);
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

/** Sets a member, also one whose name would reach the prototype. */
function set(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
  else members[name] = value;
}

/** The stack of an error; reading it may run code of the application. */
function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === "string" ? error.stack : undefined;
  } catch {
    return undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** An entry of a problem's `errors` for what a schema library refuses. */
function entry(part: string, pointer: string, detail: string): ProblemEntry {
  if (part === "body") return { in: "body", pointer, keyword: "custom", detail };
  const [, name = "", ...rest] = pointer.split("/");
  const place = part === "params" ? "path" : part === "headers" ? "header" : part === "cookies" ? "cookie" : "query";
  return { in: place, name, ...(rest.length > 0 && { pointer: `/${rest.join("/")}` }), keyword: "custom", detail };
}
