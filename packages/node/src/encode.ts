import { setCookie } from "./cookie.js";
import type { Engine } from "./engine.js";
import { stringify } from "./json.js";
import type { Prepared } from "./prepared.js";
import { pairs, type Problem } from "./problem.js";
import type { Response } from "./response.js";

/** Content as it is sent. */
export interface Encoded {
  readonly body: string | Uint8Array | undefined;
  /** The media type that the content has by itself. */
  readonly mediaType: string | undefined;
}

/** The media types that content has by itself. */
export const JSON_TYPE = "application/json";
export const TEXT_TYPE = "text/plain; charset=utf-8";
const HTML_TYPE = "text/html; charset=utf-8";
export const BYTES_TYPE = "application/octet-stream";
/** Messages of an event stream (WHATWG HTML §9.2). */
export const EVENTS_TYPE = "text/event-stream";
/** One JSON text a line. */
export const LINES_TYPE = "application/jsonl";
/** The media types that content of lines of JSON goes by. */
export const LINES = /^application\/(?:jsonl|x-jsonlines|x-ndjson|ndjson)\s*(?:;|$)/i;

/**
 * Writes the content of `response`.
 *
 * @throws {TypeError} The content cannot be said in JSON.
 */
export function encode({ content, format }: Response): Encoded {
  if (format === "json") return { body: stringify(content), mediaType: JSON_TYPE };
  if (content === undefined || content === null) return { body: undefined, mediaType: undefined };
  if (typeof content === "string") return { body: content, mediaType: format === "html" ? HTML_TYPE : TEXT_TYPE };
  const bytes = asBytes(content);
  if (bytes) return { body: bytes, mediaType: BYTES_TYPE };
  return { body: stringify(content), mediaType: JSON_TYPE };
}

/** The bytes of a buffer or a view of one; `undefined` for anything else. */
export function asBytes(content: unknown): Uint8Array | undefined {
  if (content instanceof Uint8Array) return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  return undefined;
}

/**
 * The header fields of `response`, names and values one after the other.
 *
 * @param mediaType That of the content, where nothing else says one.
 */
export function fieldsOf(
  { options: { headers, cookies, mediaType: chosen }, location }: Response,
  mediaType: string | undefined,
  prepared: Prepared | undefined,
  engine: Engine,
): string[] {
  const fields: string[] = location === undefined ? [] : ["location", engine.location(location)];
  const taken = new Set<string>(location === undefined ? [] : ["location"]);
  if (chosen !== undefined) fields.push("content-type", chosen);
  for (const [name, value] of headers ? pairs(headers) : []) {
    const key = name.toLowerCase();
    if (chosen !== undefined && key === "content-type") continue;
    taken.add(key);
    fields.push(key, value);
  }
  if (chosen !== undefined) taken.add("content-type");
  prepared?.addTo(fields, taken);
  if (mediaType !== undefined && !taken.has("content-type")) fields.push("content-type", mediaType);
  for (const cookie of prepared?.cookies ?? []) fields.push("set-cookie", setCookie(engine, cookie));
  for (const cookie of cookies ?? []) fields.push("set-cookie", setCookie(engine, cookie));
  return fields;
}

/** Header fields, names in lower case and values one after the other, with those that were prepared beside them. */
export function withPrepared(fields: readonly string[], prepared: Prepared, engine: Engine): string[] {
  const all = [...fields];
  prepared.addTo(all, new Set(fields.filter((_, index) => index % 2 === 0)));
  for (const cookie of prepared.cookies) all.push("set-cookie", setCookie(engine, cookie));
  return all;
}

/** The data of `problem`, with the header fields that were prepared beside its own. Its media type stays. */
export function problemWith(problem: Problem, prepared: Prepared, engine: Engine): object {
  const own = pairs(problem.options.headers ?? []).map(([name, value]) => [name.toLowerCase(), value] as const);
  const fields = own.flat();
  prepared.addTo(fields, new Set(["content-type", ...own.map(([name]) => name)]));
  for (const cookie of prepared.cookies) fields.push("set-cookie", setCookie(engine, cookie));
  const headers = fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]]] : []));
  return { ...problem.data(), headers };
}
