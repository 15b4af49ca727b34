// Sabir on Node and Bun, with plain JSON Schema.
import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

const app = new Sabir();

const line = {
  type: "object",
  properties: {
    sku: { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" },
    quantity: { type: "integer", minimum: 1, maximum: 100 },
    price: { type: "number", minimum: 0 },
  },
  required: ["sku", "quantity", "price"],
  additionalProperties: false,
};
const order = {
  type: "object",
  properties: {
    id: { type: "integer", minimum: 1 },
    customer: { type: "string", minLength: 1, maxLength: 80 },
    email: { type: "string", pattern: "@" },
    lines: { type: "array", items: line, minItems: 1 },
    note: { type: ["string", "null"] },
  },
  required: ["id", "customer", "email", "lines"],
  additionalProperties: false,
};
const page = { type: "object", properties: { limit: { type: "integer", minimum: 1, maximum: 100, default: 10 } } };
const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer", minimum: 1, maximum: 150 } },
  required: ["name", "age"],
};
const upload = { type: "object", properties: { file: { type: "string", format: "binary" } }, required: ["file"] };

app.get("/", async () => "Hello, world!");
app.get("/sleep", async () => {
  await sleep(1);
  return "Slept.";
});
app.get("/users/{id:int}", { query: page }, async ({ params, query }) => ({ id: params.id, limit: query.limit }));
app.post("/orders", { body: order }, async ({ body }) => ({
  id: body.id,
  items: body.lines.reduce((sum, { quantity }) => sum + quantity, 0),
}));
app.post("/echo", { body: {} }, async ({ body }) => body);
app.post("/form", { form: person }, async ({ body }) => ({ name: body.name, age: body.age }));
app.post("/upload", { form: upload }, async ({ body }) => ({ size: body.file.size }));

app.static("/files", { directory: new URL("files", import.meta.url).pathname });

for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  app.get(`/static/${number}`, async () => `static ${number}`);
  app.get(`/items/${number}/parts/{part}`, async ({ params }) => `items ${number} ${params.part}`);
}

await app.listen({ port: Number(process.argv[2]) });
