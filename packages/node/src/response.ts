import { type HeaderFields, pairs } from "./problem.js";

/** A cookie to set (RFC 6265bis §4.1). */
export interface Cookie {
  readonly name: string;
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
}

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

/**
 * Writes `value` as JSON. A `bigint` becomes a number with all its digits, which JSON permits and `JSON.stringify` refuses.
 *
 * @throws {TypeError} The value has no JSON text: a function, a cycle.
 */
export function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    text = withBigIntegers(value);
  }
  if (text === undefined) throw new TypeError(`a value of type ${typeof value} cannot be sent as JSON`);
  return text;
}

function withBigIntegers(value: unknown): string | undefined {
  // The mark is random, so that no text of the value can be taken for a number.
  const mark = `bigint-${crypto.randomUUID()}:`;
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? mark + String(member) : member)) as
    string | undefined;
  return text?.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
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
}

/** Reads the content of `response`. */
export async function whole(response: Response): Promise<Whole> {
  return new Whole(response.status, fieldsOfResponse(response), new Uint8Array(await response.arrayBuffer()));
}
