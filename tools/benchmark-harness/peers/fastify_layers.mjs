// Fastify with what the environment variable LAYERS names around its handler.
import compress from "@fastify/compress";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import fastify from "fastify";

const layers = process.env.LAYERS;
const app = fastify({ keepAliveTimeout: 75_000 });

if (layers === "stages") {
  await app.register(cors, { origin: ["https://shop.example"] });
  await app.register(helmet);
  await app.register(compress);
  app.addHook("onSend", async ({ id }, reply) => {
    reply.header("x-request-id", id);
  });
}
if (layers === "hook") {
  app.decorateRequest("user", null);
  app.addHook("preHandler", (request, reply, done) => {
    request.user = "ada";
    done();
  });
}

app.get("/", async () => "Hello, world!");

await app.listen({ port: Number(process.argv[2]) });
