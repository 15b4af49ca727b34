/** OpenAPI documents: what they are made of, what they cannot be made of, and how they are served. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { type Documents, type OpenApiInfo, Router, Sabir, SetupError } from "sabir";
import { z } from "zod";

const Order = z.object({ id: z.int(), note: z.string().nullish() }).meta({ id: "Order" });

function shop(documents?: Documents): Sabir {
  const app = new Sabir();
  if (documents) app.documents({ title: "Shop", version: "1.2.0", ...documents });
  app.get("/orders/{id:int}", { operationId: "showOrder", returns: Order }, ({ params }) => params);
  app.post("/orders", { body: Order, status: 201, returns: Order }, ({ body }) => body);
  app.delete("/orders/{id:int}", { status: 204 }, () => undefined);
  app.websocket("/chat", {});
  return app;
}

test("routes describe operations", () => {
  const { paths } = shop().openapi();
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Order" } } };
  assert.deepEqual(Object.keys(paths), ["/orders/{id}", "/orders"]);
  assert.equal(paths["/orders/{id}"]?.["get"].operationId, "showOrder");
  assert.deepEqual(paths["/orders/{id}"]?.["get"].responses["200"], { description: "OK", content });
  assert.deepEqual(paths["/orders/{id}"]?.["delete"].responses["204"], { description: "No Content" });
  assert.deepEqual(paths["/orders"]?.["post"].responses["201"], { description: "Created", content });
  assert.deepEqual(paths["/orders"]?.["post"].requestBody, { content, required: true });
});

test("what a route returns is of the media types that it produces", () => {
  const app = new Sabir();
  app.get("/", { returns: Order, produces: ["application/json", "application/hal+json"] }, () => ({ id: 1 }));
  const { content } = app.openapi().paths["/"]?.["get"].responses["200"];
  assert.deepEqual(Object.keys(content), ["application/json", "application/hal+json"]);
});

test("the text has every digit of a bound", () => {
  const app = new Sabir();
  app.get("/", { query: { type: "object", properties: { a: { type: "integer", maximum: 2n ** 60n + 1n } } } }, () => 0);
  assert.match(app.openapiText(), /"maximum": 1152921504606846977\b/);
});

test("hidden routes are no part of documents", () => {
  const router = new Router({ hidden: true });
  router.get("/a", () => 0).websocket("/b", {});
  const app = new Sabir();
  app.get("/c", { hidden: true }, () => 0);
  app.mount("/v1", router);
  assert.deepEqual(app.openapi().paths, {});
  assert.deepEqual(app.asyncapi().channels, {});
});

test("names what it cannot read", () => {
  for (const [info, field] of [
    [{ title: 1 }, "title"],
    [{ titel: "Shop" }, "titel"],
    [{ openapiVersion: "3.0" }, "openapi_version"],
    [{ contact: { mail: "a" } }, "contact.mail"],
  ] as const) {
    const refused = (error: unknown): boolean =>
      error instanceof SetupError && error.route === "openapi" && error.field === field;
    assert.throws(() => new Sabir().openapi(info as unknown as OpenApiInfo), refused, field);
  }
});

test("documents are served without a handler", async () => {
  const app = shop({});
  const response = await app.request("/openapi.json");
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(await response.json(), app.openapi({ title: "Shop", version: "1.2.0" }));
  assert.deepEqual(await (await app.request("/asyncapi.json")).json(), app.asyncapi({ title: "Shop", version: "1.2.0" }));
  const page = await app.request("/docs");
  assert.match(await page.text(), /<title>Shop<\/title>/);
  const headers = { "if-none-match": response.headers.get("etag") ?? "" };
  assert.equal((await app.request("/openapi.json", { headers })).status, 304);
  assert.equal((await app.request("/openapi.json", { method: "HEAD" })).status, 200);
  assert.equal(app.handlerCalls, 0);
});

test("paths of documents may be others or none", async () => {
  const app = shop({ openapi: "/api/openapi.json", asyncapi: null, docs: "/api/", openapiVersion: "3.2" });
  const document = (await (await app.request("/api/openapi.json")).json()) as { openapi: string };
  assert.equal(document.openapi, "3.2.0");
  assert.match(await (await app.request("/api/")).text(), /data-document="openapi.json"/);
  assert.equal((await app.request("/asyncapi.json")).status, 404);
});

test("a file tells when a document has changed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sabir-"));
  try {
    const path = join(folder, "openapi.json");
    const check = (): void => shop().checkOpenApi(path, { title: "Shop" });
    if (process.env["CI"] === undefined) check();
    else {
      assert.throws(check, /There is no file/);
      await writeFile(path, `${JSON.stringify(shop().openapi({ title: "Shop" }), null, 2)}\n`);
    }
    check();
    assert.throws(() => shop().checkOpenApi(path, { title: "Store" }), /-    "title": "Shop",\n\+    "title": "Store",\n/);
    assert.throws(() => shop().checkOpenApi(folder), SetupError);
    const events = join(folder, "asyncapi.json");
    await writeFile(events, `${JSON.stringify(shop().asyncapi(), null, 2)}\n`);
    shop().checkAsyncApi(events);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("names what of documents does not fit", () => {
  const documents = (given: unknown) => () => shop(given as Documents);
  assert.throws(documents({ ui: "redoc" }), /documents: ui: the package has no pages of "redoc"/);
  assert.throws(documents({ openapi: null }), /documents: docs: it shows the OpenAPI document/);
  assert.throws(documents({ asyncapi: "/{id}.json" }), /needs a value for `id`/);
  assert.throws(() => shop({}).get("/docs", () => 0), /GET \/docs/);
});
