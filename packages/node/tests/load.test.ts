/** Many requests at once, many bad ones, large ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

import { eventually, serving } from "./serving.js";

const MANY = 10_000;

test("has ten thousand sleeping handlers in flight", async () => {
  const app = new Sabir({ concurrencyLimit: MANY });
  let sleeping = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  app.get("/{n:int}", async ({ params }) => {
    sleeping++;
    await released;
    await sleep(1);
    return { n: params.n };
  });
  const answers = Array.from({ length: MANY }, (_, n) => app.inject({ method: "GET", target: `/${n}` }));
  await eventually(() => sleeping === MANY);
  release();
  for (const [n, answer] of (await Promise.all(answers)).entries()) {
    assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.body)), { n });
  }
});

test("refuses ten thousand invalid requests without a call of JavaScript", async () => {
  const app = new Sabir();
  const body = { type: "object", properties: { n: { type: "integer", minimum: 1 } }, required: ["n"] } as const;
  app.post("/{id:int}", { body, query: { type: "object", properties: { limit: { type: "integer" } } } }, () => "valid");
  const bad = [
    { target: "/x", body: '{"n":1}', status: 404 },
    { target: "/1?limit=x", body: '{"n":1}', status: 422 },
    { target: "/1", body: '{"n":0}', status: 422 },
    { target: "/1", body: "{", status: 400 },
  ];
  const headers: [string, string][] = [["content-type", "application/json"]];
  const answers = await Promise.all(
    Array.from({ length: MANY }, (_, index) => {
      const { target, body } = bad[index % bad.length]!;
      return app.inject({ method: "POST", target, headers, body: new TextEncoder().encode(body) });
    }),
  );
  for (const [index, { status }] of answers.entries()) assert.equal(status, bad[index % bad.length]!.status);
  assert.equal(app.handlerCalls, 0);
  const valid = await app.request("/1", { method: "POST", body: '{"n":1}', headers });
  assert.equal(await valid.text(), "valid");
  assert.equal(app.handlerCalls, 1);
});

test("takes a body of five megabytes in one piece", async () => {
  const app = new Sabir({ bodyLimit: 6_000_000 });
  const sent = crypto.getRandomValues(new Uint8Array(65_536));
  const content = new Uint8Array(5_000_000).map((_, index) => sent[index % sent.length]!);
  app.post("/", { requestBody: { content: { "application/octet-stream": {} } } }, async ({ request }) => {
    return request.bytes();
  });
  await serving(app, async (url) => {
    const headers = { "content-type": "application/octet-stream" };
    const answer = await fetch(url, { method: "POST", body: content, headers });
    assert.equal(answer.status, 200);
    assert.equal(Buffer.compare(new Uint8Array(await answer.arrayBuffer()), content), 0);
    const larger = await fetch(url, { method: "POST", body: new Uint8Array(6_000_001), headers });
    assert.equal(larger.status, 413);
  });
});
