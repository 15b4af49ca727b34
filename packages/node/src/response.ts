import type { Cookie } from "./cookie.js";
import { isKind, KIND, share } from "./kind.js";
import { type HeaderFields, pairs } from "./problem.js";
import { isStream } from "./source.js";

/** What a {@link Response} says beside its content. */
export interface ResponseOptions<Status extends number = number> {
  /** That of the route, or else 200, or 204 without content. */
  readonly status?: Status | undefined;
  readonly headers?: HeaderFields | undefined;
  readonly cookies?: readonly Cookie[] | undefined;
  /** The `content-type`, instead of the one that the content has by itself. */
  readonly mediaType?: string | undefined;
}

/**
 * Fields that follow the content of a stream (RFC 9110 §6.5), such as a checksum of it: values by the names of their fields, or what
 * is called for a value when the content has ended.
 *
 * Clients over HTTP/2 get them, and those over HTTP/1.1 that say `TE: trailers`; so nothing may depend on them. Names that say how
 * content is framed, routed or read cannot be among them: the answer is then a failure of the handler.
 */
export type Trailers = Readonly<Record<string, string | (() => string | PromiseLike<string>)>>;

/** What a stream says beside its content. */
export interface StreamResponseOptions<Status extends number = number> extends ResponseOptions<Status> {
  readonly trailers?: Trailers | undefined;
}

/** A status that sends the client to another place (RFC 9110 §15.4). */
export type RedirectStatus = 300 | 301 | 302 | 303 | 307 | 308;

/** Bytes, also as part of a larger buffer. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** How content is written. The last four are of answers as hooks get them; see `reply.ts`. */
export type Format = "json" | "html" | "stream" | "events" | "file" | "lines" | "web" | "problem" | "upgrade" | undefined;

const NOTHING: ResponseOptions<never> = {};

/**
 * An answer: content with a status, header fields and cookies.
 *
 * The content is written as a bare return value would be: a string as text, bytes as `application/octet-stream`, all else as
 * JSON; what an iterator gives is sent as it is made. `undefined` and `null` are no content. It is not the platform's class of that name, whose objects are answers too.
 *
 * @typeParam Content The type of the content.
 * @typeParam Status The status, where that is known.
 *
 * @example
 * return new Response({ id: 1 }, { status: 201, headers: { location: "/orders/1" } });
 */
export class Response<out Content = unknown, out Status extends number = number> {
  /** How the content is written, where its type does not say it. */
  #format: Format;
  /** The content that the format was chosen for. */
  #formatted: unknown;
  #location: string | undefined;
  #options: ResponseOptions<Status>;

  /**
   * @param options `null` is none, as the platform's class has it.
   * @throws {TypeError} The status is no whole number.
   */
  constructor(
    /** What is written. Hooks may put something else in its place. */
    public content?: Content,
    options?: ResponseOptions<Status> | null,
  ) {
    this.#options = options ?? NOTHING;
    checkStatus(this.#options.status ?? 200);
  }

  /** What it says beside its content. */
  get options(): ResponseOptions<Status> {
    return this.#options;
  }

  /** The status: where none was given, that of an answer with such content. */
  get status(): number {
    if (this.#options.status !== undefined) return this.#options.status;
    return this.content === undefined || (this.content === null && this.#format !== "json") ? 204 : 200;
  }

  /** @throws {TypeError} It is no whole number. */
  set status(status: number) {
    checkStatus(status);
    this.#options = { ...this.#options, status: status as Status };
  }

  /** The header fields, which may be changed; without those that content has by itself, such as `content-type` of JSON. */
  get headers(): Headers {
    const { headers } = this.#options;
    if (headers instanceof Headers) return headers;
    const own = new Headers(headers && pairs(headers));
    this.#options = { ...this.#options, headers: own };
    return own;
  }

  /** Data as JSON, a string and `null` too. */
  static json<Content, const Status extends number = number>(
    content: Content,
    options?: ResponseOptions<Status>,
  ): Response<Content, Status> {
    return Response.of(content, options, "json");
  }

  /** Text as `text/html`. What it contains is sent as it is. */
  static html<Content extends string, const Status extends number = number>(
    content: Content,
    options?: ResponseOptions<Status>,
  ): Response<Content, Status> {
    return Response.of(content, options, "html");
  }

  /**
   * Sends the client to another place.
   *
   * @param location A URL, or a reference relative to that of the request. What a URI cannot have is percent-encoded, a
   * backslash too, which browsers read as a slash. One that comes from a client can lead to any host: compare it with those
   * that you know.
   * @param status 302 by default.
   */
  static redirect<const Status extends RedirectStatus = 302>(
    location: string | URL,
    status?: Status,
  ): Response<undefined, Status> {
    const response = new Response<undefined, Status>(undefined, { status: status ?? (302 as Status) });
    response.#location = String(location);
    return response;
  }

  /** @internal Content that is written in this format. */
  static of<Content, const Status extends number = number>(
    content: Content,
    options: ResponseOptions<Status> | null | undefined,
    format: Format,
  ): Response<Content, Status> {
    return Response.formatted(new Response(content, options), format);
  }

  /** @internal Has the content of `response` be written in this format. */
  static formatted<R extends Response>(response: R, format: Format): R {
    response.#format = format;
    response.#formatted = response.content;
    return response;
  }

  /** @internal How the content is written; other content than that which the format was chosen for has it where it fits. */
  get format(): Format {
    const format = this.#format;
    const content: unknown = this.content;
    if (format === undefined || format === "json" || format === "html" || content === this.#formatted) return format;
    if (format === "problem") return isKind(content, format) ? format : undefined;
    if (format === "web") return content instanceof ReadableStream ? format : undefined;
    if (format === "file" || format === "upgrade") return undefined;
    return typeof content === "object" && content !== null && isStream(content) ? format : undefined;
  }

  /** @internal Where a redirect leads, not yet percent-encoded. */
  get location(): string | undefined {
    return this.#location;
  }

  /** @internal */
  get [KIND](): "response" {
    return "response";
  }
}
share(Response, "Response");

/**
 * Leaves it to the runtime which numbers are statuses.
 *
 * @throws {TypeError} It is no whole number.
 */
export function checkStatus(status: unknown): void {
  if (!Number.isInteger(status)) throw new TypeError(`${String(status)} is not a status code as a number`);
}
