import type { Identity } from "./security.js";
import type { NativeRequest } from "./engine.js";
import { BadRequest } from "./problems.js";
import { type Trace, traceOf } from "./trace.js";

type WebRequest = globalThis.Request;

/** The platform's class; what is the runtime's is said anew below. */
const Platform = globalThis.Request as unknown as new (url: string, init: RequestInit) => object;

/**
 * One request: a `Request` of the platform, and what a server knows beyond it. Every part is read from the runtime only when it
 * is asked for. The content is there as a whole, so that it can be read any number of times. There are two exceptions: that of a
 * multipart form which the route declares is decoded while it arrives and not kept, and reading it throws an error that says so; that of
 * a route with the option `streaming` is read while it arrives, once.
 *
 * What the platform itself makes of it, as in `new Request(request)` and `fetch(request)`, has the same method, URL, header
 * fields and content, without the fields that belong to the connection.
 */
export class Request extends Platform implements WebRequest {
  declare readonly cache: WebRequest["cache"];
  declare readonly credentials: WebRequest["credentials"];
  declare readonly destination: WebRequest["destination"];
  declare readonly duplex: WebRequest["duplex"];
  declare readonly integrity: WebRequest["integrity"];
  declare readonly keepalive: WebRequest["keepalive"];
  declare readonly mode: WebRequest["mode"];
  declare readonly redirect: WebRequest["redirect"];
  declare readonly referrer: WebRequest["referrer"];
  declare readonly referrerPolicy: WebRequest["referrerPolicy"];

  readonly #native: NativeRequest;
  readonly #signal: () => AbortSignal;
  readonly #stream: (() => ReadableStream<Uint8Array>) | undefined;
  #headers: Headers | undefined;
  #content: Uint8Array | undefined;

