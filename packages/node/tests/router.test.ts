/** Routers, routes of several and of all methods, and when their mistakes are told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Router, Sabir, SetupError } from "sabir";
import { z } from "zod";

import { type Parts, PARTS } from "../src/routes.js";
import { Log, serving } from "./serving.js";

async function answered(app: Sabir, path: string): Promise<number> {
  return (await app.request(path)).status;
}

async function answer(app: Sabir, path: string, method = "GET"): Promise<unknown> {
  const given = await app.request(path, { method });
  return given.status === 200 ? await given.text() : given.status;
}

/** The error that `change` ends with. */
function mistake(change: () => unknown, expected: string | RegExp = ""): SetupError {
  try {
    change();
  } catch (error) {
    assert.ok(error instanceof SetupError, String(error));
    return error;
  }
  return assert.fail(`there is no error ${expected}`);
}

test("serves the routes of a router below a prefix, also over a socket", async () => {
  const router = new Router({ prefix: "/shops/{shop}" });
  router.get("/", ({ params }) => `all of ${params.shop}`);
  router.get("/orders/{id:int}", { query: z.object({ limit: z.int().default(3) }) }, ({ params, query }) => {
    return `${params.shop} ${params.id + 1} ${query.limit}`;
  });
  router.post("/orders", { body: z.object({ sku: z.string() }), status: 201 }, ({ params, body }) => [params.shop, body.sku]);
  const app = new Sabir();
  app.mount("/v1", router).mount("/", router);
  assert.equal(await answer(app, "/v1/shops/a"), "all of a");
  assert.equal(await answer(app, "/shops/a"), "all of a");
  assert.equal(await answer(app, "/v1/shops/a/orders/1?limit=5"), "a 2 5");
  assert.equal(await answer(app, "/v1/shops/a/orders/x"), 404);
  await serving(app, async (url) => {
    const post = (body: string) => ({ method: "POST", headers: { "content-type": "application/json" }, body });
    const created = await fetch(`${url}/shops/b/orders`, post('{"sku":"TEA"}'));
    assert.deepEqual([created.status, await created.json()], [201, ["b", "TEA"]]);
    assert.equal((await fetch(`${url}/shops/b/orders`, post("{}"))).status, 422);
  });
});

test("a schema of a route's own variables leaves those of the prefix", async () => {
  const router = new Router({ prefix: "/shops/{shop:int}" });
  const Day = z.object({ day: z.iso.date().transform((text) => new Date(text)) });
  router.get("/days/{day}", { params: Day }, ({ params }) => `${params.shop + 1} ${params.day.getUTCFullYear()}`);
  const app = new Sabir();
  app.mount("/{tenant}", router);
  assert.equal(await answer(app, "/a/shops/7/days/2026-01-01"), "8 2026");
  const refused = (await (await app.request("/a/shops/7/days/x")).json()) as { errors: { in: string; name: string }[] };
  assert.deepEqual(new Set(refused.errors.map((entry) => `${entry.in} ${entry.name}`)), new Set(["path day"]));
});

test("options may be undefined", async () => {
  const app = new Sabir();
  app.get("/", undefined as never, () => "a");
  assert.equal(await answer(app, "/"), "a");
});

test("copies routes when they are mounted", async () => {
  const router = new Router();
  router.get("/early", () => "early");
  const [first, second] = [new Sabir(), new Sabir()];
  first.mount("/a", router).mount("/b", router);
  router.get("/late", () => "late");
  second.mount("/a", router);
  assert.deepEqual(await Promise.all(["/a/early", "/b/early", "/a/late"].map((path) => answer(first, path))), [
    "early",
    "early",
    404,
  ]);
  assert.deepEqual(await Promise.all(["/a/early", "/a/late"].map((path) => answer(second, path))), ["early", "late"]);
});

test("routers are mounted into routers, and one into itself", async () => {
  const inner = new Router({ prefix: "/inner", tags: ["inner"] });
  inner.get("/{id}", { tags: ["own"] }, ({ params }) => params.id);
  const outer = new Router({ prefix: "/outer", tags: ["outer"], bodyLimit: 10 });
  outer.mount("/", inner).mount("/again", inner);
  outer.get("/x", () => "x");
  outer.mount("/twice", outer);
  const app = new Sabir();
  app.mount("/", outer);
  assert.equal(await answer(app, "/outer/inner/a"), "a");
  assert.equal(await answer(app, "/outer/again/inner/b"), "b");
  assert.equal(await answer(app, "/outer/x"), "x");
  assert.equal(await answer(app, "/outer/twice/outer/x"), "x");
  assert.equal(await answer(app, "/outer/twice/outer/again/inner/c"), "c");
  const shops = new Router({ prefix: "/{shop}" });
  shops.get("/", ({ params }) => params.shop);
  assert.match(mistake(() => new Sabir().mount("/{shop}", shops)).message, /^GET \/\{shop\}\/\{shop\}: path: .*`shop` twice/);
});

