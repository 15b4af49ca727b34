/** What options of a route say together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type Schema, Sabir, SetupError } from "sabir";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";

import { Log } from "./serving.js";

/** The error of a route with these options. */
function mistake(options: object, path = "/"): SetupError {
  try {
    new Sabir().post(path, options, () => 1);
  } catch (error) {
    assert.ok(error instanceof SetupError, String(error));
    return error;
  }
  return assert.fail("there is no error");
}

test("what is said of a success does not take away what it produces", async () => {
  const app = new Sabir();
  const options = { produces: ["text/csv", "text/plain"], responses: { 200: { description: "The report" } } };
  app.get("/report", options, () => "a,b");
  assert.equal((await app.request("/report", { headers: { accept: "text/csv" } })).status, 200);
  assert.equal((await app.request("/report", { headers: { accept: "image/png" } })).status, 406);
});

test("a status that is none is refused", () => {
  for (const status of ["201", 99, 1000, 200.5, null])
    assert.match(mistake({ status }).message, /^POST \/: status: .* is not a status code; /);
  for (const status of [100, 101, 103])
    assert.match(mistake({ status }).message, /^POST \/: status: \d+ is an interim status, which no answer has/);
});

const SCHEMAS: [library: string, schema: Schema][] = [
  ["zod", z.object({ id: z.int() })],
  ["arktype", type({ id: "number.integer" })],
  ["valibot", toStandardJsonSchema(v.object({ id: v.pipe(v.number(), v.integer()) }))],
  ["TypeBox", Type.Object({ id: Type.Integer() })],
  ["plain JSON Schema", { type: "object", properties: { id: { type: "integer" } }, required: ["id"] }],
];

for (const [library, schema] of SCHEMAS) {
  test(`answers are held to a schema of ${library}`, async () => {
    const logger = new Log();
    const app = new Sabir({ responseValidation: "enforce" }, { logger });
    const responses = { 200: { description: "An item", content: { "application/json": { schema } } } };
    app.get("/fits", { responses }, () => ({ id: 1, secret: "a" }));
    app.get("/misfit", { responses }, () => ({ id: "one" }));
    assert.deepEqual(await (await app.request("/fits")).json(), { id: 1 });
    assert.equal((await app.request("/misfit")).status, 500);
    assert.equal(logger.entries.length, 1);
    assert.match(logger.messages[0] ?? "", /GET \/misfit/);
  });
}

test("a schema of an answer says what is sent, and nothing is done to it", async () => {
  const at = z.iso.date().transform((text) => new Date(text));
  const schema = z.object({ at, limit: z.int().default(10) });
  const app = new Sabir({ responseValidation: "enforce" });
  const responses = { 200: { description: "A day", content: { "application/json": { schema } } } };
  app.get("/", { responses }, () => ({ at: "2026-01-01" }));
  assert.deepEqual(await (await app.request("/")).json(), { at: "2026-01-01" });
});

test("a schema that cannot be said is refused, with its route and its place", () => {
  const content = { "application/json": { schema: z.object({ at: z.date() }) } };
  const refused = mistake({ responses: { 201: { description: "A day", content } } });
  assert.equal(refused.route, "POST /");
  assert.equal(refused.field, "responses.201.content.application/json.schema.properties.at");
  assert.match(refused.remedy, /take text and convert it/);
});

test("a schema of a library is refused where plain JSON Schema is read", () => {
  const schema = z.object({ a: z.string() });
  for (const [options, field, remedy] of [
    [{ requestBody: { content: { "text/x": { schema } } } }, "requestBody.content.text/x.schema", /`body` or `form`/],
    [{ parameters: [{ name: "a", in: "query", schema }] }, "parameters.0.schema", /`query`/],
    [{ body: { type: "object", properties: { a: schema } } }, "body.properties.a", /give its JSON Schema/],
    [{ body: { type: "object", properties: { a: type("string") } } }, "body.properties.a", /give its JSON Schema/],
  ] as const) {
    const refused = mistake(options);
    assert.deepEqual([refused.route, refused.field], ["POST /", field]);
    assert.match(refused.problem, /a schema of (zod|arktype) stands where plain JSON Schema is read/);
    assert.match(refused.remedy, remedy);
  }
  for (const [make, message] of [
    [() => new Sabir({}, { components: { A: schema } as never }), /^application: components\.A: a schema of zod/],
    [
      () => new Sabir({}, { schemas: { "https://a/": schema } as never }),
      /^application: schemas\.https:\/\/a\/: a schema of zod/,
    ],
    [() => new Sabir().converter("a", "a", schema as never), /^converter a: schema: a schema of zod/],
  ] as const) {
    assert.throws(make, (error) => error instanceof SetupError && message.test(error.message));
  }
});

/** Schemas that make something else of one variable of the path. */
const DAYS: [name: string, params: Schema, day: unknown][] = [
  ["a transform", z.object({ day: z.iso.date().transform((text) => text.slice(0, 4)) }), "2026"],
  ["a strict object", z.strictObject({ day: z.string().refine((text) => text.length > 1) }), "2026-01-01"],
  ["a frozen object", z.object({ day: z.string().refine((text) => text.length > 1) }).readonly(), "2026-01-01"],
  ["arktype", type({ day: "string.date.iso.parse" }), "2026-01-01T00:00:00.000Z"],
  ["plain JSON Schema", { type: "object", properties: { day: { type: "string" } }, required: ["day"] }, "2026-01-01"],
];

for (const [name, params, day] of DAYS) {
  test(`variables that a schema does not describe stay beside what it gives: ${name}`, async () => {
    const app = new Sabir();
    app.get("/shops/{shop:int}/days/{day}/{__proto__}", { params }, (context) => [context.params, Object.keys(context.params)]);
    app.get("/days/{day}", { params }, (context) => context.params);
    const [given, names] = (await (await app.request("/shops/7/days/2026-01-01/x")).json()) as [object, string[]];
    assert.deepEqual(
      [{ ...given, ["__proto__"]: "x" }, names.toSorted()],
      [{ shop: 7, day, ["__proto__"]: "x" }, ["__proto__", "day", "shop"]],
    );
    assert.deepEqual(await (await app.request("/days/2026-01-01")).json(), { day });
  });
}

test("variables that a Parameter Object describes are beside those of a schema, too", async () => {
  const app = new Sabir();
  const params = z.strictObject({ day: z.string().transform((text) => text.length) });
  const parameters = [{ name: "shop", in: "path", required: true, schema: { type: "integer" } }] as const;
  app.get("/{shop}/{day}", { params, parameters }, (context) => context.params);
  assert.deepEqual(await (await app.request("/7/today")).json(), { shop: 7, day: 5 });
});

test("what is no object has no other variables, and an object of a class keeps it", async () => {
  class Day {
    constructor(readonly day: string) {}
  }
  const Text = z.object({ day: z.string() }).transform(({ day }) => day);
  const Instance = z.object({ day: z.string() }).transform(({ day }) => new Day(day));
  const app = new Sabir();
  app.get("/{shop}/text/{day}", { params: Text }, ({ params }) => [params]);
  app.get("/{shop}/day/{day}", { params: Instance }, ({ params }) => [params instanceof Day, params.day, params.shop]);
  assert.deepEqual(await (await app.request("/a/text/b")).json(), ["b"]);
  assert.deepEqual(await (await app.request("/a/day/b")).json(), [true, "b", "a"]);
});
