/** Fixtures as their files say. */

import { readdirSync, readFileSync } from "node:fs";

/** JSON as it was parsed. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

/** What a fixture file says about its requests. */
export interface Fixture {
  needs?: string[];
  exchanges: Exchange[];
}

/** One request, and what must come back. */
export interface Exchange {
  send: Request | Raw;
  expect: Expectation | Expectation[];
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
}

/** Bytes on a connection of their own. */
export interface Raw {
  raw?: string;
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
  body_size?: number;
  handler_calls?: number;
  closed?: boolean;
}

/** An answer as it arrived. */
export interface Answer {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

// Seen from the directory that this file is compiled into.
const ROOT = new URL("../../../../", import.meta.url);

/** Reads the fixture at `path`, such as `routing/plain`, with every repetition written out. */
export function load(path: string): Fixture {
  const text = readFileSync(new URL(`testing_data/${path}.json`, ROOT), "utf8");
  const { needs, exchanges } = JSON.parse(text) as Fixture;
  if (exchanges.length === 0) {
    throw new Error(`${path} has no exchanges`);
  }
  return { ...(needs && { needs }), exchanges: expand(exchanges as unknown as Json) as unknown as Exchange[] };
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
