// Hono on its server for Node, with its validator for zod.
import { setTimeout as sleep } from "node:timers/promises";

import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";

import { count, order, page, person, upload, user } from "./zod_schemas.mjs";

const app = new Hono();

app.get("/", (c) => c.text("Hello, world!"));
app.get("/sleep", async (c) => {
  await sleep(1);
  return c.text("Slept.");
});
app.get("/users/:id", zValidator("param", user), zValidator("query", page), (c) =>
  c.json({ id: c.req.valid("param").id, limit: c.req.valid("query").limit }),
);
app.post("/orders", zValidator("json", order), (c) => {
  const { id, lines } = c.req.valid("json");
  return c.json({ id, items: count(lines) });
});
app.post("/echo", async (c) => c.json(await c.req.json()));
app.post("/form", zValidator("form", person), (c) => {
  const { name, age } = c.req.valid("form");
  return c.json({ name, age });
});
app.post("/upload", zValidator("form", upload), (c) => c.json({ size: c.req.valid("form").file.size }));

for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  app.get(`/static/${number}`, (c) => c.text(`static ${number}`));
  app.get(`/items/${number}/parts/:part`, (c) => c.text(`items ${number} ${c.req.param("part")}`));
}

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
