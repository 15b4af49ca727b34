import type { Answers, Respond } from "./answers.js";
import type { Calls } from "./calls.js";
import type { Logger } from "./context.js";
import type { CookieAttributes } from "./cookie.js";
import { Ending } from "./ending.js";
import type { NativeRequest } from "./engine.js";
import type { Event, EventData } from "./event.js";
import { file } from "./file.js";
import type { Part } from "./part.js";
import type { PlaceName } from "./operation.js";
import { Prepared } from "./prepared.js";
import type { HeaderFields } from "./problem.js";
import type { Reply } from "./reply.js";
import { bound } from "./request-log.js";
import { Request } from "./request.js";
import { type Bytes, checkStatus, type RedirectStatus, Response, type ResponseOptions } from "./response.js";
import type { Values } from "./source.js";
import type { State } from "./state.js";
import { events, stream } from "./stream.js";

/** Why the signal of a call aborts. */
const GONE = "the call is over: its client has left, its deadline has passed, or it has been answered";

/** The context of one call, before its types: what is rarely needed is made when it is asked for. */
export class CallContext implements Answers, Record<PlaceName, Record<string, unknown>> {
  params: Record<string, unknown> = {};
  query: Record<string, unknown> = {};
  headers: Record<string, unknown> = {};
  cookies: Record<string, unknown> = {};
  body: unknown = undefined;
  /** The values, or the parts, of content that is taken while it arrives. */
  items: AsyncIterable<unknown> | undefined = undefined;
  parts: AsyncIterable<Part> | undefined = undefined;
  declare readonly json: Respond<unknown>;
  declare readonly text: Respond<string>;
  declare readonly html: Respond<string>;
  declare readonly bytes: Respond<Bytes>;
  declare readonly stream: Respond<Values>;
  declare readonly events: Respond<Values<Event | EventData>>;
  declare readonly file: Answers["file"];
  /** The content as it was sent, where that is what the handler gets. */
  content: Uint8Array | undefined;
  /** The answer as hooks and middleware have it. */
  reply: Reply | undefined = undefined;
  /** Whether the hooks of `onResponse` have had an answer. */
  hasResponded = false;
  /** The problem that the runtime refuses the request with. */
  refusal: unknown = undefined;
  readonly #calls: Calls;
  /** What the runtime knows the call by. */
  readonly ticket: number;
  #native: NativeRequest | undefined;
  #request: Request | undefined;
  #abort: AbortController | undefined;
  #prepared: Prepared | undefined;
  #state: State | undefined;
  #ending: Ending | undefined;
  #log: Logger | undefined;

  constructor(calls: Calls, ticket: number) {
    this.#calls = calls;
    this.ticket = ticket;
  }

