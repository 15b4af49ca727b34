import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Response as Answer, Sabir, SetupError } from "sabir";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";

const UNIONS = {
  zod: z.object({ value: z.union([z.int(), z.boolean(), z.literal("all")]) }),
  arktype: type({ value: "number.integer | boolean | 'all'" }),
  valibot: toStandardJsonSchema(v.object({ value: v.union([v.pipe(v.number(), v.integer()), v.boolean(), v.literal("all")]) })),
  typebox: Type.Object({ value: Type.Union([Type.Integer(), Type.Boolean(), Type.Literal("all")]) }),
  "JSON Schema": {
    type: "object",
    properties: { value: { anyOf: [{ type: ["integer", "boolean"] }, { const: "all" }] } },
    required: ["value"],
  },
} as const;

const form = (value: string): RequestInit => ({ method: "POST", body: new URLSearchParams({ value }) });

for (const [library, schema] of Object.entries(UNIONS)) {
  test(`a union of ${library} takes the first type that fits`, async () => {
    const app = new Sabir();
    app.get("/query", { query: schema }, ({ query }) => [(query as { value: unknown }).value]);
    app.get("/headers", { headers: schema }, ({ headers }) => [(headers as { value: unknown }).value]);
    app.get("/cookies", { cookies: schema }, ({ cookies }) => [(cookies as { value: unknown }).value]);
    app.get("/params/{value}", { params: schema }, ({ params }) => [(params as { value: unknown }).value]);
    app.post("/form", { form: schema }, ({ body }) => [(body as { value: unknown }).value]);
    const send: ((value: string) => Promise<Response>)[] = [
      (value) => app.request(`/query?value=${value}`),
      (value) => app.request("/headers", { headers: { value } }),
      (value) => app.request("/cookies", { headers: { cookie: `value=${value}` } }),
      (value) => app.request(`/params/${value}`),
      (value) => app.request("/form", form(value)),
    ];
    for (const request of send) {
      assert.deepEqual(await (await request("5")).json(), [5]);
      assert.deepEqual(await (await request("true")).json(), [true]);
      assert.deepEqual(await (await request("all")).json(), ["all"]);
      assert.equal((await request("some")).status, 422);
    }
  });
}

const multipart = (...parts: [string, string | Blob][]): RequestInit => {
  const body = new FormData();
  for (const [name, value] of parts) body.append(name, value);
  return { method: "POST", body };
};

test("a file field never gets anything else", async () => {
  const app = new Sabir();
  const schema = {
    type: "object",
    properties: { file: { type: "string", format: "binary" }, note: { type: "string" } },
    required: ["file"],
  } as const;
  app.post("/", { form: schema }, async ({ body }) => [await body.file.text(), body.note ?? null]);
  const file = new Blob(["hi"], { type: "text/plain" });
  assert.deepEqual(await (await app.request("/", multipart(["file", file]))).json(), ["hi", null]);
  assert.equal((await app.request("/", multipart(["file", "hi"]))).status, 422);
  assert.equal((await app.request("/", multipart(["file", file], ["note", file]))).status, 422);
  assert.equal(app.handlerCalls, 1);
});

test("a blob of JSON is the object that the schema has", async () => {
  const app = new Sabir();
  app.post("/", { form: z.object({ data: z.object({ a: z.int() }) }) }, ({ body }) => body.data);
  const data = new Blob([`{"a":1}`], { type: "application/json" });
  assert.deepEqual(await (await app.request("/", multipart(["data", data]))).json(), { a: 1 });
});

test("the content of a declared multipart form is not kept, and reading it says so", async () => {
  const app = new Sabir();
  app.post("/declared", { form: z.object({ a: z.string() }), responses: {} }, async ({ request, body }) => {
    for (const read of [
      () => request.formData(),
      () => request.bytes(),
      () => request.text(),
      () => request.json(),
      () => request.blob(),
      () => request.arrayBuffer(),
    ]) {
      await assert.rejects(read, /leave the form undeclared/);
    }
    return body.a;
  });
  app.post("/undeclared", async ({ request }) => (await request.formData()).get("a"));
  assert.equal(await (await app.request("/declared", multipart(["a", "1"]))).text(), "1");
  assert.equal(await (await app.request("/undeclared", multipart(["a", "1"]))).text(), "1");
  const urlencoded = { method: "POST", body: new URLSearchParams({ a: "1" }) };
  assert.equal(await (await app.request("/undeclared", urlencoded)).text(), "1");
});

const DEFAULTS = {
  zod: z.object({ tags: z.array(z.string()).default(["a"]) }),
  arktype: type({ tags: type("string[]").default(() => ["a"]) }),
  valibot: toStandardJsonSchema(v.object({ tags: v.optional(v.array(v.string()), ["a"]) })),
  "valibot with a transform": toStandardJsonSchema(
    v.object({ tags: v.optional(v.array(v.string()), ["a"]), n: v.optional(v.pipe(v.string(), v.transform(Number))) }),
  ),
  typebox: Type.Object({ tags: Type.Array(Type.String(), { default: ["a"] }) }),
  "JSON Schema": { type: "object", properties: { tags: { type: "array", items: { type: "string" }, default: ["a"] } } },
} as const;

for (const [library, schema] of Object.entries(DEFAULTS)) {
  test(`each request has its own defaults of ${library}`, async () => {
    const app = new Sabir();
    const grow = (value: unknown): unknown => {
      const { tags } = value as { tags: string[] };
      tags.push("b");
      return tags;
    };
    app.get("/query", { query: schema }, ({ query }) => grow(query));
    app.post("/body", { body: schema }, ({ body }) => grow(body));
    app.post("/form", { form: schema }, ({ body }) => grow(body));
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(await (await app.request("/query")).json(), ["a", "b"]);
      assert.deepEqual(await (await app.request("/body", json)).json(), ["a", "b"]);
      assert.deepEqual(await (await app.request("/form", form("x"))).json(), ["a", "b"]);
    }
  });
}

test("a cookie is read as it was set", async () => {
  for (const text of ["a b", '"quoted"', "100%", "%41", "a;b, c=d\\", "é€", '{"a": [1]}', ""]) {
    const app = new Sabir();
    app.get("/set", () => new Answer("set", { cookies: [{ name: "c", value: text }] }));
    app.get("/get", { cookies: z.object({ c: z.string() }) }, ({ cookies, request }) => [cookies.c, request.cookies["c"]]);
    const cookie = (await app.request("/set")).headers.get("set-cookie") ?? "";
    assert.deepEqual(await (await app.request("/get", { headers: { cookie } })).json(), [text, text]);
  }
});

test("authorization is a header like any other", async () => {
  const app = new Sabir();
  app.get("/", { headers: z.object({ authorization: z.string() }) }, ({ headers }) => headers.authorization);
  assert.equal(await (await app.request("/", { headers: { authorization: "Bearer a, b" } })).text(), "Bearer a, b");
});

test("a method that nobody sends is refused", () => {
  for (const methods of ["get", ["GET", "Post"]]) {
    assert.throws(() => new Sabir().route("/x", { methods }, () => "x"), SetupError);
  }
  for (const methods of [[], undefined, 1, [1]]) {
    assert.throws(() => new Sabir().route("/x", { methods: methods as never }, () => "x"), /\/x: methods: there is none/);
  }
});
