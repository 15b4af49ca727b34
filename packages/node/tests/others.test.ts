/** Parameters whose names nobody declares: objects in the query. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type Schema, Sabir, SetupError } from "sabir";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";

import { serving } from "./serving.js";

/** What a handler gets of the query, or the entries of a refusal. */
async function received(options: object, query: string): Promise<unknown> {
  const app = new Sabir();
  app.get("/", options, (context) => context.query);
  const answer = await app.request(`/?${query}`);
  const body = (await answer.json()) as { errors?: { name: string; pointer?: string; keyword: string }[] };
  return body.errors?.map(({ name, pointer, keyword }) => [name, pointer, keyword]) ?? body;
}

const numbers = { type: "object", additionalProperties: { type: "integer" } } as const;
const RECORDS: [name: string, schema: Schema][] = [
  ["zod", z.record(z.string(), z.int())],
  ["JSON Schema", numbers],
  ["arktype", type({ "[string]": "number.integer" })],
  ["valibot", toStandardJsonSchema(v.record(v.string(), v.pipe(v.number(), v.integer())))],
  ["TypeBox", Type.Record(Type.String(), Type.Integer())],
];

/** Schemas of which the library refuses what JSON Schema lets through: odd numbers. */
const EVEN: [name: string, schema: Schema][] = [
  [
    "zod",
    z.record(
      z.string(),
      z.int().refine((value) => value % 2 === 0),
    ),
  ],
  ["arktype", type({ "[string]": type("number.integer").narrow((value) => value % 2 === 0) })],
  [
    "valibot",
    toStandardJsonSchema(
      v.record(
        v.string(),
        v.pipe(
          v.number(),
          v.check((value) => value % 2 === 0),
        ),
      ),
    ),
  ],
  [
    "TypeBox",
    Type.Record(
      Type.String(),
      Type.Refine(Type.Integer(), (value) => value % 2 === 0),
    ),
  ],
];

for (const [name, query] of EVEN) {
  test(`what the library refuses of such names is told as what the runtime refuses (${name})`, async () => {
    assert.deepEqual(await received({ query }, "a=2"), { a: 2 });
    assert.deepEqual(await received({ query }, "a=2&b/c=3"), [["query", "/b~1c", "custom"]]);
  });
}

test("what a library refuses of a declared parameter, and of all of them, is told so", async () => {
  const even = z.int().refine((value) => value % 2 === 0);
  const query = z.object({ "a/b": even.optional(), list: z.array(even).default([]) }).catchall(even);
  assert.deepEqual(await received({ query }, "a/b=1&list=2&list=3&c=5"), [
    ["a/b", undefined, "custom"],
    ["list", "/1", "custom"],
    ["query", "/c", "custom"],
  ]);
  const some = z.object({ a: z.string().optional() }).refine(({ a }) => a !== undefined, "give a");
  assert.deepEqual(await received({ query: some }, ""), [[undefined, undefined, "custom"]]);
});

test("the rest does not take a name that a Parameter Object has", async () => {
  const options = { query: numbers, parameters: [{ name: "query", in: "query", schema: { type: "string" } }] };
  assert.deepEqual(await received(options, "query=x&a=1"), { query: "x", a: 1 });
  assert.deepEqual(await received(options, "query=x&a=y"), [["query_", "/a", "type"]]);
});

for (const [name, query] of RECORDS) {
  test(`the query is an object of any names (${name})`, async () => {
    assert.deepEqual(await received({ query }, "a=1&b=2"), { a: 1, b: 2 });
    assert.deepEqual(await received({ query }, ""), {});
    assert.deepEqual(await received({ query }, "query=1&%C3%BC=2"), { query: 1, ü: 2 });
    assert.deepEqual(await received({ query }, "a=1&b=x"), [["query", "/b", "type"]]);
  });
}

