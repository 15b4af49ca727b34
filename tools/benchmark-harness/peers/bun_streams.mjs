// Streams of Bun's own server, which are generators.
const chunk = Buffer.alloc(65_536, "x");

async function* events() {
  for (let number = 0; number < 20_000; number++) yield `data: ${number}\n\n`;
}

async function* chunks() {
  for (let number = 0; number < 1_000; number++) yield chunk;
}

Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  routes: {
    "/ticks": () => new Response(events(), { headers: { "content-type": "text/event-stream" } }),
    "/download": () => new Response(chunks(), { headers: { "content-type": "application/octet-stream" } }),
  },
});
