import { stringify } from "./json.js";
import { KIND, share } from "./kind.js";
import { type HeaderFields, pairs } from "./problem.js";

/** A cookie to set (RFC 6265bis §4.1). */
export interface Cookie {
  readonly name: string;
  /** Any text: what a cookie cannot carry is percent-encoded, and decoded where cookies are read. */
  readonly value: string;
  readonly path?: string;
  readonly domain?: string;
  /** Seconds; 0 makes the client forget the cookie. */
  readonly maxAge?: number;
  readonly expires?: Date;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: "strict" | "lax" | "none";
  readonly partitioned?: boolean;
}

/** What {@link reply} adds to content. */
export interface ReplyOptions {
  /** 200, or 204 without content. */
  readonly status?: number;
  readonly headers?: HeaderFields;
  readonly cookies?: readonly Cookie[];
  /** The `content-type`, instead of the one that the content has by itself. */
  readonly mediaType?: string;
}

/** Content with a status, header fields and cookies. */
export class Reply {
  constructor(
    readonly content: unknown,
    readonly options: ReplyOptions,
  ) {}

  /** @internal */
  get [KIND](): "reply" {
    return "reply";
  }
}
share(Reply, "Reply");

/**
 * An answer with a status, header fields or cookies. The content is written as a bare return value would be: a string as
 * text, bytes as `application/octet-stream`, all else as JSON; `undefined` sends none.
 *
 * @example
 * return reply({ id: 1 }, { status: 201, headers: { location: "/orders/1" } });
 */
export function reply(content?: unknown, options: ReplyOptions = {}): Reply {
  return new Reply(content, options);
}

/** Content as it is sent, with its media type. */
export interface Encoded {
  readonly body: string | Uint8Array | undefined;
  readonly mediaType: string | undefined;
}

/**
 * Writes the content of a {@link Reply}.
 *
 * @throws {TypeError} The content cannot be said in JSON.
 */
export function encode(content: unknown, mediaType: string | undefined): Encoded {
  if (content === undefined) return { body: undefined, mediaType };
  if (typeof content === "string") return { body: content, mediaType: mediaType ?? "text/plain; charset=utf-8" };
  const bytes = asBytes(content);
  if (bytes) return { body: bytes, mediaType: mediaType ?? "application/octet-stream" };
  return { body: stringify(content), mediaType: mediaType ?? "application/json" };
}

/** The bytes of a buffer or a view of one; `undefined` for anything else. */
export function asBytes(content: unknown): Uint8Array | undefined {
  if (content instanceof Uint8Array) return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  return undefined;
}

/** The header fields of a reply, names and values one after the other. */
export function fieldsOf(options: ReplyOptions, mediaType: string | undefined, setCookie: (cookie: Cookie) => string): string[] {
  const fields: string[] = [];
  let hasType = false;
  for (const [name, value] of options.headers ? pairs(options.headers) : []) {
    hasType ||= name.toLowerCase() === "content-type";
    fields.push(name, value);
  }
  if (mediaType !== undefined && (!hasType || options.mediaType !== undefined)) fields.push("content-type", mediaType);
  for (const cookie of options.cookies ?? []) fields.push("set-cookie", setCookie(cookie));
  return fields;
}

/** The header fields whose values the runtime works out by itself. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection"]);

/** The header fields of a web `Response`, names and values one after the other. */
export function fieldsOfResponse(response: Response): string[] {
  const fields: string[] = [];
  for (const [name, value] of response.headers) {
    if (!FRAMING.has(name)) fields.push(name, value);
  }
  return fields;
}

/** A web `Response` whose content is there. */
export class Whole {
  constructor(
    readonly status: number,
    readonly fields: string[],
    readonly content: Uint8Array,
  ) {}

  get [KIND](): "whole" {
    return "whole";
  }
}

/** The most bytes that are read of the content of a web `Response`, which does not say how long it is. */
const RESPONSE_LIMIT = 16 * 1024 * 1024;

/**
 * Reads the content of `response`.
 *
 * @param signal Aborts when nobody waits for it any more.
 * @throws {TypeError} It has no end, or none before the limit.
 */
export async function whole(response: Response, signal: () => AbortSignal): Promise<Whole> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  try {
    const type = response.headers.get("content-type") ?? "";
    if (/^text\/event-stream\b/i.test(type)) throw new TypeError("a Response with events is no answer; it has no end");
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      // Not for the one chunk that most have.
      if (chunks.length === 1) signal().addEventListener("abort", () => void reader.cancel().catch(() => {}), { once: true });
      chunks.push(chunk.value);
      size += chunk.value.length;
      if (size > RESPONSE_LIMIT) {
        const instead = "streams cannot be sent; return bytes or a string, which may be longer";
        throw new TypeError(`a Response with more than ${RESPONSE_LIMIT} bytes of content is no answer; ${instead}`);
      }
    }
    const [first] = chunks;
    return new Whole(response.status, fieldsOfResponse(response), chunks.length === 1 && first ? first : joined(chunks, size));
  } catch (error) {
    // What the stream has failed with already is told below.
    void reader.cancel(error).catch(() => {});
    throw error;
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const content = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}
