/** Calls in flight are bounded; past the bound the runtime refuses by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

import { eventually, serving } from "./serving.js";

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
