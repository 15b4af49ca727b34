// Hono with what the environment variable LAYERS names around its handler, on its server for Node.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";

const layers = process.env.LAYERS;
const app = new Hono();

if (layers === "stages") {
  // Without its compression, which takes every text that says no length, however short.
  app.use(cors({ origin: ["https://shop.example"] }), requestId(), secureHeaders());
}
if (layers === "hook") {
  app.use(async (c, next) => {
    c.set("user", "ada");
    await next();
  });
}

app.get("/", (c) => c.text("Hello, world!"));

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
