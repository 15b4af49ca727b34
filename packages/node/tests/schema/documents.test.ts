import assert from "node:assert/strict";
import { test } from "node:test";

import { type JsonSchema, Sabir, SetupError } from "sabir";

const SKU = "https://example.org/sku";

async function statuses(app: Sabir, ...values: unknown[]): Promise<number[]> {
  const found: number[] = [];
  for (const value of values) {
    const headers = { "content-type": "application/json" };
    const response = await app.request("/items", { method: "POST", headers, body: JSON.stringify(value) });
    found.push(response.status);
  }
  return found;
}

type Arguments = ConstructorParameters<typeof Sabir>;

function appWith(schema: JsonSchema, settings: Arguments[0] = {}, options: Arguments[1] = {}): Sabir {
  const app = new Sabir(settings, options);
  app.post("/items", { body: schema }, ({ body }) => ({ body }));
  return app;
}

test("a schema is held to the draft that it names", async () => {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }], additionalItems: false };
  assert.deepEqual(await statuses(appWith(schema as unknown as JsonSchema), [1], ["a"], ["a", 1]), [422, 200, 422]);
});

test("an unknown dialect is refused", () => {
  assert.throws(
    () => appWith({ $schema: "urn:mine" }),
    (error) => error instanceof SetupError && /urn:mine/.test(error.message),
  );
});

test("references inside a resource of its own are relative to it", async () => {
  const tree = { $id: "urn:tree", type: "object", properties: { child: { $ref: "#" } }, additionalProperties: false } as const;
  const app = appWith({ type: "object", properties: { tree, other: { $ref: "#" } } });
  const values = [{ tree: { child: {} } }, { tree: { other: {} } }, { other: { tree: {} } }, { other: { tree: { a: 1 } } }];
  assert.deepEqual(await statuses(app, ...values), [200, 422, 200, 422]);
});

test("schemas refer to other documents", async () => {
  const schemas = {
    [SKU]: { $defs: { code: { type: "string", minLength: 2 } }, $ref: "#/$defs/code" },
    "urn:never": false,
  } as const;
  const app = appWith({ properties: { sku: { $ref: SKU }, none: { $ref: "urn:never" } } }, {}, { schemas });
  assert.deepEqual(await statuses(app, { sku: "ab" }, { sku: "a" }, { none: 1 }), [200, 422, 422]);
});

test("formats can be annotations", async () => {
  assert.deepEqual(await statuses(appWith({ type: "string", format: "uuid" }), "x"), [422]);
  assert.deepEqual(await statuses(appWith({ type: "string", format: "uuid" }, { formatAssertion: false }), "x"), [200]);
});
