// Elysia's streams.
import { Elysia, sse } from "elysia";

const chunk = Buffer.alloc(65_536, "x");

new Elysia()
  .get("/ticks", async function* () {
    for (let number = 0; number < 20_000; number++) yield sse({ data: String(number) });
  })
  .get("/download", async function* ({ set }) {
    set.headers["content-type"] = "application/octet-stream";
    for (let number = 0; number < 1_000; number++) yield chunk;
  })
  .listen({ port: Number(process.argv[2]), hostname: "127.0.0.1" });
