import assert from "node:assert/strict";
import { test } from "node:test";

import { z } from "zod";
import * as mini from "zod/mini";

import { finish, isMistaken, isPlain, json, refuses } from "./assertions.js";

test("gives the JSON Schema of what is sent", () => {
  const Order = z.object({ sku: z.string().min(1), quantity: z.int().min(1).default(1), note: z.string().optional() });
  assert.deepEqual(json(Order), {
    type: "object",
    properties: {
      sku: { type: "string", minLength: 1 },
      quantity: { type: "integer", minimum: 1, maximum: 9007199254740991, default: 1 },
      note: { type: "string" },
    },
    required: ["sku"],
  });
});

test("leaves nothing to do for schemas that only validate", () => {
  const Pet = z.looseObject({
    name: z
      .string()
      .min(1)
      .max(80)
      .regex(/^[a-z]+$/u),
    born: z.iso.date().nullable(),
  });
  for (const schema of [
    z.string(),
    z.email(),
    z.uuid(),
    z.number().min(0).lt(5).multipleOf(2),
    z.int32(),
    z.coerce.number(),
    z.enum(["a", "b"]),
    z.literal(["a", 1, null]),
    z.templateLiteral(["a-", z.number()]),
    z.array(z.string()).min(1),
    z.tuple([z.string(), z.number().optional()]),
    z.record(z.string().min(2), z.number()),
    z.union([z.string(), z.number()]),
    z.strictObject({ a: z.string() }),
    z.object({ a: z.string() }).catchall(z.number()),
    z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("a") }), z.strictObject({ kind: z.literal("b") })]),
    z.json(),
    Pet,
    z.array(Pet).describe("pets"),
  ]) {
    assert.ok(isPlain(schema), JSON.stringify(json(schema)));
  }
});

test("sends values through zod when it does more than its JSON Schema", () => {
  for (const schema of [
    z.string().trim(),
    z.string().toLowerCase(),
    z.string().transform(Number),
    z.string().pipe(z.email()),
    z.string().refine((text) => text !== "no"),
    z.string().regex(/^a$/i),
    z.string().includes("a", { position: 2 }),
    z.string().default("a"),
    z.string().prefault("a"),
    z.string().catch("a"),
    z.url(),
    z.jwt(),
    z.cidrv6(),
    z.stringbool(),
    z.array(z.string()).readonly(),
    z.array(z.string()).refine((list) => new Set(list).size === list.length),
    z.looseObject({ a: z.string().optional() }).superRefine(() => {}),
    z.looseObject({ deep: z.array(z.string().trim()) }),
    z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
    z.object({ a: z.string() }).and(z.object({ b: z.string() })),
    z.stringFormat("odd", (text) => text.length % 2 === 1),
    z.number().meta({ minimum: 5 }),
    z.partialRecord(z.enum(["a"]), z.string()),
  ]) {
    assert.ok(!isPlain(schema), JSON.stringify(json(schema)));
  }
});

test("transforms", () => {
  const schema = z.object({ at: z.iso.datetime().transform((text) => new Date(text)), id: z.string().trim() });
  assert.deepEqual(finish(schema, { at: "2024-05-06T07:08:09Z", id: " a ", more: 1 }), {
    at: new Date("2024-05-06T07:08:09Z"),
    id: "a",
  });
});

test("takes integers that are no longer exact for numbers", async () => {
  const schema = z.object({ list: z.array(z.number()), id: z.string().trim() });
  assert.deepEqual(finish(schema, { list: [1n << 60n, 1], id: "a" }), { list: [2 ** 60, 1], id: "a" });
  await refuses(schema, { list: [1n << 60n, "a"], id: "a" }, [["/list/1", /expected number/]]);
});

test("waits for checks that do", async () => {
  const schema = z.string().refine(async (text) => text !== "taken", "is taken");
  assert.equal(await finish(schema, "free"), "free");
  await refuses(schema, "taken", [["", /is taken/]]);
});

test("points at what zod refuses", async () => {
  const schema = z.object({ "a/b": z.array(z.looseObject({ "~": z.string().refine((text) => text !== "no", "not no") })) });
  await refuses(schema, { "a/b": [{ "~": "yes" }, { "~": "no" }] }, [["/a~1b/1/~0", /^not no$/]]);
});

