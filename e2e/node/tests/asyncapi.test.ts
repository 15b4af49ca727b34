/** The AsyncAPI document of an application in TypeScript is that of the same application in other languages. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Sabir } from "sabir";
import { z } from "zod";

const EXPECTED = new URL("../../../asyncapi.json", import.meta.url);

const Join = z.object({ kind: z.literal("join"), name: z.string() }).meta({ id: "Join" });
const Say = z
  .object({ kind: z.literal("say"), text: z.string().min(1), to: z.array(z.string()).default([]) })
  .meta({ id: "Say" });
const Said = z.object({ name: z.string(), text: z.string() }).meta({ id: "Said" });
const Left = z.object({ name: z.string() }).meta({ id: "Left" });
const Line = z.object({ sku: z.string(), quantity: z.int().min(1) }).meta({ title: "Line" });
const State = z.enum(["open", "closed"]).meta({ title: "State" });
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
const Filter = z.object({ state: z.string().nullish() }).meta({ title: "Filter" });
const Tick = z.object({ n: z.int() }).meta({ title: "Tick" });

const Page = z.object({ limit: z.int().min(1).max(100).default(10), since: z.string().optional() });
const Keys = z.object({ "x-key": z.string() });
const Cookies = z.object({ seen: z.string().default("no") });

function shop(): Sabir {
  const app = new Sabir();
  app.websocket(
    "/chat/{room}",
    {
      subprotocols: ["chat.v2", "chat.v1"],
      operationId: "chat",
      summary: "Talk in a room.",
      description: "Everybody in it hears it.",
      tags: ["talk"],
      query: Page,
      headers: Keys,
      cookies: Cookies,
      incoming: z.union([Join, Say]),
      outgoing: z.union([Said, Left]),
    },
    {},
  );
  app.websocket("/echo", {});
  app.websocket("/orders/{id:int}/comments", { invalidMessage: "close", incoming: Filter, outgoing: Comment }, {});
  app.sse("/ticks", { summary: "Count.", events: { tick: Tick } }, async function* () {});
  app.sse("/news", async function* () {});
  app.get("/export", { query: Page, items: Order }, async function* () {});
  app.post("/import", { headers: Keys, bodyItems: Line, items: Order }, async function* () {});
  app.put("/lines", { bodyItems: Line }, () => undefined);
  app.get("/plain", () => "no channel");
  return app;
}

const INFO = {
  title: "Shop",
  version: "1.2.0",
  description: "Tea and more.",
  servers: ["https://shop.example/api"],
};

test("the document is that of every language", () => {
  const expected = readFileSync(EXPECTED, "utf8");
  assert.equal(`${shop().asyncapiText(INFO)}\n`, expected);
  assert.equal(`${JSON.stringify(shop().asyncapi(INFO), null, 2)}\n`, expected);
});

/** What the parser of AsyncAPI has to say of a document: what is worse than a hint. */
async function complaints(document: object): Promise<string[]> {
  const { Parser } = await import("@asyncapi/parser");
  const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
  assert.ok(parsed ?? diagnostics.length > 0);
  return diagnostics
    .filter(({ severity }) => severity <= 1)
    .map(({ code, message, path }) => `${code} ${path.join("/")}: ${message}`);
}

// The parser is one of Node's; documents are the same on Bun.
const skip = process.versions["bun"] !== undefined;

test("the parser of AsyncAPI accepts the document", { skip }, async () => {
  assert.deepEqual(await complaints(JSON.parse(readFileSync(EXPECTED, "utf8")) as object), []);
});

test("the parser of AsyncAPI accepts schemas of every kind", { skip }, async () => {
  const app = new Sabir(
    {},
    { components: { Sku: { type: "string", title: "Sku" } }, schemas: { "urn:note": { type: "string" } } },
  );
  const Pair = z.tuple([z.string(), z.int()]);
  const Shape = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("circle"), radius: z.number().positive() }),
    z.object({ kind: z.literal("square"), side: z.number().multipleOf(0.5) }),
  ]);
  app.websocket("/pairs", { incoming: Pair, outgoing: Shape }, {});
  app.websocket(
    "/components",
    {
      incoming: { type: "object", properties: { sku: { $ref: "#/components/schemas/Sku", description: "Its number." } } },
      outgoing: { $ref: "urn:note" },
    },
    {},
  );
  app.sse("/{any:path}", { events: { message: z.string(), pair: z.object({ pair: Pair }) } }, async function* () {});
  app.post("/deep/{a}.json", { bodyItems: z.json(), items: z.unknown() }, async function* () {});
  app.post("/ask", { body: Shape, events: true }, async function* () {});
  assert.deepEqual(await complaints(app.asyncapi()), []);
});

test("the parser of AsyncAPI refuses what is wrong", { skip }, async () => {
  const document = structuredClone(shop().asyncapi()) as unknown as { operations: Record<string, { messages: object[] }> };
  document.operations["send.chat"]?.messages.push({ $ref: "#/channels/echo/messages/incoming" });
  assert.ok((await complaints(document)).length > 0);
});
