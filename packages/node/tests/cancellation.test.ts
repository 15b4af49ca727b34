/** Handlers whose answer nobody waits for are told so. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { type Context, Sabir } from "sabir";

import { begin, eventually, Log, serving } from "./serving.js";

/** The design says 100 ms; the rest is for a machine with other work. */
const SOON_MS = 2000;

/** A deadline that the start of a handler does not miss, on such a machine. */
const DEADLINE_MS = 300;

/** An application whose handler waits until its signal aborts. */
function waiting(logger: Log, timeoutMs?: number) {
  const seen = { started: 0, aborted: 0, reason: undefined as unknown };
  const app = new Sabir({}, { logger });
  const wait = async ({ signal }: Context): Promise<string> => {
    seen.started++;
    signal.addEventListener("abort", () => {
      seen.aborted++;
      seen.reason = signal.reason;
    });
    await sleep(60_000, undefined, { signal });
    return "late";
  };
  app.get("/", timeoutMs === undefined ? {} : { timeoutMs }, wait);
  app.get("/alive", () => "alive");
  return { app, seen };
}

test("aborts the signal when the client leaves", async () => {
  const logger = new Log();
  const { app, seen } = waiting(logger);
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => seen.started === 1);
    socket.destroy();
    await eventually(() => seen.aborted === 1, SOON_MS);
    assert.equal((seen.reason as Error).name, "AbortError");
    await sleep(10);
  });
  assert.deepEqual(logger.entries, [], "a handler that stops because its client has left has not failed");
});

test("aborts the signal at the deadline of the route, and answers 504", async () => {
  const { app, seen } = waiting(new Log(), DEADLINE_MS);
  await serving(app, async (url) => {
    const start = performance.now();
    assert.equal((await fetch(url)).status, 504);
    assert.ok(performance.now() - start < SOON_MS);
    await eventually(() => seen.aborted === 1, SOON_MS);
    assert.equal(await (await fetch(`${url}/alive`)).text(), "alive");
  });
});

test("aborts the signal at the end of the time that running requests have when the server stops", async () => {
  const { app, seen } = waiting(new Log());
  const short = new Sabir({ shutdownTimeoutMs: 50 });
  short.mount("/", app);
  const { address } = await short.listen({ port: 0, signals: false });
  const socket = await begin(`http://${address}`, "/");
  await eventually(() => seen.started === 1);
  const start = performance.now();
  await short.close();
  assert.ok(performance.now() - start < SOON_MS);
  await eventually(() => seen.aborted === 1, SOON_MS);
  socket.destroy();
});

test("gives a signal that has aborted already to a handler that asks late", async () => {
  const app = new Sabir();
  let isAborted: boolean | undefined;
  app.get("/", { timeoutMs: DEADLINE_MS }, async (context) => {
    await sleep(2 * DEADLINE_MS);
    isAborted = context.signal.aborted;
  });
  assert.equal((await app.request("/")).status, 504);
  assert.equal(await eventually(() => isAborted), true);
});

test("aborts the signal while the content of a web response is awaited", async () => {
  const app = new Sabir();
  let isAborted = false;
  app.get("/", { timeoutMs: DEADLINE_MS }, ({ signal }) => {
    const content = new ReadableStream({
      start: (controller) =>
        signal.addEventListener("abort", () => {
          isAborted = true;
          controller.close();
        }),
    });
    return new Response(content);
  });
  assert.equal((await app.request("/")).status, 504);
  await eventually(() => isAborted, SOON_MS);
});

/** A web response whose content never ends, after so many chunks, and how often its source was cancelled. */
function endless(chunks: number) {
  const seen = { read: 0, cancelled: 0 };
  const source = {
    pull: (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | void => {
      if (seen.read++ < chunks) controller.enqueue(new Uint8Array(1));
      else return new Promise(() => {});
    },
    cancel: () => void seen.cancelled++,
  };
  return { seen, response: () => new Response(new ReadableStream(source, { highWaterMark: 0 })) };
}

for (const chunks of [0, 1, 3]) {
  test(`cancels the content of a web response that stalls after ${chunks} chunks when the client leaves`, async () => {
    const logger = new Log();
    const app = new Sabir({}, { logger });
    const { seen, response } = endless(chunks);
    app.get("/now", response).get("/later", async () => response());
    await serving(app, async (url) => {
      for (const [index, path] of ["/now", "/later"].entries()) {
        seen.read = 0;
        const socket = await begin(url, path);
        await eventually(() => seen.read > chunks);
        assert.equal(seen.cancelled, index);
        socket.destroy();
        await eventually(() => seen.cancelled === index + 1, SOON_MS);
      }
      await sleep(10);
    });
    assert.deepEqual([logger.entries, seen.cancelled], [[], 2]);
  });
}

test("cancels the content of a web response for which the time is over already, and reads nothing of it", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  const { seen, response } = endless(1);
  app.get("/", { timeoutMs: DEADLINE_MS }, async () => {
    await sleep(2 * DEADLINE_MS);
    return response();
  });
  assert.equal((await app.request("/")).status, 504);
  await eventually(() => seen.cancelled === 1, SOON_MS);
  assert.deepEqual([logger.entries, seen.read], [[], 0]);
});

test("logs a failure after the client has left", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  app.get("/", { timeoutMs: DEADLINE_MS }, async () => {
    await sleep(2 * DEADLINE_MS);
    throw new Error("too late");
  });
  assert.equal((await app.request("/")).status, 504);
  await eventually(() => logger.entries.length === 1);
  assert.equal(logger.messages[0], "GET / failed");
});

test("gives an aborted signal to whoever asks for it only when nobody waits any more", async () => {
  const app = new Sabir({}, { logger: new Log() });
  let late: boolean | undefined;
  app.get("/", { timeoutMs: DEADLINE_MS }, async (context) => {
    await sleep(2 * DEADLINE_MS);
    late = context.signal.aborted;
  });
  assert.equal((await app.request("/")).status, 504);
  await eventually(() => late !== undefined);
  assert.equal(late, true);
});
