/** Hooks and what the runtime refuses. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { NotFound, Sabir } from "sabir";
import { z } from "zod";

import { step } from "./hooking.js";
import { Log, serving } from "./serving.js";

/** What the runtime refuses: the request, the status, and whether a route fits. */
const REFUSED: [path: string, init: RequestInit, status: number, isMatched: boolean][] = [
  ["/nowhere", {}, 404, false],
  ["/orders/1", { method: "PATCH" }, 405, false],
  ["/orders/1?limit=x", {}, 422, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "{" }, 400, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }, 422, true],
  ["/orders", { method: "POST", headers: { "content-type": "text/plain" }, body: "a" }, 415, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "a".repeat(2000) }, 413, true],
  ["/report", { headers: { accept: "image/png" } }, 406, true],
];

function orders(): Sabir {
  const app = new Sabir({ bodyLimit: 1000 }, { logger: new Log() });
  app.get("/orders/{id:int}", { query: z.object({ limit: z.coerce.number().optional() }) }, () => assert.fail("called"));
  app.post("/orders", { body: z.object({ sku: z.string() }) }, () => assert.fail("called"));
  return app.get("/report", { produces: ["text/csv", "application/json"] }, () => assert.fail("called"));
}

for (const [path, init, status, isMatched] of REFUSED) {
  test(`hooks hear of the refusal ${init.method ?? "GET"} ${path} with ${status}`, async () => {
    const steps: string[] = [];
    const app = orders();
    app.use(async ({ request }, next) => {
      const answer = await next();
      steps.push(`middleware ${request.path} ${answer.status}`);
      return answer;
    });
    app
      .onRequest(step("onRequest", steps))
      .preValidation(step("preValidation", steps, true))
      .preHandler(step("preHandler", steps));
    app.onError(status, (_, problem) => void steps.push(`onError ${problem.constructor.name} ${problem.status}`));
    app.onError(NotFound, ({ text }) => text("nothing here", 404));
    app.onResponse((_, response) => response.headers.set("x-a", "1"));
    const check = async (answer: globalThis.Response): Promise<void> => {
      assert.deepEqual([answer.status, answer.headers.get("x-a")], [status, "1"]);
      if (status === 404) assert.equal(await answer.text(), "nothing here");
      else {
        const problem = (await answer.json()) as { status: number; errors?: unknown[]; request_id: string };
        assert.equal(problem.status, status);
        assert.equal(answer.headers.get("content-type"), "application/problem+json");
        assert.equal(Array.isArray(problem.errors), status === 422);
        assert.equal(typeof problem.request_id, "string");
      }
      if (status === 405) assert.match(String(answer.headers.get("allow")), /GET/);
      const early = isMatched ? ["onRequest", "preValidation"] : [];
      const seen = steps.splice(0).filter((step) => !step.startsWith("onError"));
      assert.deepEqual(seen, [...early, `middleware ${path.split("?")[0]} ${status}`]);
    };
    await check(await app.request(path, init));
    await serving(app, async (url) => await check(await fetch(url + path, init)));
  });
}

test("refusals enter JavaScript only where something may be done with them", async () => {
  const plain = orders();
  plain.preHandler(() => undefined).onError(RangeError, () => undefined);
  for (const [path, init, status] of REFUSED) assert.equal((await plain.request(path, init)).status, status);
  assert.equal(plain.handlerCalls, 0);
  const early = orders().onRequest(() => undefined);
  for (const [path, init, status] of REFUSED) assert.equal((await early.request(path, init)).status, status);
  assert.equal(early.handlerCalls, REFUSED.filter(([, , , isMatched]) => isMatched).length);
});

test("a hook of onRequest answers before a refusal is raised", async () => {
  const app = orders().onRequest(({ text }) => text("early", 203));
  assert.deepEqual(await Promise.all(REFUSED.map(async ([path, init]) => (await app.request(path, init)).status)), [
    404,
    405,
    ...REFUSED.slice(2).map(() => 203),
  ]);
});
