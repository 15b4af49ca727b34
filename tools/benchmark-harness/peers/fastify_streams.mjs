// Fastify's streams.
import { Readable } from "node:stream";

import fastify from "fastify";

const chunk = Buffer.alloc(65_536, "x");
const app = fastify();

async function* events() {
  for (let number = 0; number < 20_000; number++) yield `data: ${number}\n\n`;
}

async function* chunks() {
  for (let number = 0; number < 1_000; number++) yield chunk;
}

app.get("/ticks", (_request, reply) => reply.type("text/event-stream").send(Readable.from(events())));
app.get("/download", (_request, reply) => reply.type("application/octet-stream").send(Readable.from(chunks())));

await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
