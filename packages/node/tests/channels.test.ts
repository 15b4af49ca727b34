/** Channels: what sockets and streams of events get of what anybody publishes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { type ClientSocket, Sabir, type Settings } from "sabir";
import { z } from "zod";

import { eventually, Log, TIMEOUT_MS } from "./serving.js";

function chat(settings: Settings = {}): Sabir {
  const app = new Sabir(settings, { logger: new Log() });
  app.websocket("/chat/{room}", {
    open: (ws, { params }) => ws.subscribe(params.room),
    message(ws, message) {
      if (message === "leave") ws.send(String(ws.unsubscribe(ws.params.room)));
      else app.publish(ws.params.room, message);
    },
  });
  app.sse("/news/{room}", ({ params, lastEventId }) => app.events(params.room, lastEventId));
  return app;
}

async function join(app: Sabir, room: string): Promise<ClientSocket> {
  const before = app.presence(room);
  const socket = await app.connect(`/chat/${room}`);
  await eventually(() => app.presence(room) === before + 1);
  return socket;
}

/** The events of a stream, one text each. */
async function* events(app: Sabir, room: string, lastEventId?: string): AsyncGenerator<string, void> {
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const response = await app.request(`/news/${room}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

test("everybody in a room hears what is said", async () => {
  const app = chat();
  const [a, b, other] = [await join(app, "x"), await join(app, "x"), await join(app, "y")];
  await a.send("hello");
  assert.deepEqual([await a.receive(), await b.receive()], ["hello", "hello"]);
  assert.equal(app.publish("x", Uint8Array.of(0, 1)), 2);
  assert.deepEqual([await a.receive(), await b.receive()], [Uint8Array.of(0, 1), Uint8Array.of(0, 1)]);
  assert.equal(app.publish("y", { from: "anywhere" }), 1);
  assert.deepEqual(await other.receiveJson(), { from: "anywhere" });
  assert.equal(app.publish("z", "nobody"), 0);
  await b.send("leave");
  assert.equal(await b.receive(), "true");
  assert.equal(app.presence("x"), 1);
  await b.send("leave");
  assert.equal(await b.receive(), "false");
  await a.close();
  await eventually(() => app.presence("x") === 0);
  assert.throws(() => app.publish("x", () => {}), TypeError);
  await Promise.all([b.close(), other.close()]);
});

test("a socket that subscribes twice hears everything once", async () => {
  const app = new Sabir();
  app.websocket("/", (ws) => {
    for (let count = 0; count < 2; count++) ws.subscribe("x");
    app.publish("x", "once");
    app.publish("x", "end");
  });
  const socket = await app.connect("/");
  assert.deepEqual([await socket.receive(), await socket.receive()], ["once", "end"]);
  assert.equal((await socket.closed).code, 1000);
  await eventually(() => app.presence("x") === 0);
});

test("a client of events that comes back loses nothing", async () => {
  const app = chat();
  const first = events(app, "x");
  const reading = first.next();
  await eventually(() => app.presence("x") === 1);
  app.publish("x", "one");
  const [id = "", data] = ((await reading).value ?? "").split("\n");
  assert.equal(data, "data: one");
  await first.return();
  await eventually(() => app.presence("x") === 0);
  app.publish("x", "two");
  app.publish("x", { n: 3 });
  const second = events(app, "x", id.slice("id: ".length));
  assert.match((await second.next()).value ?? "", /\ndata: two$/);
  assert.match((await second.next()).value ?? "", /\ndata: \{"n":3\}$/);
  app.publish("x", "a\nb");
  assert.match((await second.next()).value ?? "", /\ndata: a\ndata: b$/);
  await second.return();
});

test("as much is kept as the application says", async () => {
  const app = chat({ channelHistoryLimit: 1 });
  for (const message of ["one", "two"]) app.publish("x", message);
  const stream = events(app, "x", "0-0");
  assert.match((await stream.next()).value ?? "", /\ndata: two$/);
  await stream.return();
});

test("the events of a channel can be iterated, and have headers of their own", async () => {
  const app = new Sabir();
  app.sse("/", { events: { message: z.string() } }, (context) => {
    context.header("x-a", "1");
    return app.events("x");
  });
  const response = await app.request("/");
  assert.equal(response.headers.get("x-a"), "1");
  await response.body?.cancel();
  await eventually(() => app.presence("x") === 0);
  const iterator = app.events("x")[Symbol.asyncIterator]();
  const next = iterator.next();
  app.publish("x", "a\n b");
  const { value } = await next;
  assert.equal(value?.data, "a\n b");
  assert.match(value?.id ?? "", /^[0-9a-f]+-1$/);
  assert.equal(app.presence("x"), 1);
  await iterator.return?.();
  await eventually(() => app.presence("x") === 0);
});

test("a socket that does not read is closed and holds nobody up", async () => {
  const app = new Sabir({ websocketSendQueueLimit: 100_000 });
  const codes: number[] = [];
  app.websocket("/", {
    open: (ws) => ws.subscribe("x"),
    close: (_ws, code) => void codes.push(code),
  });
  const [slow, fast] = [await app.connect("/"), await app.connect("/")];
  await eventually(() => app.presence("x") === 2);
  const text = "a".repeat(100_000);
  for (let count = 0; count < 2000 && app.presence("x") === 2; count++) {
    app.publish("x", text);
    assert.equal(await fast.receive(), text);
  }
  assert.equal(app.presence("x"), 1);
  await Promise.all([slow.close(), fast.close()]);
});

test("applications, and threads, have channels of their own", async () => {
  const [one, two] = [chat(), chat()];
  const socket = await join(one, "x");
  assert.deepEqual([two.publish("x", "a"), one.publish("x", "b")], [0, 1]);
  const program = `
    const { parentPort } = require("node:worker_threads");
    const { Sabir } = require("sabir");
    parentPort.postMessage(new Sabir().publish("x", "from a thread"));
  `;
  const worker = new Worker(program, { eval: true });
  const reached = await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
  assert.equal(reached, 0);
  assert.equal(await socket.receive(), "b");
  await socket.close();
  await worker.terminate();
});
