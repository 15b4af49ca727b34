/** Calls in flight are bounded; past the bound the runtime refuses by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

import { begin, eventually, Log, serving } from "./serving.js";

test("calls past `concurrencyLimit` are answered 503 with Retry-After, until others have been answered", async () => {
  const app = new Sabir({ concurrencyLimit: 3 });
  const waiting: (() => void)[] = [];
  app.get("/", async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return "answered";
  });
  await serving(app, async (url) => {
    const first = Array.from({ length: 3 }, async () => await (await fetch(url)).text());
    await eventually(() => waiting.length === 3);
    for (let time = 0; time < 5; time++) {
      const refused = await fetch(url);
      assert.equal(refused.status, 503);
      assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
      await refused.text();
    }
    assert.equal(app.handlerCalls, 3);
    for (const answer of waiting) answer();
    assert.deepEqual(await Promise.all(first), ["answered", "answered", "answered"]);
    const later = fetch(url);
    await eventually(() => waiting.length === 4);
    waiting[3]?.();
    assert.equal(await (await later).text(), "answered");
  });
});

test("a cancelled call counts until its handler ends, however long that takes", async () => {
  const app = new Sabir({ concurrencyLimit: 2 }, { logger: new Log() });
  const running: { resolve: () => void; reject: (error: Error) => void }[] = [];
  app.get("/", async () => {
    // The signal is not looked at, and the work goes on.
    await new Promise<void>((resolve, reject) => running.push({ resolve, reject }));
    return "late";
  });
  app.get("/alive", () => "alive");
  await serving(app, async (url) => {
    const status = async (): Promise<number> => {
      const response = await fetch(`${url}/alive`);
      await response.text();
      return response.status;
    };
    const sockets = [await begin(url, "/"), await begin(url, "/")];
    await eventually(() => running.length === 2);
    for (const socket of sockets) socket.destroy();
    await sleep(300);
    for (let time = 0; time < 5; time++) assert.equal(await status(), 503);
    running[0]?.resolve();
    await eventually(async () => (await status()) === 200);
    running[1]?.reject(new Error("nobody waits"));
    const third = await begin(url, "/");
    await eventually(() => running.length === 3);
    await eventually(async () => (await status()) === 200);
    running[2]?.resolve();
    third.destroy();
  });
});
