// Elysia with its own schemas.
import { Elysia, t } from "elysia";

// Of a body, `t.Integer` takes texts too, and the others refuse these in JSON.
const integer = (limits) => t.Number({ multipleOf: 1, ...limits });
const line = t.Object(
  {
    sku: t.String({ pattern: "^[A-Z]{3}-[0-9]{4}$" }),
    quantity: integer({ minimum: 1, maximum: 100 }),
    price: t.Number({ minimum: 0 }),
  },
  { additionalProperties: false },
);
const order = t.Object(
  {
    id: integer({ minimum: 1 }),
    customer: t.String({ minLength: 1, maxLength: 80 }),
    email: t.String({ pattern: "@" }),
    lines: t.Array(line, { minItems: 1 }),
    note: t.Optional(t.Nullable(t.String())),
  },
  { additionalProperties: false },
);
const page = t.Object({ limit: t.Integer({ minimum: 1, maximum: 100, default: 10 }) });
const person = t.Object({ name: t.String(), age: t.Integer({ minimum: 1, maximum: 150 }) });

// Surplus properties are refused as by the others; Elysia's default removes them.
const app = new Elysia({ normalize: false })
  .get("/", () => "Hello, world!")
  .get("/sleep", async () => {
    await Bun.sleep(1);
    return "Slept.";
  })
  .get("/users/:id", ({ params, query }) => ({ id: params.id, limit: query.limit }), {
    params: t.Object({ id: t.Integer() }),
    query: page,
  })
  .post("/orders", ({ body }) => ({ id: body.id, items: body.lines.reduce((sum, { quantity }) => sum + quantity, 0) }), {
    body: order,
  })
  .post("/echo", ({ body }) => body, { parse: "json" })
  .post("/form", ({ body }) => ({ name: body.name, age: body.age }), { body: person, parse: "urlencoded" })
  .post("/upload", ({ body }) => ({ size: body.file.size }), {
    body: t.Object({ title: t.String(), file: t.File() }),
  });

for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  app.get(`/static/${number}`, () => `static ${number}`);
  app.get(`/items/${number}/parts/:part`, ({ params }) => `items ${number} ${params.part}`);
}

app.listen({ port: Number(process.argv[2]), hostname: "127.0.0.1" });
