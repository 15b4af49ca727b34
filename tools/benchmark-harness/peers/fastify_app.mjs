// Fastify with JSON Schema for what comes in and what goes out.
import { setTimeout as sleep } from "node:timers/promises";

import formbody from "@fastify/formbody";
import multipart from "@fastify/multipart";
import Ajv from "ajv";
import fastify from "fastify";

const app = fastify({ keepAliveTimeout: 75_000 });
// What others refuse is refused: Fastify's default removes surplus properties, and takes the text "2" for a number in
// JSON too, where only texts of forms and URLs should be read as what the schema says.
const options = { removeAdditional: false, useDefaults: true };
const json = new Ajv({ ...options, coerceTypes: false });
const texts = new Ajv({ ...options, coerceTypes: true });
app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? json : texts).compile(schema));
await app.register(formbody);
await app.register(multipart);

const integer = { type: "integer" };
const object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });
const line = {
  ...object({
    sku: { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" },
    quantity: { type: "integer", minimum: 1, maximum: 100 },
    price: { type: "number", minimum: 0 },
  }),
  additionalProperties: false,
};
const order = {
  ...object(
    {
      id: { type: "integer", minimum: 1 },
      customer: { type: "string", minLength: 1, maxLength: 80 },
      email: { type: "string", pattern: "@" },
      lines: { type: "array", items: line, minItems: 1 },
      note: { type: "string", nullable: true },
    },
    ["id", "customer", "email", "lines"],
  ),
  additionalProperties: false,
};
const page = object({ limit: { type: "integer", minimum: 1, maximum: 100, default: 10 } }, []);
const person = object({ name: { type: "string" }, age: { type: "integer", minimum: 1, maximum: 150 } });
const ok = (properties) => ({ response: { 200: object(properties) } });

app.get("/", async () => "Hello, world!");
app.get("/sleep", async () => {
  await sleep(1);
  return "Slept.";
});
app.get(
  "/users/:id",
  { schema: { params: object({ id: integer }), querystring: page, ...ok({ id: integer, limit: integer }) } },
  async ({ params, query }) => ({ id: params.id, limit: query.limit }),
);
app.post("/orders", { schema: { body: order, ...ok({ id: integer, items: integer }) } }, async ({ body }) => ({
  id: body.id,
  items: body.lines.reduce((sum, { quantity }) => sum + quantity, 0),
}));
app.post("/echo", async ({ body }) => body);
app.post(
  "/form",
  {
    schema: { body: person, ...ok({ name: { type: "string" }, age: integer }) },
    validatorCompiler: ({ schema }) => texts.compile(schema),
  },
  async ({ body }) => ({ name: body.name, age: body.age }),
);
app.post("/upload", { schema: ok({ size: integer }) }, async (request, reply) => {
  const file = await request.file();
  if (file?.fieldname !== "file") return reply.code(422).send();
  return { size: (await file.toBuffer()).length };
});

for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  app.get(`/static/${number}`, async () => `static ${number}`);
  app.get(`/items/${number}/parts/:part`, async ({ params }) => `items ${number} ${params.part}`);
}

await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
