import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema as wrap } from "@valibot/to-json-schema";
import * as v from "valibot";

import { finish, isMistaken, isPlain, json, refuses } from "./assertions.js";

test("gives the JSON Schema of what is sent", () => {
  const Order = v.object({ sku: v.pipe(v.string(), v.minLength(1)), quantity: v.optional(v.pipe(v.number(), v.integer()), 1) });
  assert.deepEqual(json(wrap(Order)), {
    type: "object",
    properties: { sku: { type: "string", minLength: 1 }, quantity: { type: "integer", default: 1 } },
    required: ["sku"],
  });
});

test("leaves nothing to do for schemas that only validate", () => {
  for (const schema of [
    v.string(),
    v.pipe(v.string(), v.minLength(1), v.maxLength(5), v.title("a")),
    v.pipe(v.string(), v.regex(/^a+$/)),
    v.pipe(v.number(), v.integer(), v.minValue(1)),
    v.looseObject({ a: v.string(), b: v.optional(v.nullable(v.number())) }),
    v.strictObject({ a: v.picklist(["a", "b"]), b: v.literal(1) }),
    v.array(v.strictTuple([v.string(), v.boolean()])),
    v.record(v.string(), v.unknown()),
  ]) {
    assert.ok(isPlain(wrap(schema)), JSON.stringify(json(wrap(schema))));
  }
});

test("sends values through valibot when it does more than its JSON Schema", () => {
  for (const schema of [
    v.object({ a: v.string() }),
    v.pipe(v.string(), v.trim()),
    v.pipe(v.string(), v.transform(Number)),
    v.pipe(v.string(), v.transform(Number), v.number()),
    v.pipe(
      v.string(),
      v.transform((text) => `${text}!`),
      v.string(),
    ),
    v.pipe(
      v.string(),
      v.check((text) => text !== "no"),
    ),
    v.pipe(v.string(), v.email()),
    v.pipe(v.string(), v.url()),
    v.pipe(v.string(), v.base64()),
    v.pipe(v.string(), v.isoDateTime()),
    v.pipe(v.string(), v.regex(/^a$/i)),
    v.looseObject({ a: v.optional(v.string(), "a") }),
    v.union([v.object({ a: v.string() }), v.object({ b: v.string() })]),
    v.looseObject({
      deep: v.array(
        v.pipe(
          v.string(),
          v.check(() => true),
        ),
      ),
    }),
  ]) {
    assert.ok(!isPlain(wrap(schema)), JSON.stringify(json(wrap(schema))));
  }
});

test("transforms, fills in and removes", () => {
  const schema = v.object({
    at: v.pipe(
      v.string(),
      v.transform((text) => text.length),
    ),
    limit: v.optional(v.number(), 10),
  });
  assert.deepEqual(finish(wrap(schema), { at: "four", more: 1 }), { at: 4, limit: 10 });
});

test("does not say what JSON Schema would hold differently", () => {
  assert.deepEqual(json(wrap(v.pipe(v.string(), v.regex(/^a$/i)))), { type: "string" });
  assert.deepEqual(json(wrap(v.pipe(v.string(), v.isoDateTime()))), { type: "string" });
  const made = v.object({ at: v.optional(v.number(), () => Date.now()) });
  assert.deepEqual(json(wrap(made)), { type: "object", properties: { at: { type: "number" } }, required: [] });
});

test("points at what valibot refuses", async () => {
  const schema = v.object({
    list: v.array(
      v.pipe(
        v.string(),
        v.check((text) => text !== "no", "not no"),
      ),
    ),
  });
  await refuses(wrap(schema), { list: ["yes", "no"] }, [["/list/1", /^not no$/]]);
});

test("waits for checks that do", async () => {
  const schema = v.pipeAsync(
    v.string(),
    v.checkAsync(async (text) => text !== "taken", "is taken"),
  );
  const wrapped = wrap(schema as never);
  assert.equal(await finish(wrapped, "free"), "free");
  await refuses(wrapped, "taken", [["", /is taken/]]);
});

test("names what JSON does not have, and the wrapper that is missing", () => {
  isMistaken(
    wrap(v.object({ at: v.date() })),
    "body",
    /"date" schema cannot be converted to JSON Schema; begin with what is sent/,
  );
  isMistaken(v.string(), "body", /this schema of valibot does not give JSON Schema; wrap it with `toStandardJsonSchema`/);
});

test("keeps definitions of schemas that contain themselves", () => {
  interface Tree {
    next?: Tree | undefined;
  }
  const Tree: v.GenericSchema<Tree> = v.looseObject({ next: v.optional(v.lazy(() => Tree)) }) as never;
  const schema = json(wrap(Tree)) as { $defs: object; properties: { next: { $ref: string } } };
  const name = schema.properties.next.$ref.replace("#/$defs/", "");
  assert.deepEqual(Object.keys(schema.$defs), [name]);
  assert.ok(isPlain(wrap(Tree)));
});
