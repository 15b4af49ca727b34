/**
 * A chat over WebSockets and live prices as server-sent events, on two pages. The same as examples/live in Python.
 *
 * Run it with `npm run build && npm start` from this folder, or `./task demo:live:node` from the root. Bun needs no build: `bun live.ts`.
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { file, Sabir } from "sabir";
import { z } from "zod";

// Bun runs the source, Node what is compiled of it into a folder below.
const EXAMPLE = new URL(import.meta.url.endsWith(".ts") ? "." : "..", import.meta.url);
const PAGES = fileURLToPath(new URL("../live/pages", EXAMPLE));

const Person = z.object({ name: z.string().min(1).max(40) });
const Line = z.object({ text: z.string().min(1).max(2000) });
const Said = z.object({ kind: z.literal("said"), name: z.string(), text: z.string() });
const People = z.object({ kind: z.literal("people"), names: z.array(z.string()) });
const Tick = z.object({ number: z.int(), price: z.number(), readers: z.int() });

// Whoever comes back within five minutes gets every tick that was missed.
const app = new Sabir({ channelHistoryLimit: 600 });
const people = new Map<object, string>();

function publish(message: z.infer<typeof Said> | z.infer<typeof People>): void {
  app.publish("chat", message);
}

function publishPeople(): void {
  publish({ kind: "people", names: [...people.values()] });
}

app.websocket(
  "/chat",
  { query: Person, incoming: Line, outgoing: z.discriminatedUnion("kind", [Said, People]) },
  {
    open(ws, { query }) {
      ws.subscribe("chat");
      people.set(ws, query.name);
      publishPeople();
    },
    message: (ws, { text }) => publish({ kind: "said", name: ws.query.name, text }),
    close(ws) {
      people.delete(ws);
      publishPeople();
    },
  },
);

app.sse("/ticks", { events: { message: Tick } }, ({ lastEventId }) => app.events("ticks", lastEventId));

function publishTicks(): void {
  let number = 0;
  let price = 24;
  const tick = (): void => {
    number += 1;
    price = Math.max(1, Math.round(price * 100 + Math.random() * 50 - 25) / 100);
    app.publish("ticks", { number, price, readers: app.presence("ticks") });
  };
  // The ticks alone do not keep the process.
  setInterval(tick, 500).unref();
}

app.get("/", () => file(join(PAGES, "index.html")));
app.get("/{path:path}", ({ params }) => file(join(PAGES, params.path)));

publishTicks();
const { address } = await app.listen({ port: Number(process.env["PORT"] ?? 8000) });
console.log(`Sabir serves on http://${address}`);
