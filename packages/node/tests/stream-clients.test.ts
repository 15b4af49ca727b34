/** Clients of answers that are made while they are sent: slow ones, and those that leave. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect as connect2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Sabir } from "sabir";

import { begin, eventually, Log, serving, TIMEOUT_MS } from "./serving.js";

/** The design says 100 ms; the rest is for a machine with other work. */
const SOON_MS = 2000;

const isBun = "Bun" in globalThis;

function collect(): void {
  if (isBun) {
    (globalThis as unknown as { Bun: { gc(force: boolean): void } }).Bun.gc(true);
    return;
  }
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

test("a slow reader pauses the handler, and gets everything in the end", async () => {
  const app = new Sabir();
  const chunk = "x".repeat(1000);
  const count = 20_000;
  let made = 0;
  const handlers: Record<string, () => unknown> = {
    async: async function* () {
      for (made = 0; made < count; made++) yield chunk;
    },
    sync: function* () {
      for (made = 0; made < count; made++) yield chunk;
    },
    web: () => {
      made = 0;
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        if (made++ < count) controller.enqueue(Buffer.from(chunk));
        else controller.close();
      };
      return new ReadableStream({ pull }, { highWaterMark: 0 });
    },
  };
  for (const [path, handler] of Object.entries(handlers)) app.get(`/${path}`, handler);
  await serving(app, async (url) => {
    for (const path of Object.keys(handlers)) {
      const socket = await begin(url, `/${path}`);
      socket.pause();
      await eventually(() => made > 0);
      let last = -1;
      // Buffers of the system take their part, then nothing more is made.
      await eventually(async () => {
        last = made;
        await sleep(200);
        return made === last;
      });
      assert.ok(made < count, `${path}: ${made}`);
      let size = 0;
      socket.on("data", (data: Buffer) => (size += data.length)).resume();
      await eventually(() => size > count * chunk.length && made >= count);
      socket.destroy();
    }
  });
});

/** What the handlers below have seen. */
interface Seen {
  started: number;
  closed: number;
  aborted: number;
}

/** An application with handlers that have no end, and what they have seen. */
function endless(logger: Log): { app: Sabir; seen: Seen } {
  const seen: Seen = { started: 0, closed: 0, aborted: 0 };
  const app = new Sabir({}, { logger });
  app.get("/waits", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    try {
      yield "a";
      seen.started++;
      await sleep(60_000, undefined, { signal });
    } finally {
      seen.closed++;
    }
  });
  app.get("/full", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    try {
      seen.started++;
      for (;;) yield "x".repeat(100_000);
    } finally {
      seen.closed++;
    }
  });
  app.get("/late", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    seen.started++;
    try {
      await sleep(60_000, undefined, { signal });
      yield "a";
    } finally {
      seen.closed++;
    }
  });
  app.sse("/events", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    try {
      yield { data: 1 };
      seen.started++;
      await sleep(60_000, undefined, { signal });
    } finally {
      seen.closed++;
    }
  });
  app.get("/web", ({ signal }) => {
    signal.addEventListener("abort", () => seen.aborted++);
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | void => {
      if (seen.started++ > 0) return new Promise(() => {});
      controller.enqueue(Buffer.from("a"));
    };
    return new Response(new ReadableStream({ pull, cancel: () => void seen.closed++ }, { highWaterMark: 0 }));
  });
  app.get("/node", ({ signal }) => {
    signal.addEventListener("abort", () => seen.aborted++);
    const through = new PassThrough();
    through.write("a");
    through.on("close", () => seen.closed++);
    seen.started++;
    return through;
  });
  return { app, seen };
}

for (const path of ["waits", "full", "late", "events", "web", "node"]) {
  test(`closes what a client leaves that reads /${path}, and aborts the signal`, async () => {
    const logger = new Log();
    const { app, seen } = endless(logger);
    await serving(app, async (url) => {
      const socket = await begin(url, `/${path}`);
      await eventually(() => seen.started > 0);
      await sleep(20);
      socket.destroy();
      await eventually(() => seen.closed === 1 && seen.aborted === 1, SOON_MS);

      const session = connect2(url);
      Object.assign(seen, { started: 0, closed: 0, aborted: 0 });
      const request = session.request({ ":path": `/${path}` });
      request.on("error", () => {});
      await eventually(() => seen.started > 0);
      await sleep(20);
      request.close(constants.NGHTTP2_CANCEL);
      await eventually(() => seen.closed === 1 && seen.aborted === 1, SOON_MS);
      session.destroy();
      await sleep(20);
    });
    assert.deepEqual(logger.entries, [], "a handler that stops because its client has left has not failed");
  });
}

test("logs what a handler fails with when it is closed", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  app.get("/", async function* () {
    try {
      for (;;) {
        yield "a";
        await sleep(1);
      }
    } finally {
      throw new Error("cannot close");
    }
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await once(socket, "data");
    socket.destroy();
    await eventually(() => logger.entries.length === 1);
    await sleep(20);
  });
  assert.equal(String(logger.entries[0]?.[1]), "Error: cannot close");
  assert.equal(logger.entries.length, 1);
});

test("a generator that goes on after it is closed keeps nobody waiting", async () => {
  const app = new Sabir();
  let isStopped = false;
  app.get("/", async function* () {
    for (;;) {
      try {
        yield "a";
        await sleep(1);
        if (isStopped) return;
      } finally {
        // A generator can refuse to end.
        if (!isStopped) continue;
      }
    }
  });
  app.get("/alive", () => "alive");
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await once(socket, "data");
    socket.destroy();
    await sleep(50);
    assert.equal(await (await fetch(`${url}/alive`)).text(), "alive");
  });
  isStopped = true;
});