  /** The request in the runtime, which is there until the call is answered. */
  get native(): NativeRequest {
    return (this.#native ??= this.#calls.native.request(this.ticket));
  }

  get request(): Request {
    return (this.#request ??= new Request(this.native, () => this.signal, this.content, this.#stream()));
  }

  /** Gives the content that is taken while it arrives, where it is bytes. */
  #stream(): (() => ReadableStream<Uint8Array>) | undefined {
    if (this.body instanceof ReadableStream) return () => this.body as ReadableStream<Uint8Array>;
    if (!this.items && !this.parts) return undefined;
    return () => {
      throw new TypeError("the handler takes the content as `context.items` or `context.parts`");
    };
  }

  get accepts(): string | undefined {
    return this.native.accepts ?? undefined;
  }

  get cspNonce(): string | undefined {
    return this.native.cspNonce ?? undefined;
  }

  get lastEventId(): string | undefined {
    return this.native.header("last-event-id") || undefined;
  }

  get state(): State {
    return (this.#state ??= {});
  }

  /** A number for the connection, which no other one has; 0 where none is known. To be asked for before the call is answered. */
  get connection(): number {
    return this.#calls.native.connection(this.ticket);
  }

  /** Has the end of the connection be told, by a ticket of its own. */
  tellConnectionEnd(): number {
    return this.#calls.native.tellConnectionEnd(this.ticket);
  }

  /** Whether something is to be done when the answer has been handed over. */
  get hasEnding(): boolean {
    return this.#ending !== undefined;
  }

  /** What is done when the answer has been handed over. */
  get ending(): Ending {
    return (this.#ending ??= new Ending(this.#calls.background));
  }

  after(work: () => unknown): this {
    if (typeof work !== "function") throw new TypeError("what is to be done after the answer is no function");
    const { ending } = this;
    try {
      const { method, route, id } = this.native;
      ending.what = `${method} ${route} (request ${id})`;
    } catch {
      // It has been answered.
    }
    ending.after(work);
    return this;
  }

  /** The handler, or a hook, has failed. */
  failed(error: unknown): void {
    this.#ending?.fail(error);
  }

  /** The last byte of the answer was handed over, or nobody gets it any more. */
  end(): void {
    this.#ending?.end();
  }

  get log(): Logger {
    return (this.#log ??= this.#bound());
  }

  #bound(): Logger {
    const { id, trace } = this.native;
    const [traceId, spanId] = trace ?? [];
    const ids = traceId !== undefined && spanId !== undefined ? { trace_id: traceId, span_id: spanId } : {};
    return bound(this.#calls.log, { request_id: id, ...ids });
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#calls.native.isOpen(this.ticket)) this.#calls.watch(this.ticket, this);
      else this.cancel();
    }
    return this.#abort.signal;
  }

  redirect<const Status extends RedirectStatus = 302>(location: string | URL, status?: Status): Response<undefined, Status> {
    return Response.redirect(location, status);
  }

  status(status: number): this {
    checkStatus(status);
    this.#preparing.status = status;
    return this;
  }

  header(name: string, value: string, { append = false }: { readonly append?: boolean } = {}): this {
    this.#preparing.header(name, value, append);
    return this;
  }

  setCookie(name: string, value: string, attributes?: CookieAttributes): this {
    this.#preparing.setCookie(name, value, attributes);
    return this;
  }

  deleteCookie(name: string, attributes?: CookieAttributes): this {
    this.#preparing.deleteCookie(name, attributes);
    return this;
  }

  get #preparing(): Prepared {
    return (this.#prepared ??= new Prepared());
  }

  /** What the handler has said of its answer before it returned it. */
  get prepared(): Prepared | undefined {
    return this.#prepared;
  }

  /** The same, which is forgotten with that. */
  takePrepared(): Prepared | undefined {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    return prepared;
  }

  /** Whether the handler has asked for the signal. */
  get isWatched(): boolean {
    return this.#abort !== undefined;
  }

  /** Whether the handler has been told that nobody waits for its answer. */
  get isCancelled(): boolean {
    return this.#abort?.signal.aborted ?? false;
  }

  /**
   * Refuses to be part of an answer, or of a log: it has what the client sent, cookies and other credentials too.
   *
   * @throws {TypeError} Always.
   */
  toJSON(): never {
    throw new TypeError("a context is no data, since it has what the client sent; return what the answer needs of it");
  }

  /** Tells the handler that nobody waits for its answer. */
  cancel(): void {
    this.#abort?.abort(new DOMException(GONE, "AbortError"));
  }
}

/** A status, or all that an answer may say beside its content; then header fields beside a status. */
type Head = [head?: number | ResponseOptions | null, headers?: HeaderFields];

/** @throws {TypeError} There are header fields beside the options, which have their own. */
function options(...[head, headers]: Head): ResponseOptions | undefined {
  if (typeof head !== "object" || head === null) {
    return head == null && headers === undefined ? undefined : { status: head ?? undefined, headers };
  }
  if (headers !== undefined) throw new TypeError("the header fields of an answer stand in its options, where it has some");
  return head;
}

const METHODS = {
  json: (content: unknown, ...head: Head) => Response.json(content, options(...head)),
  text: (content: string, ...head: Head) => new Response(content, options(...head)),
  html: (content: string, ...head: Head) => Response.html(content, options(...head)),
  bytes: (content: Bytes, ...head: Head) => new Response(content, options(...head)),
  stream: (values: Values, ...head: Head) => stream(values, options(...head)),
  events: (values: Values<Event | EventData>, ...head: Head) => events(values, options(...head)),
  file,
};
// Not made anew for each call. They know nothing of it, so that a handler may take them out of its context.
Object.assign(CallContext.prototype, METHODS);
