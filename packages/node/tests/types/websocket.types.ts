import { z } from "zod";

import { type ChannelEvent, type Part, Router, Sabir, type WebSocket } from "../../src/index.js";
import { check, type Equal } from "./equal.js";

const app = new Sabir();
const Message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("say"), text: z.string() }),
  z.object({ kind: z.literal("move"), x: z.number() }),
]);
const Reply = z.object({ text: z.string() });

// Without schemas messages are text or bytes, and anything can be sent.
app.websocket("/plain/{id:int}", {
  open(ws, { params }) {
    check<Equal<typeof params, { id: number }>>();
    check<Equal<typeof ws.params, { id: number }>>();
    ws.send({ any: 1 });
  },
  message(ws, message) {
    check<Equal<typeof message, string | Uint8Array>>();
    const sent = ws.send(message);
    check<Equal<typeof sent, boolean | Promise<boolean>>>();
  },
  close(_ws, code, reason) {
    check<Equal<[typeof code, typeof reason], [number, string]>>();
  },
});

// With schemas they have their types, in both styles.
const options = {
  query: z.object({ limit: z.coerce.number() }),
  incoming: Message,
  outgoing: Reply,
  data: () => ({ count: 0 }),
} as const;
app.websocket("/typed", options, async (ws, { query }) => {
  check<Equal<typeof query, { limit: number }>>();
  check<Equal<typeof ws.data, { count: number }>>();
  for await (const message of ws) {
    check<Equal<typeof message, z.output<typeof Message>>>();
    await ws.send({ text: message.kind === "say" ? message.text : String(message.x) });
    // @ts-expect-error This is no reply.
    await ws.send({ other: 1 });
  }
  const last = await ws.receive();
  check<Equal<typeof last, z.output<typeof Message> | undefined>>();
});
app.websocket("/json", { incoming: { type: "object", required: ["n"], properties: { n: { type: "integer" } } } } as const, {
  message: (_ws, { n }) => check<Equal<typeof n, number>>(),
});

// The variables of a prefix are there too.
new Router({ prefix: "/rooms/{room}" }).websocket("/{seat:int}", {
  open: (_ws, { params }) => check<Equal<typeof params, { room: string; seat: number }>>(),
});

// What takes any socket takes that of a route.
function greet(ws: WebSocket): void {
  ws.send("hello");
}
app.websocket("/greet/{name}", { open: (ws) => greet(ws) });

// @ts-expect-error There is no such function.
app.websocket("/", { messages() {} });
// @ts-expect-error There is no such option.
app.websocket("/", { subprotocol: ["a"] }, {});

// Channels are answers of events.
app.sse("/news", { events: { message: z.any() } }, ({ lastEventId }) => app.events("news", lastEventId));
const events = app.events("news")[Symbol.asyncIterator]().next();
check<Equal<typeof events, Promise<IteratorResult<ChannelEvent, void>>>>();

// Content that arrives.
app.post("/bytes", { streaming: true }, ({ body, items }) => {
  check<Equal<typeof body, ReadableStream<Uint8Array>>>();
  check<Equal<typeof items, undefined>>();
});
app.post("/items", { bodyItems: Reply }, async ({ items, body }) => {
  check<Equal<typeof items, AsyncIterable<{ text: string }, void>>>();
  check<Equal<typeof body, undefined>>();
});
app.post("/parts", { parts: true }, ({ parts }) => check<Equal<typeof parts, AsyncIterable<Part, void>>>());
