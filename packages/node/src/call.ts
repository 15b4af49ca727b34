import type { Answers } from "./answers.js";
import type { Calls } from "./calls.js";
import type { Logger } from "./context.js";
import type { CookieAttributes } from "./cookie.js";
import type { NativeRequest } from "./engine.js";
import type { PlaceName } from "./operation.js";
import { Prepared } from "./prepared.js";
import type { HeaderFields } from "./problem.js";
import { Request } from "./request.js";
import { type Bytes, type RedirectStatus, Response, type ResponseOptions } from "./response.js";

/** Why the signal of a call aborts. */
const GONE = "the call is over: its client has left, its deadline has passed, or it has been answered";

/** The context of one call, before its types: what is rarely needed is made when it is asked for. */
export class CallContext implements Answers, Record<PlaceName, Record<string, unknown>> {
  params: Record<string, unknown> = {};
  query: Record<string, unknown> = {};
  headers: Record<string, unknown> = {};
  cookies: Record<string, unknown> = {};
  body: unknown = undefined;
  /** The content as it was sent, where that is what the handler gets. */
  content: Uint8Array | undefined;
  readonly #calls: Calls;
  readonly #ticket: number;
  #native: NativeRequest | undefined;
  #request: Request | undefined;
  #abort: AbortController | undefined;
  #prepared: Prepared | undefined;

  constructor(calls: Calls, ticket: number) {
    this.#calls = calls;
    this.#ticket = ticket;
  }

  /** The request in the runtime, which is there until the call is answered. */
  get native(): NativeRequest {
    return (this.#native ??= this.#calls.native.request(this.#ticket));
  }

  get request(): Request {
    return (this.#request ??= new Request(this.native, () => this.signal, this.content));
  }

  get accepts(): string | undefined {
    return this.native.accepts ?? undefined;
  }

  get log(): Logger {
    return this.#calls.log;
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#calls.native.isOpen(this.#ticket)) this.#calls.watch(this.#ticket, this);
      else this.cancel();
    }
    return this.#abort.signal;
  }

  json<Content, const Status extends number>(
    content: Content,
    head?: Head<Status>,
    headers?: HeaderFields,
  ): Response<Content, Status> {
    return Response.json(content, options(head, headers));
  }

  text<C extends string, const Status extends number>(
    content: C,
    head?: Head<Status>,
    headers?: HeaderFields,
  ): Response<C, Status> {
    return new Response(content, options(head, headers));
  }

  html<C extends string, const Status extends number>(
    content: C,
    head?: Head<Status>,
    headers?: HeaderFields,
  ): Response<C, Status> {
    return Response.html(content, options(head, headers));
  }

  bytes<C extends Bytes, const Status extends number>(
    content: C,
    head?: Head<Status>,
    headers?: HeaderFields,
  ): Response<C, Status> {
    return new Response(content, options(head, headers));
  }

  redirect<const Status extends RedirectStatus = 302>(location: string | URL, status?: Status): Response<undefined, Status> {
    return Response.redirect(location, status);
  }

  status(status: number): this {
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

/** A status, or all that an answer may say beside its content. */
type Head<Status extends number> = Status | ResponseOptions<Status>;

function options<Status extends number>(
  head: Head<Status> | undefined,
  headers: HeaderFields | undefined,
): ResponseOptions<Status> | undefined {
  if (typeof head === "object") return head;
  return head === undefined && headers === undefined ? undefined : { status: head, headers };
}
