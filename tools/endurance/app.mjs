/** What is put under strain, on Node (with `--expose-gc`) and Bun; it listens on `$PORT`. */

import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

const chunk = new Uint8Array(65_536).fill(97);
const app = new Sabir({ bodyLimit: 4_000_000_000 });

let objects = 0;
const registry = new FinalizationRegistry(() => objects--);
/** Counts an object for as long as it lives. */
function counted(object) {
  objects++;
  registry.register(object);
  return object;
}

app.get("/stream", async function* (context) {
  counted(context);
  for (;;) yield chunk;
});
app.sse("/events", async function* (context) {
  counted(context);
  yield { data: "begun" };
  await sleep(3_600_000, undefined, { signal: context.signal });
});
app.websocket("/socket", async (ws) => {
  counted(ws);
  for await (const message of ws) await ws.send(message);
});
app.post("/up", { streaming: true }, async ({ body }) => {
  let total = 0;
  for await (const piece of body) total += piece.length;
  return total;
});
app.get(
  "/down",
  { query: { type: "object", properties: { bytes: { type: "integer" } }, required: ["bytes"] } },
  async function* ({ query }) {
    for (let left = query.bytes / chunk.length; left >= 1; left--) yield chunk;
  },
);
app.get("/counts", async () => {
  for (let turn = 0; turn < 5; turn++) {
    if (globalThis.Bun) Bun.gc(true);
    else globalThis.gc();
    await sleep(10);
  }
  const timers = process.getActiveResourcesInfo?.().filter((name) => name === "Timeout").length ?? 0;
  return { timers, objects };
});

await app.listen({ port: Number(process.env.PORT) });
