import type { NativeRequest } from "./engine.js";
import { BadRequest } from "./problem.js";

/**
 * One request. Every part is read from the runtime only when it is asked for; what the Fetch standard has too is called and
 * behaves as there.
 */
export class Request {
  readonly #native: NativeRequest;

  /** @internal */
  constructor(native: NativeRequest) {
    this.#native = native;
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
    const query = this.queryString;
    return `http://${this.header("host") ?? "localhost"}${this.path}${query === "" ? "" : `?${query}`}`;
  }

  /** The protocol version, such as `1.1`. */
  get httpVersion(): string {
    return this.#native.httpVersion;
  }

  /** The peer; `undefined` in memory and on Unix sockets. */
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

  /** The media type that was negotiated among those the route produces (RFC 9110 §12.5.1). */
  get accepts(): string | undefined {
    return this.#native.accepts ?? undefined;
  }

  /** Every header field. */
  get headers(): Headers {
    const headers = new Headers();
    const flat = this.#native.headers();
    for (let index = 0; index + 1 < flat.length; index += 2) headers.append(flat[index] ?? "", flat[index + 1] ?? "");
    return headers;
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

  /** The content as it was sent. */
  async bytes(): Promise<Uint8Array> {
    return this.#native.body();
  }

  /** The content as it was sent. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = this.#native.body();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  }

  /**
   * The content as UTF-8 text.
   *
   * @throws {BadRequest} It is not UTF-8.
   */
  async text(): Promise<string> {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.#native.body());
    } catch {
      throw new BadRequest("The content is not UTF-8.");
    }
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
}
