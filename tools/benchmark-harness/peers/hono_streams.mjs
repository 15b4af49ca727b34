// Hono's streams on its server for Node.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { stream, streamSSE } from "hono/streaming";

const chunk = Buffer.alloc(65_536, "x");
const app = new Hono();

app.get("/ticks", (c) =>
  streamSSE(c, async (events) => {
    for (let number = 0; number < 20_000; number++) await events.writeSSE({ data: String(number) });
  }),
);
app.get("/download", (c) =>
  stream(c, async (content) => {
    for (let number = 0; number < 1_000; number++) await content.write(chunk);
  }),
);

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
