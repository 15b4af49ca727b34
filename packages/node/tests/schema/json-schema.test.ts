import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

import type { JsonSchema } from "../../src/json-schema.js";
import { compile, members, type Schema } from "../../src/schema.js";
import { SetupError } from "../../src/setup-error.js";
import { finish, isMistaken, isPlain, json, refuses } from "./assertions.js";

test("goes to the runtime as it is", () => {
  const schema = { type: "object", properties: { sku: { type: "string" } }, required: ["sku"], "x-note": 1 } as const;
  assert.deepEqual(json(schema), schema);
  assert.ok(isPlain(schema));
});

test("fills in defaults of a body, however deep", () => {
  const schema = {
    type: "object",
    properties: {
      limit: { $ref: "#/$defs/Limit" },
      list: { type: "array", items: { properties: { a: { default: { b: [] } } } } },
      odd: { anyOf: [{ properties: { a: { default: 1 } } }, { type: "string" }] },
    },
    allOf: [{ properties: { flag: { type: "boolean", default: false } } }],
    $defs: { Limit: { type: "integer", default: 10 } },
  } as const;
  assert.deepEqual(finish(schema, { list: [{}, { a: 1 }], odd: {} }), {
    list: [{ a: { b: [] } }, { a: 1 }],
    odd: {},
    limit: 10,
    flag: false,
  });
});

test("never shares a default between requests", () => {
  const { finish: run } = compile({ type: "object", properties: { list: { default: [] } } }, "body");
  const first = run?.({}) as { list: unknown[] };
  first.list.push(1);
  assert.deepEqual(run?.({}), { list: [] });
});

test("leaves the defaults of parameters to the runtime", () => {
  const schema = { type: "object", properties: { limit: { type: "integer", default: 10 } } } as const;
  assert.ok(isPlain(schema, "parameters"));
});

test("fills in the defaults of schemas that contain themselves", () => {
  const schema = { type: "object", properties: { kind: { default: "a" }, child: { $ref: "#" } } } as const;
  assert.deepEqual(finish(schema, { child: { child: {} } }), { kind: "a", child: { kind: "a", child: { kind: "a" } } });
});

test("takes a property called __proto__ for a property", () => {
  const properties = JSON.parse('{"__proto__": {"default": 1}, "a": {}}') as Record<string, JsonSchema>;
  const value = finish({ type: "object", properties }, {}) as object;
  assert.deepEqual(Object.entries(value), [["__proto__", 1]]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test("refuses what is no schema, or no JSON", () => {
  isMistaken("string", "body", /this is not a schema; give an object with a schema/);
  isMistaken(null, "body", /this is not a schema/);
  const circle: { properties: Record<string, object> } = { properties: {} };
  circle.properties["self"] = circle;
  isMistaken(circle, "body", /(?:circular|cyclic) structure.*; use values that JSON has, and `\$ref`/);
});

test("takes bounds that a number cannot hold", async () => {
  const app = new Sabir();
  const query = { type: "object", properties: { n: { type: "integer", maximum: 2n ** 70n } } } as const;
  app.get("/", { query }, ({ query: { n } }) => [n]);
  assert.equal(await (await app.request(`/?n=${2n ** 70n}`)).text(), `[${2n ** 70n}]`);
  assert.equal((await app.request(`/?n=${2n ** 70n + 1n}`)).status, 422);
});

test("sends values through a library that is not known", async () => {
  const schema = {
    "~standard": {
      version: 1,
      vendor: "other",
      validate: (value: unknown) =>
        value === "no" ? { issues: [{ message: "not no", path: [{ key: "a" }, 0] }, { message: "at all" }] } : { value: [value] },
      jsonSchema: { input: () => ({ type: "string" }) },
    },
  } as const satisfies Schema;
  assert.deepEqual(json(schema), { type: "string" });
  assert.deepEqual(finish(schema, "yes"), ["yes"]);
  await refuses(schema, "no", [
    ["/a/0", /^not no$/],
    ["", /^at all$/],
  ]);
});

test("splits an object schema into parameters", () => {
  const { schema } = compile(
    {
      type: "object",
      properties: { limit: { $ref: "#/$defs/Limit" }, q: { type: "string" } },
      required: ["q"],
      additionalProperties: false,
      allOf: [{ properties: { q: { minLength: 1 }, tag: true }, required: ["tag"] }],
      $defs: { Limit: { type: "integer" } },
    },
    "query",
    "parameters",
  );
  assert.deepEqual(members(schema, "query").named, [
    { name: "q", schema: { allOf: [{ minLength: 1 }, { type: "string" }] }, required: true },
    { name: "tag", schema: true, required: true },
    { name: "limit", schema: { $ref: "#/$defs/Limit", $defs: { Limit: { type: "integer" } } }, required: false },
  ]);
});

test("splits an object schema that contains itself", () => {
  const { schema } = compile({ type: "object", properties: { filter: { $ref: "#" } } }, "query", "parameters");
  const definitions = { Root: { type: "object", properties: { filter: { $ref: "#/$defs/Root" } } } };
  assert.deepEqual(members(schema, "query").named, [
    { name: "filter", schema: { $ref: "#/$defs/Root", $defs: definitions }, required: false },
  ]);
});

test("refuses parameters that cannot be checked one by one", () => {
  for (const [schema, field] of [
    [{ type: "array" }, "query.type"],
    [{ anyOf: [{ properties: {} }] }, "query.anyOf"],
    [{ type: "object", minProperties: 1 }, "query.minProperties"],
    [{ $ref: "#/components/schemas/Query" }, "query.$ref"],
  ] as const) {
    assert.throws(
      () => members(schema, "query"),
      (error) => error instanceof SetupError && error.field === field,
    );
  }
});
