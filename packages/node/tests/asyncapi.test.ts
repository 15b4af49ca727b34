/** AsyncAPI documents: what they are made of, and what they cannot be made of. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type DocumentInfo, Router, Sabir, type Schema, SetupError } from "sabir";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";

const PLAIN = {
  title: "Line",
  type: "object",
  properties: { text: { type: "string" }, list: { type: "array", items: { type: "number" } } },
  required: ["text", "list"],
} as const;

const LINES: Record<string, Schema> = {
  zod: z.object({ text: z.string(), list: z.array(z.number()) }).meta({ id: "Line" }),
  valibot: toStandardJsonSchema(v.pipe(v.object({ text: v.string(), list: v.array(v.number()) }), v.title("Line"))),
  typebox: Type.Object({ text: Type.String(), list: Type.Array(Type.Number()) }, { title: "Line" }),
};

function documentOf(line: Schema): string {
  const app = new Sabir();
  app.websocket("/lines", { incoming: line, outgoing: line }, {});
  app.sse("/events", { events: { line } }, async function* () {});
  app.post("/import", { bodyItems: line }, () => undefined);
  return JSON.stringify(app.asyncapi());
}

for (const [library, line] of Object.entries(LINES)) {
  test(`a schema of ${library} is described like plain JSON Schema`, () => {
    assert.equal(documentOf(line), documentOf(PLAIN));
  });
}

test("a schema of arktype is described", () => {
  const app = new Sabir();
  app.websocket("/lines", { incoming: type({ text: "string" }) }, {});
  const { channels } = app.asyncapi() as { channels: Record<string, any> };
  const { payload } = channels["lines"]?.messages.incoming;
  assert.deepEqual(payload, { type: "object", properties: { text: { type: "string" } }, required: ["text"] });
});

test("the text has every digit of a bound", () => {
  const app = new Sabir();
  app.websocket("/lines", { incoming: { type: "integer", minimum: -(2n ** 53n) - 1n, maximum: 2n ** 60n + 1n } }, {});
  const info = { title: "Bounds", version: "1" };
  const text = app.asyncapiText(info);
  assert.match(text, /"maximum": 1152921504606846977\b/);
  assert.match(text, /"minimum": -9007199254740993\b/);
  assert.deepEqual(JSON.parse(text), app.asyncapi(info));
});

test("routers and started applications have documents too", async () => {
  const router = new Router({ tags: ["a"] });
  router.sse("/ticks", { operationId: "ticks" }, async function* () {});
  const app = new Sabir();
  app.mount("/v1", router);
  const before = app.asyncapi();
  assert.equal(before.channels["ticks"]?.["address"], "/v1/ticks");
  assert.deepEqual(before.operations["send.ticks"]?.["tags"], [{ name: "a" }]);
  await app.request("/none");
  assert.deepEqual(app.asyncapi(), before);
});

test("says of the application what it is told", () => {
  const app = new Sabir();
  app.websocket("/chat", {});
  assert.deepEqual(app.asyncapi().info, { title: "Sabir", version: "0.1.0" });
  const servers = ["http://localhost:8000", { url: "https://shop.example/api", description: "Live." }];
  const document = app.asyncapi({ title: "Shop", version: "1", description: "Tea.", servers });
  assert.deepEqual(document.info, { title: "Shop", version: "1", description: "Tea." });
  assert.deepEqual(document.servers, {
    "localhost-8000-ws": { host: "localhost:8000", protocol: "ws" },
    "shop.example-wss": { host: "shop.example", pathname: "/api", protocol: "wss", description: "Live." },
  });
});

test("names what it cannot read", () => {
  for (const [info, field] of [
    [{ title: 1 }, "title"],
    [{ titel: "Shop" }, "titel"],
    [{ servers: "https://shop.example" }, "servers"],
    [{ servers: ["/api"] }, "servers[0].url"],
  ] as const) {
    const refused = (error: unknown): boolean =>
      error instanceof SetupError && error.route === "asyncapi" && error.field === field;
    assert.throws(() => new Sabir().asyncapi(info as unknown as DocumentInfo), refused, field);
  }
});