  /**
   * @internal
   * @param content The content as it was sent, where the handler has it already.
   * @param stream Gives the content that is taken while it arrives.
   */
  constructor(
    native: NativeRequest,
    signal: () => AbortSignal,
    content: Uint8Array | undefined,
    stream?: () => ReadableStream<Uint8Array>,
  ) {
    const flat = native.headers();
    super(
      platformUrl(native.url),
      platformInit(native, flat, () => this.#bytes()),
    );
    this.#stream = stream;
    this.#native = native;
    this.#signal = signal;
    this.#content = content;
  }

  /** The method, such as `GET`. */
  get method(): string {
    return this.#native.method;
  }

  /** The path as it was sent, still percent-encoded. */
  get path(): string {
    return this.#native.path;
  }

  /** The query as it was sent, without the question mark. */
  get queryString(): string {
    return this.#native.queryString;
  }

  /** The absolute URL, with the authority that the client sent. */
  get url(): string {
    return this.#native.url;
  }

  /** The protocol version, such as `1.1`. */
  get httpVersion(): string {
    return this.#native.httpVersion;
  }

  /** The client, whose port is 0 where a proxy has not told it; `undefined` in memory and on Unix sockets. */
  get client(): { address: string; port: number } | undefined {
    return this.#native.client ?? undefined;
  }

  /** The request id, also in the answer of a problem and in the log. */
  get id(): string {
    return this.#native.id;
  }

  /** The pattern that matched, such as `/users/{id:int}`. */
  get route(): string {
    return this.#native.route;
  }

  /** The media type to answer with, as in the context: `undefined` where the route declares fewer than two (RFC 9110 §12.5.1). */
  get accepts(): string | undefined {
    return this.#native.accepts ?? undefined;
  }

  /** The number of the request in the Content Security Policy of its answer, as in the context. */
  get cspNonce(): string | undefined {
    return this.#native.cspNonce ?? undefined;
  }

  /** Who sends it, as a scheme of the route's `security` has found out; `undefined` where it has none. */
  get identity(): Identity | undefined {
    const text = this.#native.identity;
    return text === null ? undefined : (JSON.parse(text) as Identity);
  }

  /** Where it stands in a trace of several services; `undefined` without the stage `traceContext`. */
  get trace(): Trace | undefined {
    return traceOf(this.#native);
  }

  /** Every header field. */
  get headers(): Headers {
    if (!this.#headers) {
      this.#headers = new Headers();
      const flat = this.#native.headers();
      for (let index = 0; index + 1 < flat.length; index += 2) this.#headers.append(flat[index] ?? "", flat[index + 1] ?? "");
    }
    return this.#headers;
  }

  /** The first value of the header field `name`. */
  header(name: string): string | undefined {
    return this.#native.header(name) ?? undefined;
  }

  /** Every value of the header field `name`. */
  headerList(name: string): string[] {
    return this.#native.headerList(name);
  }

  /** The cookies that the client sent. */
  get cookies(): Record<string, string> {
    const cookies: Record<string, string> = Object.create(null) as Record<string, string>;
    const flat = this.#native.cookies();
    for (let index = 0; index + 1 < flat.length; index += 2) cookies[flat[index] ?? ""] = flat[index + 1] ?? "";
    return cookies;
  }

  /** The content as it was sent. It is not copied: this is the same array each time, and the body of a handler that gets bytes. */
  async bytes(): Promise<Uint8Array> {
    return await this.#read();
  }

  /** The whole content, which is read where it is still arriving. */
  async #read(): Promise<Uint8Array> {
    if (this.#stream) this.#content ??= new Uint8Array(await new Response(this.#stream()).arrayBuffer());
    return this.#bytes();
  }

  #bytes(): Uint8Array {
    return (this.#content ??= this.#native.body());
  }

  /** A copy of the content as it was sent. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#read();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  }

  /** The content as UTF-8 text, without a byte order mark; what is not UTF-8 becomes U+FFFD. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#read());
  }

  /**
   * The content parsed as JSON, without the checks that a declared body gets.
   *
   * @throws {BadRequest} It is not JSON.
   */
  async json(): Promise<unknown> {
    const text = await this.text();
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new BadRequest("The content is not JSON.");
    }
  }

  /** The content with its media type. */
  async blob(): Promise<Blob> {
    return new Blob([await this.arrayBuffer()], { type: this.header("content-type") ?? "" });
  }

  /**
   * The content as a form, without the checks that a declared form gets.
   *
   * @throws {BadRequest} It is no form.
   */
  async formData(): Promise<FormData> {
    const headers = { "content-type": this.header("content-type") ?? "" };
    const content = await this.arrayBuffer();
    try {
      return await new Response(content, { headers }).formData();
    } catch {
      throw new BadRequest("The content is not a form.");
    }
  }

  /** The content as a stream; `null` without content. */
  get body(): WebRequest["body"] {
    if (this.#stream) return this.#stream() as WebRequest["body"];
    const content = this.#bytes();
    return content.length > 0 ? new Response(content).body : null;
  }

  /** Whether content that is taken while it arrives is being read; otherwise `false`, since reading does not use it up. */
  get bodyUsed(): boolean {
    return this.#stream?.().locked ?? false;
  }

  /** Aborts when the client leaves or the deadline passes; the same as the context's. */
  get signal(): AbortSignal {
    return this.#signal();
  }

  /**
   * The same request as an object of the platform's class, which outlives the call.
   *
   * @throws {TypeError} The platform refuses such a request: the Fetch standard has none with the method TRACE, nor a GET with
   * content, though Bun makes the latter.
   */
  clone(): WebRequest {
    if (this.#stream) throw new TypeError("content that is taken while it arrives is there once; read it instead");
    const content = this.#bytes();
    const { method, headers, signal } = this;
    return new globalThis.Request(this.url, { method, headers, signal, body: content.length > 0 ? content : null });
  }
}

/** The URL for the platform, which knows fewer hosts than RFC 3986. */
function platformUrl(url: string): string {
  return URL.canParse(url) ? url : "http://localhost/";
}

/** Fields of the connection to this server, which say nothing of another one (RFC 9110 §7.6.1; Fetch §2.2.2). */
const OF_CONNECTION = new Set(
  "connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade".split(" "),
);

/** The request for the platform. It has no `TRACE`, `TRACK` and `CONNECT`, which become `GET`, and no `GET` with content. */
function platformInit(native: NativeRequest, flat: readonly string[], content: () => Uint8Array): RequestInit {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [name = "", value = ""] = [flat[index], flat[index + 1]];
    if (!OF_CONNECTION.has(name)) headers.push([name, value]);
  }
  const method = ["TRACE", "TRACK", "CONNECT"].includes(native.method.toUpperCase()) ? "GET" : native.method;
  if (native.size === 0 || method === "GET" || method === "HEAD") return { method, headers };
  const pull = (controller: ReadableStreamDefaultController): void => {
    controller.enqueue(content());
    controller.close();
  };
  return { method, headers, body: new ReadableStream({ pull }, { highWaterMark: 0 }), duplex: "half" };
}
