/** The OpenAPI document of an application in TypeScript is that of the same application in other languages. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Sabir, UploadFile } from "sabir";
import { z } from "zod";

const State = z.enum(["open", "closed"]).meta({ title: "State" });
const Line = z.object({ sku: z.string().regex(/^[A-Z]{3}-[0-9]{4}$/), quantity: z.int().min(1).max(100) }).meta({ id: "Line" });
const NewOrder = z
  .object({ lines: z.array(Line).min(1), note: z.string().nullish() })
  .meta({ id: "NewOrder", description: "What a client orders." });
const Order = z
  .object({
    id: z.int(),
    state: State,
    price: z.number(),
    lines: z.array(Line),
    counts: z.record(z.string(), z.int()),
    note: z.string().nullish(),
  })
  .meta({ title: "Order", description: "An order of the shop." });
const Comment = z
  .object({
    text: z.string(),
    get replies() {
      return z.array(Comment);
    },
  })
  .meta({ id: "Comment" });
const Join = z.object({ kind: z.literal("join"), name: z.string() }).meta({ id: "Join" });
const Say = z.object({ kind: z.literal("say"), text: z.string().min(1) }).meta({ id: "Say" });
const Tick = z.object({ n: z.int() }).meta({ title: "Tick" });
const Photo = z.object({
  photo: z.instanceof(UploadFile).meta({ type: "string", format: "binary" }),
  caption: z.string().default(""),
});

function shop(): Sabir {
  const app = new Sabir();
  app.converter("sku", "[A-Z]{3}-[0-9]{4}", { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" });
  const orders = ["orders"];
  app.get(
    "/orders",
    {
      operationId: "find_orders",
      tags: orders,
      summary: "Find orders.",
      description: "The newest first.",
      headers: z.object({ "x-key": z.string().meta({ description: "The key of the client." }) }),
      query: z.object({
        limit: z.int().min(1).max(100).default(10),
        since: z.string().optional(),
        state: z.array(z.enum(["open", "closed"])).optional(),
      }),
      cookies: z.object({ seen: z.string().default("no") }),
      returns: z.array(Order),
    },
    () => [],
  );
  app.post("/orders", { tags: orders, body: NewOrder, status: 201, returns: Order, responses: { 409: {} } }, () => undefined);
  app.get("/orders/{id:int}", { returns: Order, responses: { 404: { description: "There is no such order." } } }, () => 0);
  app.put(
    "/orders/{id:int}",
    { params: z.object({ id: z.int().min(1) }), body: NewOrder, returns: Order, deprecated: true },
    () => undefined,
  );
  app.delete("/orders/{number}", { status: 204 }, () => undefined);
  app.get("/orders/{id:uuid}", () => ({}));
  app.get("/files/{path:path}", () => "");
  app.get("/reports/{kind:csv|pdf}/{day:date}.{n}", () => "");
  app.get("/parts/{sku:sku}", { produces: ["application/json", "text/html"] }, () => "");
  app.post("/photos", { form: Photo, status: 201 }, () => undefined);
  app.post("/names", { form: z.object({ first: z.string(), age: z.int().min(0) }) }, () => undefined);
  app.post("/comments", { body: Comment, returns: Comment }, ({ body }) => body);
  app.post("/messages", { body: z.union([Join, Say]) }, () => undefined);
  app.sse("/ticks", { events: { tick: Tick } }, async function* () {});
  app.get("/export", { items: Order }, async function* () {});
  app.post("/import", { bodyItems: Line, returns: z.array(z.int()) }, () => []);
  app.put("/blob", () => undefined);
  app.all("/any", () => undefined);
  app.route("/cache", { methods: ["PURGE", "GET"] }, () => undefined);
  app.get("/hidden", { hidden: true }, () => undefined);
  app.websocket("/chat", {});
  return app;
}

const INFO = {
  title: "Shop",
  version: "1.2.0",
  description: "Tea and more.",
  termsOfService: "https://shop.example/terms",
  contact: { name: "Ada", url: "https://shop.example", email: "ada@shop.example" },
  license: { name: "MIT License", identifier: "MIT" },
  servers: ["https://shop.example/api", { url: "/", description: "Here." }],
  tags: [{ name: "orders", description: "What is bought." }],
};

for (const openapiVersion of ["3.1", "3.2"] as const) {
  test(`the document of OpenAPI ${openapiVersion} is that of every language`, () => {
    const expected = readFileSync(new URL(`../../../openapi-${openapiVersion}.json`, import.meta.url), "utf8");
    const info = { ...INFO, openapiVersion };
    assert.equal(`${shop().openapiText(info)}\n`, expected);
    assert.equal(`${JSON.stringify(shop().openapi(info), null, 2)}\n`, expected);
  });
}
