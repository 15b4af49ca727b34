/** What runs behind answers: `context.after`. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Conflict, Sabir } from "sabir";

import { begin, eventually, Log, serving } from "./serving.js";

test("work runs when the answer has been handed over", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.get("/", (context) => {
    context.after(() => void steps.push("first")).after(async () => (await sleep(5), void steps.push("second")));
    steps.push("handler");
    return "hello";
  });
  assert.equal(await (await app.request("/")).text(), "hello");
  assert.deepEqual(steps, ["handler", "first"]);
  assert.equal(app.backgroundCount, 1);
  await eventually(() => app.backgroundCount === 0);
  assert.deepEqual(steps, ["handler", "first", "second"]);
});

test("work runs behind what providers clean up, however the request has ended", async () => {
  const steps: string[] = [];
  const app = new Sabir({}, { logger: new Log() }).provide("session", async function* () {
    yield 1;
    await sleep(2);
    steps.push("commit");
  });
  const work = () => void steps.push("after");
  app.get("/fine", async (context) => void (await context.after(work).session));
  app.get("/problem", (context) => {
    context.after(work);
    throw new Conflict("taken");
  });
  app.get("/error", (context) => (context.after(work), assert.fail("odd")));
  app.get("/stream", async function* (context) {
    context.after(work);
    yield "a";
    await sleep(5);
    steps.push("end");
  });
  app.get("/hook", { onResponse: (context) => context.after(work) }, () => "hook");
  for (const [path, expected] of Object.entries({
    "/fine": ["commit", "after"],
    "/problem": ["after"],
    "/error": ["after"],
    "/stream": ["end", "after"],
    "/hook": ["after"],
  })) {
    await (await app.request(path)).text();
    await eventually(() => steps.length === expected.length);
    assert.deepEqual(steps.splice(0), expected, path);
  }
});

test("work that fails is logged with the id of the request", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.get("/{id}", (context) => {
    context.after(() => assert.fail("first")).after(() => Promise.reject(new Error("second")));
    context.after(() => {
      throw null;
    });
    return context.request.id;
  });
  const id = await (await app.request("/7")).text();
  await eventually(() => log.entries.length === 3);
  for (const message of log.messages) assert.equal(message, `work behind GET /{id} (request ${id}) failed`);
  assert.equal(app.backgroundCount, 0);
});

test("a server that stops waits for work, and says what it did not wait for", async () => {
  const [log, steps] = [new Log(), [] as string[]];
  const app = new Sabir({ shutdownTimeoutMs: 300 }, { logger: log });
  app.get("/{ms:int}", (context) => {
    context.after(async () => (await sleep(context.params.ms), void steps.push("after")));
    return "hello";
  });
  app.onStop(() => void steps.push("stop"));
  await serving(app, async (url) => void (await (await fetch(`${url}/50`)).text()));
  assert.deepEqual(steps.splice(0), ["after", "stop"]);
  await serving(app, async (url) => void (await (await fetch(`${url}/2000`)).text()));
  assert.deepEqual(steps, ["stop"]);
  assert.match(log.messages.join(), /1 pieces? of background work/);
  await eventually(() => steps.length === 2);
});

test("work runs behind a handler whose client has left", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.get("/", async (context) => {
    context.after(() => void steps.push("after"));
    steps.push("begun");
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 2);
  });
});

test("work that is given behind the answer runs at once", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.get("/", (context) => {
    context.after(() => void context.after(() => void steps.push("later")));
    return "hello";
  });
  await app.request("/");
  assert.deepEqual(steps, ["later"]);
});

test("refuses what is no work", async () => {
  const app = new Sabir({}, { logger: new Log() }).get("/", (context) => context.after(1 as never));
  assert.equal((await app.request("/")).status, 500);
});

test("work has the asynchronous context of who has asked for it", async () => {
  const [store, seen] = [new AsyncLocalStorage<string>(), [] as (string | undefined)[]];
  const app = new Sabir().provide("session", function* () {
    yield 1;
    seen.push(store.getStore());
  });
  app.use((_, next) => store.run("middleware", next));
  app.get("/", async (context) => {
    context.after(() => void seen.push(store.getStore()));
    return context.session;
  });
  await app.request("/");
  await eventually(() => seen.length === 2);
  assert.deepEqual(seen, ["middleware", "middleware"]);
});
