/** Streams of events. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { events, NotFound, Problem, Response as Answer, Router, Sabir, SetupError, stream } from "sabir";
import { z } from "zod";

import { encodeEvent } from "../src/event.js";
import { derive } from "../src/operation.js";
import { begin, eventually, Log, serving } from "./serving.js";

const EVENTS = "text/event-stream";

test("writes events as the runtime does", () => {
  for (const [event, text] of [
    [{ data: "" }, "data: \n\n"],
    [{ data: " a" }, "data:  a\n\n"],
    [{ data: "a\r\nb\rc\n" }, "data: a\ndata: b\ndata: c\ndata: \n\n"],
    [{ data: "\n\n" }, "data: \ndata: \ndata: \n\n"],
    [{ data: "\u{feff}é\0" }, "data: \u{feff}é\0\n\n"],
    [{ data: { a: "x\ny" } }, 'data: {"a":"x\\ny"}\n\n'],
    [{ data: null }, "data: null\n\n"],
    [{ data: 1n << 64n }, "data: 18446744073709551616\n\n"],
    [{ data: "1", event: "tick", id: "", retry: 250, comment: "a\nb" }, ": a\n: b\nevent: tick\nid: \nretry: 250\ndata: 1\n\n"],
    [{ retry: 0, data: undefined, event: undefined }, "retry: 0\n\n"],
    [{ comment: "" }, ": \n\n"],
    ["a\nb", "data: a\ndata: b\n\n"],
    ["", "data: \n\n"],
    [1, "data: 1\n\n"],
    [1n << 64n, "data: 18446744073709551616\n\n"],
    [false, "data: false\n\n"],
    [null, "data: null\n\n"],
    [["a", { b: 1 }], 'data: ["a",{"b":1}]\n\n'],
  ] as const) {
    assert.equal(encodeEvent(event), text);
  }
});

test("refuses events that a client would read differently", () => {
  for (const [event, message] of [
    [{ data: "a", event: "a\rb" }, /the type of an event has a line break/],
    [{ id: "a\nb" }, /the id of an event has a line break/],
    [{ id: "a\0b" }, /has a NUL/],
    [{ id: 1 }, /the id of an event is a string, and 1 is none/],
    [{ comment: 1 }, /the comment of an event is a string/],
    [{ retry: -1 }, /-1 is no number of milliseconds/],
    [{ retry: 1.5 }, /1.5 is no number/],
    [{}, /an event says nothing/],
    [{ n: 1 }, /an event says nothing; .* Data that is an object stands in `data`/],
    [undefined, /an event says nothing/],
    [() => 1, /a function is no answer/],
    [{ data: new Map() }, /class Map is no answer/],
    [{ data: () => 1 }, /a function is no answer/],
  ] as const) {
    assert.throws(() => encodeEvent(event as never), message as RegExp);
  }
});

test("a route of events answers as EventSource expects it, in memory and over a socket", async () => {
  const app = new Sabir();
  const router = new Router({ prefix: "/rooms" });
  router.sse(
    "/{room}",
    { query: z.object({ from: z.coerce.number().default(0) }) },
    async function* ({ params, query, lastEventId }) {
      if (params.room === "none") throw new NotFound();
      yield { data: { room: params.room, from: query.from }, id: lastEventId ?? "none" };
    },
  );
  app.mount("/", router);
  app.sse("/list", () => [{ data: 1 }, { data: 2 }]);
  app.sse("/data", function* () {
    yield* ["a", 1, null];
  });
  app.sse("/over", (context) => context.status(204));
  app.sse("/own", () => new Answer([{ data: 1 }], { headers: { "cache-control": "no-store" }, status: 203 }));
  app.sse("/problem", () => new Problem(409));
  app.sse("/value", () => "text" as never);
  app.post("/post", () => events([{ data: 1 }], { mediaType: "text/event-stream; charset=utf-8" }));
  app.get("/context", (context) => context.header("x-a", "1").events([{ data: 1 }], 202));
  const answers = async (ask: (path: string, init?: RequestInit) => Promise<Response>): Promise<void> => {
    const answer = await ask("/rooms/a?from=3", { headers: { "last-event-id": "é7" } });
    assert.equal(answer.headers.get("content-type"), EVENTS);
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.equal(await answer.text(), 'id: é7\ndata: {"room":"a","from":3}\n\n');
    assert.match(await (await ask("/rooms/a")).text(), /^id: none\n/);
    assert.equal((await ask("/rooms/a?from=x")).status, 422);
    assert.equal((await ask("/rooms/none")).status, 404);
    assert.equal(await (await ask("/list")).text(), "data: 1\n\ndata: 2\n\n");
    assert.equal(await (await ask("/data")).text(), "data: a\n\ndata: 1\n\ndata: null\n\n");
    assert.equal((await ask("/over")).status, 204);
    const own = await ask("/own");
    assert.deepEqual([own.status, own.headers.get("cache-control"), await own.text()], [203, "no-store", "data: 1\n\n"]);
    assert.equal((await ask("/problem")).status, 409);
    assert.equal(await (await ask("/value")).text(), "text");
    const posted = await ask("/post", { method: "POST" });
    assert.deepEqual([posted.headers.get("content-type"), await posted.text()], [`${EVENTS}; charset=utf-8`, "data: 1\n\n"]);
    const made = await ask("/context");
    assert.deepEqual([made.status, made.headers.get("x-a"), made.headers.get("content-type")], [202, "1", EVENTS]);
    await made.text();
  };
  const latin1 = (init?: RequestInit): RequestInit => ({
    ...init,
    // A client sends the id as UTF-8, which the Fetch standard takes for single bytes.
    headers: Object.fromEntries(
      Object.entries((init?.headers ?? {}) as Record<string, string>).map(([name, value]) => [
        name,
        Buffer.from(value).toString("latin1"),
      ]),
    ),
  });
  await serving(app, (url) => answers((path, init) => fetch(url + path, latin1(init))));
});

test("the head comes soon where there is no event yet, and a problem before that is the answer", async () => {
  const logger = new Log();
  const app = new Sabir({ eventKeepAliveMs: 50 }, { logger });
  let release: () => void = () => {};
  const wait = (): Promise<void> => new Promise((resolve) => (release = resolve));
  app.sse("/silent", async function* () {
    await wait();
    yield { data: 1 };
  });
  app.get("/foreign", () => {
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await wait();
        controller.enqueue(Buffer.from("data: 1\n\n"));
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": EVENTS } });
  });
  app.sse("/refused", async function* () {
    await sleep(20);
    if (Date.now() > 0) throw new NotFound();
    yield { data: 1 };
  });
  app.sse("/late", async function* () {
    await sleep(400);
    if (Date.now() > 0) throw new NotFound();
    yield { data: 1 };
  });
  await serving(app, async (url) => {
    for (const path of ["silent", "foreign"]) {
      const answer = await fetch(`${url}/${path}`);
      assert.equal(answer.headers.get("content-type"), EVENTS);
      await sleep(path === "silent" ? 150 : 0);
      release();
      const text = await answer.text();
      assert.match(text, path === "silent" ? /^(:\n\n)+data: 1\n\n$/ : /^data: 1\n\n$/);
    }
    assert.equal((await fetch(`${url}/refused`)).status, 404);
    const late = await fetch(`${url}/late`);
    assert.equal(late.status, 200);
    await assert.rejects(late.text());
  });
  assert.match(logger.messages.join(), /^GET \/late failed \(request/);
});

test("an event that cannot be sent is a failure, and the generator is closed", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  let closed = 0;
  app.sse("/", async function* () {
    try {
      yield { data: 1 };
      await sleep(10);
      yield {};
    } finally {
      closed++;
    }
  });
  await serving(app, async (url) => {
    await assert.rejects((await fetch(url)).text());
    await eventually(() => closed === 1 && logger.entries.length === 1);
  });
  assert.match(String(logger.entries[0]?.[1]), /an event says nothing/);
});

test("many clients get events as they come", async () => {
  const app = new Sabir();
  const waiting = new Set<(value: number) => void>();
  app.sse("/", async function* ({ signal }) {
    yield { comment: "connected" };
    while (!signal.aborted) {
      const value = await new Promise<number>((resolve) => waiting.add(resolve));
      yield { data: value };
    }
  });
  const publish = (value: number): void => {
    const now = [...waiting];
    waiting.clear();
    for (const resolve of now) resolve(value);
  };
  await serving(app, async (url) => {
    const count = 100;
    const texts: string[] = Array.from({ length: count }, () => "");
    const sockets = await Promise.all(texts.map(() => begin(url, "/")));
    for (const [index, socket] of sockets.entries()) {
      socket.on("data", (data: Buffer) => (texts[index] += data.toString()));
    }
    for (let value = 0; value < 10; value++) {
      await eventually(() => waiting.size === count);
      publish(value);
    }
    await eventually(() => texts.every((text) => text.includes("data: 9\n\n")));
    for (const socket of sockets) socket.destroy();
    for (const text of texts) assert.equal(text.match(/data: /g)?.length, 10);
    await sleep(20);
    publish(10);
  });
});

const FIELDS = {
  data: { type: "string" },
  event: { type: "string" },
  id: { type: "string" },
  retry: { type: "integer", minimum: 0 },
};

test("routes of events and of items are described", () => {
  const content = (options: object): unknown => {
    const { responses } = derive("GET", "/", options).operation as { responses: Record<string, { content: unknown }> };
    return responses["200"]?.content;
  };
  const event = { type: "object", properties: FIELDS };
  assert.deepEqual(content({ events: true }), { [EVENTS]: { itemSchema: event } });
  const schemas = { tick: z.object({ n: z.int() }), message: { type: "string", maxLength: 5 } } as const;
  const described = content({ events: schemas }) as Record<string, { itemSchema: { oneOf: { properties: { data: object } }[] } }>;
  const [tick, message] = described[EVENTS]?.itemSchema.oneOf ?? [];
  assert.equal((tick?.properties.data as { contentMediaType: string }).contentMediaType, "application/json");
  assert.deepEqual(Object.keys(tick ?? {}), ["properties", "required"]);
  assert.deepEqual(message, { properties: { event: { const: "message" }, data: { type: "string", maxLength: 5 } } });
  assert.deepEqual(content({ items: { type: "integer" } }), { "application/jsonl": { itemSchema: { type: "integer" } } });
  assert.deepEqual(content({ items: true, produces: ["text/csv"] }), { "application/jsonl": {}, "text/csv": {} });
  const app = new Sabir();
  app.sse("/events", { events: schemas }, () => []);
  app.get("/items", { items: z.object({ a: z.string() }).or(z.string()) }, () => []);
});

test("refuses options of events that do not fit", () => {
  const app = new Sabir();
  for (const [add, message] of [
    [
      () => app.sse("/", { events: z.object({}) as never }, () => []),
      /events: this is no object of schemas; give schemas by the/,
    ],
    [() => app.sse("/", { events: { type: "object" } as never }, () => []), /events\.type: this is not a schema/],
    [() => app.sse("/", { items: true } as never, (() => []) as never), /items: there are `events` as well/],
    [() => app.sse("/", { none: 1 } as never, () => []), /none: there is no such option/],
    [() => app.sse("/", null as never, () => []), /options: these are no options/],
    [() => app.sse("/" as never, undefined as never), /handler: there is none/],
    [() => app.sse(7 as never, () => []), /GET 7: path: this is not a string/],
  ] as const) {
    assert.throws(add, (error: unknown) => error instanceof SetupError && (message as RegExp).test(error.message));
  }
  assert.throws(() => events("text" as never), TypeError);
});

test("events that are text already may be sent as they are", async () => {
  const app = new Sabir();
  app.get("/", () => stream(["data: 1\n\n"], { mediaType: EVENTS }));
  assert.equal(await (await app.request("/")).text(), "data: 1\n\n");
});