test("what routes share goes with them", async () => {
  const router = new Router({ bodyLimit: 4, timeoutMs: 50, produces: ["text/plain", "text/csv"] });
  const text = { requestBody: { content: { "text/plain": {} } } };
  const absent = { bodyLimit: undefined, timeoutMs: undefined, produces: undefined, tags: undefined } as object;
  router
    .post("/shared", text, async ({ request, accepts, signal }) => {
      if ((await request.text()) === "wait") await sleep(60_000, undefined, { signal });
      return accepts;
    })
    .post("/absent", { ...text, ...absent }, async ({ request, accepts, signal }) => {
      if ((await request.text()) === "wait") await sleep(60_000, undefined, { signal });
      return accepts;
    })
    .post("/own", { ...text, bodyLimit: 5, timeoutMs: 20_000, produces: ["text/html", "text/x"] }, async ({ accepts }) => {
      await sleep(100);
      return accepts;
    });
  const app = new Sabir({}, { logger: new Log() });
  app.mount("/", router);
  const post = async (path: string, body: string): Promise<string | number> => {
    const answer = await app.request(path, { method: "POST", body, headers: { "content-type": "text/plain" } });
    return answer.status === 200 ? await answer.text() : answer.status;
  };
  for (const path of ["/shared", "/absent"]) {
    assert.deepEqual(
      await Promise.all(["1234", "12345", "wait"].map((body) => post(path, body))),
      ["text/plain", 413, 504],
      path,
    );
  }
  assert.deepEqual([await post("/own", "12345"), await post("/own", "123456")], ["text/html", 413]);
});

test("routes have the tags and the responses of their routers beside their own", async () => {
  const answer = (type: "integer" | "string") => {
    return { description: `An ${type}`, content: { "application/json": { schema: { type } } } } as const;
  };
  const outer = new Router({ tags: ["outer"], responses: { 201: answer("integer"), 202: answer("integer") } });
  const inner = new Router({ tags: ["inner"], deprecated: true, responses: { 202: answer("string"), 203: answer("integer") } });
  const own = { 203: answer("string"), 204: { description: "Nothing" }, 202: undefined };
  inner.get("/{status:int}", { tags: ["own"], responses: own as never }, ({ params, json }) => json("text", params.status));
  outer.mount("/", inner).get("/plain", () => 1);
  const app = new Sabir({ responseValidation: "enforce" }, { logger: new Log() });
  app.mount("/", outer);
  assert.equal(await answered(app, "/201"), 500);
  assert.equal(await answered(app, "/202"), 202);
  assert.equal(await answered(app, "/203"), 203);
  const [route, plain] = (outer as unknown as { [PARTS]: Parts })[PARTS].routes.map(({ options }) => options);
  assert.deepEqual(route?.tags, ["outer", "inner", "own"]);
  assert.equal(route?.deprecated, true);
  assert.deepEqual(Object.keys(route?.responses ?? {}), ["201", "202", "203", "204"]);
  assert.deepEqual([plain?.tags, plain?.deprecated, Object.keys(plain?.responses ?? {})], [["outer"], undefined, ["201", "202"]]);
});

