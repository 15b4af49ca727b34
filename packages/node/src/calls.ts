import { Batch, CANCELLED } from "./batch.js";
import { CallContext } from "./call.js";
import type { Logger } from "./context.js";
import { asBytes, encode, fieldsOf, JSON_TYPE, problemWith, TEXT_TYPE, withPrepared } from "./encode.js";
import type { Engine, NativeCalls, NativeFile } from "./engine.js";
import { write } from "./log.js";
import { type DerivedRoute, PLACES } from "./operation.js";
import { stringify } from "./json.js";
import { isKind, KIND } from "./kind.js";
import type { Prepared } from "./prepared.js";
import type { Problem, ProblemEntry } from "./problem.js";
import { ValidationFailed } from "./problems.js";
import { Response } from "./response.js";
import type { AnyHandler } from "./routes.js";
import { ValidationIssues } from "./schema.js";
import { type FileAccess, UploadFile } from "./upload.js";
import { fieldsOfResponse, Whole, whole } from "./web-response.js";

/** The platform's class. */
const WebResponse = globalThis.Response;

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

  #fill(context: CallContext, { slots, others, hasBody, hasFiles }: DerivedRoute): void {
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

  /** Does what the libraries of the route's schemas have left to do, then runs the handler. */
  async #finished(context: CallContext, { route, handler }: Target): Promise<unknown> {
    const entries: ProblemEntry[] = [];
    for (const [part, finish] of Object.entries(route.finish) as [keyof typeof route.finish, (value: unknown) => unknown][]) {
      if (part === "body" && context.body === undefined) continue;
      try {
        (context as unknown as Record<string, unknown>)[part] = await finish(context[part]);
      } catch (error) {
        if (!(error instanceof ValidationIssues)) throw error;
        entries.push(...error.issues.map(({ pointer, detail }) => entry(route, part, pointer, detail)));
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
    if (result instanceof WebResponse && result.body !== null) {
      this.#await(target, ticket, context, whole(result, context.signal));
      return;
    }
    // What `context.status(202)` gives says something of the answer and is not its content.
    const value = result === context ? undefined : result;
    const { prepared } = context;
    if (prepared) this.#answerPrepared(target.route.status, ticket, value, prepared);
    else this.#answer(target.route.status, ticket, value);
    if (context.isWatched) this.#watched.delete(ticket);
  }

  #answer(status: number | undefined, ticket: number, result: unknown): void {
    const { native } = this;
    if (typeof result === "string") native.answerText(ticket, status ?? 200, result);
    else if (result === undefined) native.answer(ticket, status ?? 204, [], undefined);
    else if (typeof result !== "object" || result === null) native.answerJson(ticket, status ?? 200, stringify(result));
    else if (KIND in result) this.#answerKind(status, ticket, result as Problem | Response | Whole, undefined);
    else if (result instanceof WebResponse) native.answer(ticket, result.status, fieldsOfResponse(result), undefined);
    else {
      const bytes = asBytes(result);
      if (bytes) native.answer(ticket, status ?? 200, ["content-type", "application/octet-stream"], bytes);
      else native.answerJson(ticket, status ?? 200, stringify(result));
    }
  }

  /** Answers with what the handler has said of its answer before. */
  #answerPrepared(status: number | undefined, ticket: number, result: unknown, prepared: Prepared): void {
    let answer: Problem | Response | Whole;
    if (result instanceof WebResponse) answer = new Whole(result.status, fieldsOfResponse(result), undefined);
    else if (typeof result === "object" && result !== null && KIND in result) answer = result as typeof answer;
    else answer = result === null ? Response.json(null) : new Response(result);
    this.#answerKind(prepared.status ?? status, ticket, answer, prepared);
  }

  #answerKind(
    status: number | undefined,
    ticket: number,
    result: Problem | Response | Whole,
    prepared: Prepared | undefined,
  ): void {
    const { native } = this;
    if (result[KIND] === "problem") {
      native.answerProblem(ticket, prepared ? problemWith(result, prepared, this.#engine) : result.data());
    } else if (result[KIND] === "response") this.#respond(ticket, status, result, prepared);
    else {
      const fields = prepared ? withPrepared(result.fields, prepared, this.#engine) : result.fields;
      native.answer(ticket, result.status, fields, result.content);
    }
  }

  #respond(ticket: number, status: number | undefined, response: Response, prepared: Prepared | undefined): void {
    const { native } = this;
    const { options } = response;
    const { body, mediaType } = encode(response);
    const code = options.status ?? status ?? (body === undefined ? 204 : 200);
    const isPlain =
      !prepared && options.headers === undefined && options.cookies === undefined && options.mediaType === undefined;
    if (isPlain && typeof body === "string" && mediaType === JSON_TYPE) native.answerJson(ticket, code, body);
    else if (isPlain && typeof body === "string" && mediaType === TEXT_TYPE) native.answerText(ticket, code, body);
    else native.answer(ticket, code, fieldsOf(response, mediaType, prepared, this.#engine), body);
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

/** Puts the members of the member called `name` in its place. */
function spread(members: Record<string, unknown>, name: string): void {
  const others = members[name] as Record<string, unknown> | undefined;
  delete members[name];
  for (const [other, value] of Object.entries(others ?? {})) set(members, other, value);
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

/** An entry of a problem's `errors` for what a schema library refuses, in the form that the runtime has for what it refuses. */
function entry(
  { slots, others }: DerivedRoute,
  part: keyof DerivedRoute["finish"],
  pointer: string,
  detail: string,
): ProblemEntry {
  if (part === "body") return { in: "body", pointer, keyword: "custom", detail };
  const place = PLACES.find(([option]) => option === part)?.[1] ?? "query";
  const [, first = "", ...rest] = pointer.split("/");
  const name = first.replaceAll("~1", "/").replaceAll("~0", "~");
  // What nobody declares is a member of one parameter.
  const isDeclared = part !== "query" || others === undefined || slots.some((slot) => slot.place === part && slot.name === name);
  if (!isDeclared) return { in: place, name: others, ...(pointer !== "" && { pointer }), keyword: "custom", detail };
  // What is said of all parameters of a place has no name.
  if (pointer === "") return { in: place, keyword: "custom", detail };
  return { in: place, name, ...(rest.length > 0 && { pointer: `/${rest.join("/")}` }), keyword: "custom", detail };
}