test("removes surplus properties without zod", () => {
  const Node = z.object({
    name: z.string(),
    get child() {
      return Node.nullable().optional();
    },
  });
  const schema = z.object({ list: z.array(Node), any: z.looseObject({ a: z.string() }), all: z.record(z.string(), Node) });
  const value = {
    list: [{ name: "a", x: 1, child: { name: "b", x: 1, child: null } }],
    any: { a: "a", kept: 1 },
    all: { key: { name: "c", x: 1 } },
    x: 1,
  };
  assert.deepEqual(finish(schema, value), {
    list: [{ name: "a", child: { name: "b", child: null } }],
    any: { a: "a", kept: 1 },
    all: { key: { name: "c" } },
  });
});

test("leaves parameters and their defaults to the runtime", () => {
  const query = z.object({
    limit: z.int().max(100).default(10),
    tags: z.array(z.string()).default([]),
    q: z.string().optional(),
  });
  assert.ok(isPlain(query, "parameters"));
  assert.ok(!isPlain(query, "content"));
  assert.ok(!isPlain(z.object({ limit: z.string().transform(Number).default(10) }), "parameters"));
  assert.ok(!isPlain(z.object({ filter: z.object({ a: z.string() }) }), "parameters"), "it may have surplus properties");
});

test("does not take a default that changes for a part of the contract", () => {
  for (const made of [
    () => Math.random(),
    () => Date.now(),
    () => Math.floor(Date.now() / 1000),
    () => new Date().getFullYear(),
  ]) {
    const schema = z.object({ at: z.number().default(made) });
    assert.deepEqual(json(schema, "parameters"), { type: "object", properties: { at: { type: "number" } } });
    assert.equal(typeof (finish(schema, {}, "parameters") as { at: unknown }).at, "number");
  }
  const today = z.object({ day: z.iso.date().default(() => new Date().toISOString().slice(0, 10)) });
  assert.ok(!isPlain(today, "parameters"));
});

test("does not say a pattern whose flags JSON Schema lacks", async () => {
  const schema = z.string().regex(/^abc$/i).regex(/c$/);
  assert.deepEqual(json(schema), { type: "string", allOf: [{ pattern: "c$" }] });
  assert.equal(finish(schema, "Abc"), "Abc");
  await refuses(schema, "xbc", [["", /./]]);
});

test("keeps definitions, and says a schema that contains itself without a reference to the root", () => {
  const Item = z.string().meta({ id: "Item" });
  assert.deepEqual(json(z.looseObject({ item: Item })), {
    type: "object",
    properties: { item: { $ref: "#/$defs/Item" } },
    required: ["item"],
    additionalProperties: {},
    $defs: { Item: { type: "string" } },
  });
  const Node = z.looseObject({
    get next() {
      return Node.optional();
    },
  });
  assert.deepEqual(json(Node), {
    $ref: "#/$defs/Root",
    $defs: { Root: { type: "object", properties: { next: { $ref: "#/$defs/Root" } }, additionalProperties: {} } },
  });
  assert.ok(isPlain(Node));
});

test("names a part that JSON does not have", () => {
  const remedy = /Date cannot be represented in JSON Schema; take text and convert it/;
  isMistaken(z.object({ list: z.array(z.object({ at: z.date() })) }), "body.properties.list.items.properties.at", remedy);
  isMistaken(z.bigint(), "body", /take text and convert it/);
  isMistaken(z.custom(), "body", /state what is sent/);
  const twins = z.tuple([z.string().meta({ id: "Twin" }), z.string().meta({ id: "Twin" })]);
  isMistaken(twins, "body", /Duplicate schema id "Twin"/);
});

test("believes a part that states its JSON Schema", () => {
  class Money {}
  const schema = z.instanceof(Money).meta({ type: "string", format: "binary" });
  assert.deepEqual(json(schema), { type: "string", format: "binary" });
  assert.ok(!isPlain(schema));
});

test("takes zod/mini as the JSON Schema that zod makes of it", () => {
  isMistaken(mini.string(), "body", /does not give JSON Schema; use zod 4.2 or later; with `zod\/mini`, give `z.toJSONSchema/);
  const schema = z.toJSONSchema(mini.object({ a: mini.string() }), { io: "input" });
  assert.deepEqual(json(schema), { type: "object", properties: { a: { type: "string" } }, required: ["a"] });
  assert.deepEqual(finish(schema, { a: "a", b: 1 }), { a: "a" });
});