test("mistakes are told when a route is added", () => {
  const router = new Router({ prefix: "/v1" });
  for (const [change, message] of [
    [() => router.get("x", () => 1), "GET /v1x: path: `x` does not start with a slash; write it from the root"],
    [() => router.get("/:id?", () => 1), /^GET \/v1\/:id\?: path: .*starts with a colon/],
    [() => router.get("/", { none: 1 } as never, () => 1), /^GET \/v1: none: there is no such option/],
    [() => router.post("/", { body: z.date() }, () => 1), /^POST \/v1: body: the schema cannot be said in JSON Schema/],
    [() => router.get("/", { status: 201 } as never, undefined as never), /^GET \/: handler: there is none/],
    [() => router.route("/", { methods: [] }, () => 1), /^\/: methods: there is none; name the methods/],
    [() => new Router({ query: {} } as never), /^router: query: there is no such option; use one of prefix tags/],
    [() => router.get("/", null as never, () => 1), "GET /: options: these are no options; give an object, or leave them out"],
    [() => router.get("/", "x" as never, () => 1), /^GET \/: options: these are no options/],
    [() => router.get("/", null as never), /^GET \/: handler: there is none/],
    [() => router.get("/" as never, undefined as never), /^GET \/: handler: there is none/],
    [() => router.get(7 as never, () => 1), /^GET 7: path: this is not a string; write a path such as/],
    [() => new Sabir().get(undefined as never, () => 1), /^GET undefined: path: this is not a string/],
    [() => router.route("/", null as never, () => 1), /^\/: options: these are no options/],
    [() => router.mount(7 as never, new Router()), /^mount 7: prefix: this is not a string/],
    [() => new Router(null as never), /^router: options: these are no options/],
    [() => new Router({ prefix: 7 as never }), /^router 7: prefix: this is not a string/],
    [() => new Router({ prefix: "v1" }), /^router v1: prefix: `v1` does not start with a slash/],
    [() => router.mount("/a", new Sabir() as never), /^mount \/a: other: this is an application/],
    [() => router.mount("/a", {} as never), /^mount \/a: other: this has no routes; mount a Router or an application/],
    [() => new Sabir().mount("/a", undefined as never), /^mount \/a: other: this has no routes/],
  ] as const) {
    const given = mistake(change, message).message;
    if (typeof message === "string") assert.equal(given, message);
    else assert.match(given, message);
  }
});

test("conflicts are told when a router is mounted, with both routes", () => {
  const router = new Router();
  router.get("/{a}", () => 1);
  const app = new Sabir();
  app.get("/x/{b}", () => 2).mount("/y", router);
  assert.match(mistake(() => app.mount("/x", router)).message, /^GET \/x\/\{a\}: .*`GET \/x\/\{a\}` and `GET \/x\/\{b\}`/);
  router.get("/{id:sku}/c", () => 1);
  assert.match(mistake(() => new Sabir().mount("/x", router)).message, /^GET \/x\/\{id:sku\}\/c: .*sku/);
});

test("a converter is the application's, and routers use it", async () => {
  const router = new Router();
  router.get("/{id:sku}", ({ params }) => params.id);
  const app = new Sabir();
  app.converter("sku", "[A-Z]{3}", { type: "string" }).mount("/x", router);
  assert.equal(await answer(app, "/x/TEA"), "TEA");
  assert.equal(await answer(app, "/x/tea"), 404);
});

test("answers several methods, and all", async () => {
  const app = new Sabir();
  app.route("/notes", { methods: ["GET", "REPORT"], operationId: "notes" }, ({ request }) => `${request.method} notes`);
  app.route("/one/{id:int}", { methods: "PUT" }, ({ params }) => String(params.id + 1));
  app.all("/any/{rest:path}", ({ request, params }) => `${request.method} ${params.rest}`);
  app.get("/any/{rest:path}", ({ params }) => `get ${params.rest}`);
  const router = new Router({ prefix: "/r" });
  router.all("/x", { body: { type: "integer" } }, ({ body }) => String(body + 1));
  router.route("/y", { methods: "*" }, ({ request }) => request.method);
  app.mount("/", router);
  assert.equal(await answer(app, "/notes"), "GET notes");
  assert.equal(await answer(app, "/notes", "REPORT"), "REPORT notes");
  assert.equal(await answer(app, "/notes", "POST"), 405);
  assert.equal(await answer(app, "/one/1", "PUT"), "2");
  assert.equal(await answer(app, "/any/a/b", "DELETE"), "DELETE a/b");
  assert.equal(await answer(app, "/any/a/b", "OPTIONS"), "OPTIONS a/b");
  assert.equal(await answer(app, "/any/a/b"), "get a/b");
  assert.equal(await answer(app, "/r/y", "PURGE"), "PURGE");
  const init = { method: "PATCH", headers: { "content-type": "application/json" }, body: "1" };
  assert.equal(await (await app.request("/r/x", init)).text(), "2");
});

test("two operations have different ids, and the first of several methods has the one that is given", () => {
  const app = new Sabir();
  app.route("/notes", { methods: ["GET", "REPORT"], operationId: "notes" }, () => 1);
  const error = mistake(() => app.get("/other", { operationId: "notes" }, () => 1));
  assert.match(error.message, /^GET \/other: operationId: `GET \/other` and `GET \/notes` have the same id/);
  assert.equal(app.urlFor("notes"), "/notes");
});

test("what has no type is a mistake as well", () => {
  // @ts-expect-error A router has no converters.
  assert.throws(() => new Router().converter("a", "a", {}), TypeError);
});
