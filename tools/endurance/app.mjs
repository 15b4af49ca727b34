/** What is put under strain, on Node (with `--expose-gc`) and Bun; it listens on `$PORT`. */

import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

const { heapStats } = globalThis.Bun ? await import("bun:jsc") : {};
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

let atWork = 0;

app.get("/stream", async function* (context) {
  counted(context);
  atWork++;
  try {
    for (;;) yield chunk;
  } finally {
    atWork--;
  }
});
app.sse("/events", async function* (context) {
  counted(context);
  atWork++;
  try {
    yield { data: "begun" };
    await sleep(3_600_000, undefined, { signal: context.signal });
  } finally {
    atWork--;
  }
});
app.websocket("/socket", async (ws) => {
  counted(ws);
  atWork++;
  for await (const message of ws) await ws.send(message);
  atWork--;
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
app.get("/working", () => atWork);

/** The timers that are set. Bun has none in `getActiveResourcesInfo`. */
function timers() {
  if (heapStats) return heapStats().objectTypeCounts.Timeout ?? 0;
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
app.get("/counts", async () => {
  for (let turn = 0; turn < 5; turn++) {
    if (globalThis.Bun) Bun.gc(true);
    else globalThis.gc();
    await sleep(10);
  }
  return { timers: timers(), objects };
});

await app.listen({ port: Number(process.env.PORT) });