test("a handler whose client has left before it answers is not asked for values", async () => {
  const app = new Sabir();
  const seen = { started: 0, pulled: 0, cancelled: 0 };
  app.get("/", async ({ signal }) => {
    seen.started++;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await sleep(10);
    return new ReadableStream({ pull: () => void seen.pulled++, cancel: () => void seen.cancelled++ }, { highWaterMark: 0 });
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => seen.started === 1);
    socket.destroy();
    await eventually(() => seen.cancelled === 1, SOON_MS);
  });
  assert.equal(seen.pulled, 0);
});

test("streams that were left leave nothing behind", { timeout: 6 * TIMEOUT_MS }, async () => {
  const count = 500;
  const logger = new Log();
  const { app, seen } = endless(logger);
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  app.get("/kept", async function* (context) {
    const held = { context };
    registry.register(held, undefined);
    registry.register(context, undefined);
    try {
      yield "a";
      seen.started++;
      await sleep(60_000, held, { signal: context.signal });
    } finally {
      seen.closed++;
    }
  });
  const descriptors = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
  await serving(app, async (url) => {
    const round = async (size: number): Promise<void> => {
      seen.started = seen.closed = 0;
      const sockets: Socket[] = await Promise.all(Array.from({ length: size }, () => begin(url, "/kept")));
      await eventually(() => seen.started === size);
      for (const socket of sockets) socket.destroy();
      await eventually(() => seen.closed === size);
    };
    await round(1);
    await sleep(50);
    const before = descriptors();
    for (let index = 0; index < 5; index++) await round(count / 5);
    await eventually(() => descriptors() <= before + 2);
    // What the engine's own tables hold for a while may stay.
    await eventually(async () => {
      collect();
      await sleep(10);
      return collected >= 2 * count - 4;
    });
  });
  assert.deepEqual(logger.entries, []);
});

test("generators that wait for ever are collected when their clients have left", { timeout: 6 * TIMEOUT_MS }, async () => {
  const count = 200;
  const app = new Sabir({}, { logger: new Log() });
  let collected = 0;
  let started = 0;
  const registry = new FinalizationRegistry(() => collected++);
  app.sse("/", async function* (context) {
    registry.register(context, undefined);
    yield { data: 1 };
    started++;
    await new Promise(() => {});
  });
  await serving(app, async (url) => {
    const sockets = await Promise.all(Array.from({ length: count }, () => begin(url, "/")));
    await eventually(() => started === count);
    for (const socket of sockets) socket.destroy();
    await eventually(async () => {
      collect();
      await sleep(10);
      return collected >= count - 4;
    });
  });
});

test("a server that stops ends event streams at once, and lets other answers run to their end", async () => {
  const logger = new Log();
  const { app, seen } = endless(logger);
  app.get("/foreign", () => {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void =>
      controller.enqueue(Buffer.from("data: 1\n\n"));
    return new Response(new ReadableStream({ start, cancel: () => void seen.closed++ }), {
      headers: { "content-type": "text/event-stream" },
    });
  });
  let release: () => void = () => {};
  app.get("/finishes", async function* () {
    yield "a";
    await new Promise<void>((resolve) => (release = resolve));
    yield "b";
  });
  const { address } = await app.listen({ port: 0, signals: false });
  const [own, foreign, other] = await Promise.all(
    ["events", "foreign", "finishes"].map((path) => fetch(`http://${address}/${path}`)),
  );
  const start = performance.now();
  const closed = app.close();
  assert.equal(await own?.text(), "data: 1\n\n");
  assert.equal(await foreign?.text(), "data: 1\n\n");
  assert.ok(performance.now() - start < SOON_MS);
  await eventually(() => seen.closed === 2);
  release();
  assert.equal(await other?.text(), "ab");
  await closed;
  assert.deepEqual(logger.entries, []);
});

test("an event that was yielded before the server stops is sent", async () => {
  const app = new Sabir({}, { logger: new Log() });
  let closed: Promise<void> | undefined;
  app.sse("/", async function* () {
    yield { data: 1 };
    closed = app.close();
    // The runtime stops meanwhile.
    const end = performance.now() + 100;
    while (performance.now() < end);
    await new Promise(() => {});
  });
  const { address } = await app.listen({ port: 0, signals: false });
  assert.equal(await (await fetch(`http://${address}/`)).text(), "data: 1\n\n");
  await closed;
});

test("a server that stops cuts off answers that take too long, and closes what makes them", async () => {
  const app = new Sabir({ shutdownTimeoutMs: 100 });
  let closed = 0;
  app.get("/", async function* ({ signal }) {
    try {
      yield "a";
      await sleep(60_000, undefined, { signal });
    } finally {
      closed++;
    }
  });
  const { address } = await app.listen({ port: 0, signals: false });
  const answer = await fetch(`http://${address}/`);
  const text = assert.rejects(answer.text());
  const start = performance.now();
  await app.close();
  assert.ok(performance.now() - start < SOON_MS);
  await text;
  await eventually(() => closed === 1);
});

test("a reader that never reads keeps neither memory nor the server", async () => {
  const app = new Sabir({ shutdownTimeoutMs: 100 });
  let made = 0;
  app.get("/", () =>
    Readable.from(
      (async function* () {
        for (;;) {
          made++;
          yield Buffer.alloc(64 * 1024);
        }
      })(),
    ),
  );
  const { address } = await app.listen({ port: 0, signals: false });
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  let last = -1;
  await eventually(async () => {
    last = made;
    await sleep(200);
    return made > 0 && made === last;
  });
  assert.ok(made < 1000, String(made));
  await app.close();
  socket.destroy();
});