test("what is declared is a parameter of its own, the rest goes beside it", async () => {
  const query = z.object({ limit: z.int().default(10), query: z.string().optional() }).catchall(z.int());
  assert.deepEqual(await received({ query }, "a=1&query=x"), { limit: 10, query: "x", a: 1 });
  assert.deepEqual(await received({ query }, "limit=x&a=y"), [
    ["limit", undefined, "type"],
    ["query_", "/a", "type"],
  ]);
  const loose = z.looseObject({ limit: z.int().default(10) });
  assert.deepEqual(await received({ query: loose }, "a=1"), { limit: 10, a: "1" });
  const closed = z.strictObject({ limit: z.int().default(10) });
  assert.deepEqual(await received({ query: closed }, "a=1"), { limit: 10 });
});

test("names may have a form, and some may have to be there", async () => {
  const query = z.record(z.string().regex(/^x-/), z.string());
  assert.deepEqual(await received({ query }, "x-a=1"), { "x-a": "1" });
  assert.equal(((await received({ query }, "y=1")) as unknown[]).length, 1);
  const both = z.record(z.enum(["a", "b"]), z.int());
  assert.deepEqual(await received({ query: both }, "a=1&b=2"), { a: 1, b: 2 });
  assert.deepEqual(await received({ query: both }, "a=1"), [["query", undefined, "required"]]);
});

test("values go through the schema's library where it has more to do", async () => {
  const query = z.record(
    z.string(),
    z.string().transform((text) => text.toUpperCase()),
  );
  assert.deepEqual(await received({ query }, "a=x"), { a: "X" });
});

test("an object of the query takes any names too", async () => {
  const options = {
    query: z.object({ filter: z.record(z.string(), z.int()).optional(), limit: z.int().default(1) }),
    parameters: [{ name: "filter", in: "query", style: "deepObject" }],
  } as const;
  const app = new Sabir();
  app.get("/", options, ({ query }) => ({
    ...query,
    sum: Object.values(query.filter ?? {}).reduce((a, b) => a + b, query.limit),
  }));
  await serving(app, async (url) => {
    const answer = await fetch(`${url}/?filter%5Ba%5D=2&filter[b]=3&other=4`);
    assert.deepEqual(await answer.json(), { filter: { a: 2, b: 3 }, limit: 1, sum: 6 });
    assert.equal((await fetch(`${url}/?filter[a]=x`)).status, 422);
  });
  const exploded = { query: z.object({ labels: z.record(z.string(), z.string()).optional(), limit: z.int().default(1) }) };
  assert.deepEqual(await received(exploded, "a=1&b=2&limit=3"), { labels: { a: "1", b: "2" }, limit: 3 });
});

test("such names are members of the object alone", async () => {
  const app = new Sabir();
  let got: object = {};
  app.get("/", { query: z.looseObject({}) }, ({ query }) => {
    got = query;
  });
  for (const name of ["__proto__", "constructor", "query", "0"]) {
    await app.request(`/?${name}=polluted`);
    assert.equal(Object.getPrototypeOf(got), Object.prototype);
    assert.deepEqual(Object.entries(got), [[name, "polluted"]]);
  }
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("only the query has them", () => {
  for (const place of ["headers", "cookies", "params"]) {
    for (const [name, schema] of RECORDS) {
      const add = () => new Sabir().get("/{a}", { [place]: schema }, () => 1);
      const field = `${place}.additionalProperties`;
      assert.throws(add, (error) => error instanceof SetupError && error.field === field, `${place} ${name}`);
    }
  }
});

test("names with a pattern are refused with what to write instead", () => {
  for (const query of [
    { type: "object", patternProperties: { "^x-": { type: "integer" } } },
    z.looseRecord(z.string().regex(/^x-/), z.int()),
    Type.Record(Type.String({ pattern: "^x-" }), Type.Integer()),
  ] as Schema[]) {
    const add = () => new Sabir().get("/", { query }, () => 1);
    const isRefused = (error: unknown) => error instanceof SetupError && /`propertyNames`/.test(error.remedy);
    assert.throws(add, isRefused);
  }
});
