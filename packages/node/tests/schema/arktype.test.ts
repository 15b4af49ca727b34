import assert from "node:assert/strict";
import { test } from "node:test";

import { scope, type } from "arktype";

import { finish, isMistaken, isPlain, json, refuses } from "./assertions.js";

test("gives the JSON Schema of what is sent", () => {
  assert.deepEqual(json(type({ name: "string >= 1", "age?": "number.integer", id: "string.numeric.parse | undefined" })), {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1 },
      age: { type: "integer" },
      id: { anyOf: [{ type: "string", pattern: (json(type("string.numeric")) as { pattern: string }).pattern }, { not: {} }] },
    },
    required: ["id", "name"],
  });
});

test("leaves nothing to do for types that only validate", () => {
  for (const schema of [
    type("string"),
    type("string.email"),
    type("string.uuid"),
    type("1 <= number.integer < 5"),
    type("string | number | null"),
    type("'a' | 'b' | 1"),
    type("string[] >= 1"),
    type(["string", "number?"]),
    type({ "+": "reject", a: "boolean", "b?": { c: "string" } }),
    type({ "[string]": "number" }),
    type("string").describe("a text"),
    scope({ node: { value: "number", "next?": "node" } }).export().node,
  ]) {
    assert.ok(isPlain(schema), schema.expression);
  }
});

test("sends values through arktype when it does more than its JSON Schema", () => {
  for (const schema of [
    type("string.trim"),
    type("string.date.iso.parse"),
    type("string.url"),
    type({ "+": "delete", a: "string" }),
    type({ a: "number = 3" }),
    type({ a: /^a$/i }),
    type({
      list: type("string")
        .narrow((text) => text !== "no")
        .array(),
    }),
    type("string").pipe((text) => text.length),
    type({ "[/^a/]": "number" }),
  ]) {
    assert.ok(!isPlain(schema), schema.expression);
  }
});

test("transforms, fills in and removes", () => {
  const schema = type({ "+": "delete", count: "string.integer.parse", limit: "number = 10" });
  assert.deepEqual(finish(schema, { count: "4", more: 1 }), { count: 4, limit: 10 });
});

test("does not say a pattern whose flags JSON Schema lacks", async () => {
  const schema = type({ a: /^abc$/i });
  assert.deepEqual(json(schema), { type: "object", properties: { a: { type: "string" } }, required: ["a"] });
  await refuses(schema, { a: "xyz" }, [["/a", /./]]);
});

test("points at what arktype refuses", async () => {
  const schema = type({
    list: type("string")
      .narrow((text, context) => text !== "no" || context.reject("something else"))
      .array(),
  });
  await refuses(schema, { list: ["yes", "no"] }, [["/list/1", /something else/]]);
});

test("names what JSON does not have", () => {
  isMistaken(type({ at: "Date" }), "body", /a part \(date\) that JSON does not have; begin with what is sent/);
  isMistaken(type("bigint"), "body", /a part \(domain\)/);
});

test("keeps definitions of types that contain themselves", () => {
  const schema = json(scope({ node: { "next?": "node" } }).export().node) as { $ref: string; $defs: Record<string, unknown> };
  const name = schema.$ref.replace("#/$defs/", "");
  assert.deepEqual(schema.$defs[name], { type: "object", properties: { next: { $ref: schema.$ref } } });
});
