import { z } from "zod";

import { type Event, events, file, NotFound, type Response, Router, Sabir, stream, type Values } from "../../src/index.js";
import { check, type Equal } from "./equal.js";

const app = new Sabir();
const router = new Router({ prefix: "/{room}" });
const Word = z.object({ word: z.string(), kind: z.enum(["noun", "verb"]), tags: z.array(z.string()).optional() });

// Generators are handlers, of any values where the route says nothing of them.
app.get("/", async function* ({ params, signal }) {
  check<Equal<typeof params, Record<never, never>>>();
  check<Equal<typeof signal, AbortSignal>>();
  yield 1;
  yield "a";
});
app.post("/{id:int}", { query: z.object({ limit: z.number() }) }, function* ({ params, query }) {
  const found: [number, number] = [params.id, query.limit];
  yield found;
});

// Items are what their schema describes.
app.get("/items", { items: Word }, async function* () {
  yield { word: "sea", kind: "noun" };
  yield { word: "sail", kind: "verb", tags: ["a"] };
});
app.get("/list", { items: Word }, () => [{ word: "sea", kind: "noun" }]);
app.get("/later", { items: { type: "integer" } }, async () => new Set([1]));
app.get("/any", { items: true }, () => [1, "a"]);
app.get("/none", { items: Word }, ({ json }) => (Math.random() > 0.5 ? json(null, 404) : new NotFound()));
// @ts-expect-error A member is missing.
app.get("/x", { items: Word }, () => [{ word: "sea" }]);
// @ts-expect-error A member has another type.
app.get("/x", { items: Word }, function* () {
  yield { word: 1, kind: "noun" };
});
// @ts-expect-error One value is no series.
app.get("/x", { items: Word }, () => ({ word: "sea", kind: "noun" }));

// Events have their fields.
app.sse("/events", async function* ({ lastEventId }) {
  check<Equal<typeof lastEventId, string | undefined>>();
  yield { data: { n: 1 }, id: "1", event: "tick", retry: 5, comment: "a" };
  yield { comment: "nothing" };
});
router.sse("/events", function* ({ params }) {
  check<Equal<typeof params, { room: string }>>();
  yield { data: params.room };
});
app.sse("/typed", { events: { word: Word, message: z.string() } }, async function* () {
  yield { event: "word", data: { word: "sea", kind: "noun" } };
  yield { data: "text" };
  yield { retry: 1 };
});
app.sse("/maybe", async (context) => (context.lastEventId ? context.status(204) : [{ data: 1 }]));
// @ts-expect-error The id is a string.
app.sse("/x", function* () {
  yield { data: 1, id: 1 };
});
// What is no object is data alone.
app.sse("/data", function* () {
  yield "text";
  yield 1;
  yield null;
  yield ["a", { b: 1 }];
});
app.sse("/data", { events: { word: Word, message: z.string() } }, function* () {
  yield "text";
});
// @ts-expect-error An object is an event.
app.sse("/x", function* () {
  yield { word: "sea" };
});
// @ts-expect-error The data of events without a name are text.
app.sse("/x", { events: { word: Word, message: z.string() } }, function* () {
  yield 1;
});
// @ts-expect-error Every event has a name.
app.sse("/x", { events: { word: Word } }, function* () {
  yield "text";
});
// @ts-expect-error The data are something else.
app.sse("/x", { events: { word: Word } }, function* () {
  yield { data: 1 };
});

// What is made for other routes knows what it has.
const made = stream([1, 2], { status: 202 });
check<Equal<typeof made, Response<Values<number>, 202>>>();
const sent = events([{ data: "a" }]);
check<Equal<typeof sent, Response<Values<Event<string>>, number>>>();
const texts = events(["a", "b"]);
check<Equal<typeof texts, Response<Values<Event>, number>>>();
const found = file("a", { status: 203, filename: "a" });
check<Equal<typeof found, Response<string | URL, 203>>>();
app.get("/context", ({ stream, events, file }) =>
  Math.random() > 0.5 ? stream(["a"], 201) : Math.random() > 0.5 ? events([{ data: 1 }]) : file(new URL("file:///a")),
);
// @ts-expect-error A number is no stream.
stream(1);
// @ts-expect-error An event has no such field.
events([{ name: "a" }]);
// @ts-expect-error The disposition is one of two.
file("a", { disposition: "odd" });
