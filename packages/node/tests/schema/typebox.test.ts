import assert from "node:assert/strict";
import { test } from "node:test";

import Type from "typebox";

import { finish, isMistaken, isPlain, json, refuses } from "./assertions.js";

test("is JSON Schema", () => {
  const schema = Type.Object({ name: Type.String({ minLength: 1 }), age: Type.Optional(Type.Integer()) });
  assert.deepEqual(json(schema), {
    type: "object",
    properties: { name: { type: "string", minLength: 1 }, age: { type: "integer" } },
    required: ["name"],
  });
  assert.ok(isPlain(schema));
  assert.ok(isPlain(Type.Union([Type.Literal("a"), Type.Null(), Type.Enum(["b", "c"])])));
});

test("is said in draft 2020-12", () => {
  assert.deepEqual(json(Type.Tuple([Type.String(), Type.Number()])), {
    type: "array",
    prefixItems: [{ type: "string" }, { type: "number" }],
    items: false,
    minItems: 2,
  });
  assert.deepEqual(json(Type.Cyclic({ Node: Type.Object({ next: Type.Optional(Type.Ref("Node")) }) }, "Node")), {
    $ref: "#/$defs/Node",
    $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
  });
});

test("fills in defaults, whose properties may be left out", () => {
  const schema = Type.Object({ limit: Type.Integer({ default: 10 }), list: Type.Array(Type.String(), { default: [] }) });
  assert.deepEqual((json(schema) as { required: unknown }).required, []);
  assert.deepEqual(finish(schema, {}), { limit: 10, list: [] });
  assert.ok(isPlain(schema, "parameters"));
});

test("decodes, inner values first", () => {
  const Count = Type.Decode(Type.String(), Number);
  const Pair = Type.Decode(Type.Object({ a: Count, b: Count }), ({ a, b }) => a + b);
  assert.equal(finish(Pair, { a: "1", b: "2" }), 3);
  assert.deepEqual(finish(Type.Record(Type.String(), Count), { a: "1" }), { a: 1 });
  assert.deepEqual(finish(Type.Tuple([Count, Type.String()]), ["1", "2"]), [1, "2"]);
  assert.deepEqual(finish(Type.Union([Count, Type.Null()]), null), null);
});

test("points at what a refinement or a codec refuses", async () => {
  const Even = Type.Refine(
    Type.Integer(),
    (value) => value % 2 === 0,
    (value) => `${value} is odd`,
  );
  const Broken = Type.Decode(Type.String(), () => {
    throw new Error("cannot be read");
  });
  const schema = Type.Object({ list: Type.Array(Even), text: Broken });
  await refuses(schema, { list: [1, 2, 3], text: "a" }, [
    ["/list/0", /^1 is odd$/],
    ["/list/2", /^3 is odd$/],
    ["/text", /^cannot be read$/],
  ]);
});

test("names what JSON does not have, and a codec that cannot be told to apply", () => {
  isMistaken(Type.Object({ a: Type.BigInt() }), "body.properties.a", /JSON has no bigint; begin with what is sent/);
  const Count = Type.Decode(Type.String(), Number);
  isMistaken(Type.Union([Count, Type.Integer()]), "body", /inside a union, a condition or a negation; put it around the union/);
});
