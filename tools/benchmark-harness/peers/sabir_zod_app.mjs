// Sabir on Node and Bun, with zod.
import { Sabir, UploadFile } from "sabir";
import { z } from "zod";

import { count, order } from "./zod_schemas.mjs";

const app = new Sabir();

const page = z.object({ limit: z.int().min(1).max(100).default(10) });
const person = z.object({ name: z.string(), age: z.int().min(1).max(150) });
const file = z.instanceof(UploadFile).meta({ type: "string", format: "binary" });

app.get("/users/{id:int}", { query: page }, async ({ params, query }) => ({ id: params.id, limit: query.limit }));
app.post("/orders", { body: order }, async ({ body }) => ({ id: body.id, items: count(body.lines) }));
app.post("/form", { form: person }, async ({ body }) => ({ name: body.name, age: body.age }));
app.post("/upload", { form: z.object({ file }) }, async ({ body }) => ({ size: body.file.size }));

await app.listen({ port: Number(process.argv[2]) });
