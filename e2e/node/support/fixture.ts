/** Fixtures as their files say. */

import { readdirSync, readFileSync } from "node:fs";

/** JSON as it was parsed. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

/** What a fixture file says about its requests, and of its application what the suite has to prepare. */
export interface Fixture {
  needs?: string[];
  app: App;
  exchanges: Exchange[];
}

/** What the suite has to know of the application. */
export interface App {
  routes?: Route[];
  files?: Record<string, WrittenFile>;
}

/** A file of the folder of the suite: a pipe where it says nothing else. */
export interface WrittenFile {
  text?: string;
  base64?: string;
  link?: string;
}

/** A route of the application. */
export interface Route {
  handler: Handler;
}

/** What a handler does. */
export interface Handler {
  do: string;
  then?: Handler;
  name?: string;
  text?: string;
  base64?: string;
}

/** One request, and what must come back. */
export interface Exchange {
  send: Request | Raw;
  expect: Expectation | Expectation[];
  talk?: Turn[];
}

/** One step of what a client does once a WebSocket is open. */
export type Turn =
  | { send: string }
  | { send_base64: string }
  | { send_json: Json }
  | { send_ping: string }
  | { send_close: Closing }
  | { write: string }
  | { receive: string }
  | { receive_base64: string }
  | { receive_json: Json }
  | { receive_ping: string }
  | { receive_pong: string }
  | { receive_close: Closing }
  | { read: string };

/** What a socket is closed with. */
export interface Closing {
  code?: number;
  reason?: string;
}

/** A request that a client sends. */
export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string | string[]>;
  json?: Json;
  text?: string;
  base64?: string;
  form?: [name: string, value: string][];
  multipart?: Part[];
  chunked?: boolean;
  websocket?: boolean;
}

/** Bytes on a connection of their own. */
export interface Raw {
  raw?: string | string[];
  raw_base64?: string;
}

/** One part of multipart content. */
export interface Part {
  name: string;
  value?: string;
  filename?: string;
  content_type?: string;
  text?: string;
  base64?: string;
}

/** What must be true of an answer. */
export interface Expectation {
  status: number;
  headers?: Record<string, Json>;
  body?: Json;
  body_text?: string;
  body_base64?: string;
  body_ranges?: BytesRange[];
  body_size?: number;
  handler_calls?: number;
  closed?: boolean;
  breaks_off?: boolean;
}

/** One part of a `multipart/byteranges` body. */
export interface BytesRange {
  content_type: string;
  content_range: string;
  text: string;
}

/** An answer as it arrived. */
export interface Answer {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
  /** Whether it ended before it was whole, and could be seen to. */
  breaksOff?: boolean;
}

// Seen from the directory that this file is compiled into.
const ROOT = new URL("../../../../", import.meta.url);

/** Reads the fixture at `path`, such as `routing/plain`, with every repetition written out. */
export function load(path: string): Fixture {
  const text = readFileSync(new URL(`testing_data/${path}.json`, ROOT), "utf8");
  const fixture = expand(JSON.parse(text) as Json) as unknown as Fixture;
  if (fixture.exchanges.length === 0) {
    throw new Error(`${path} has no exchanges`);
  }
  return fixture;
}

/** The paths of all fixtures. */
export function fixturePaths(): string[] {
  const categories = readdirSync(new URL("testing_data/", ROOT), { withFileTypes: true });
  return categories
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(new URL(`testing_data/${name}/`, ROOT)).map((file) => `${name}/${file}`))
    .map((path) => path.replace(/\.json$/, ""));
}

/** Writes out every `{"$repeat": "a", "times": 3}`. */
export function expand(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(expand);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (typeof value["$repeat"] === "string") {
    return value["$repeat"].repeat(Number(value["times"]));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expand(member)]));
}

/** The values of the fields called `name`, in order. */
export function fieldValues(answer: Answer, name: string): string[] {
  const wanted = name.toLowerCase();
  return answer.headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}
