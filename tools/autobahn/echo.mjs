/** An echo server for the Autobahn test suite, on Node and Bun. */

import { Sabir } from "sabir";

const limit = 64 * 1024 * 1024;
const app = new Sabir({
  websocketMessageLimit: limit,
  websocketFrameLimit: limit,
  websocketCompression: "context_takeover",
});
app.websocket("/", async (ws) => {
  for await (const message of ws) await ws.send(message);
});
await app.listen({ port: Number(process.env.PORT) });
