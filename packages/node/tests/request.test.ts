/** `request` can be given to whatever takes a web-standard `Request`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

import { eventually, Log } from "./serving.js";

/** Knows nothing of Sabir. */
async function library(request: globalThis.Request): Promise<unknown[]> {
  const { pathname, searchParams } = new URL(request.url);
  return [request.method, pathname, searchParams.get("q"), request.headers.get("x-trace"), await request.text()];
}

const anything = { requestBody: { content: { "*/*": {} } } };

test("passes for a web-standard request", async () => {
  const app = new Sabir();
  app.post("/notes", anything, ({ request }) => library(request));
  const init = { method: "POST", body: "Grüße", headers: { "x-trace": "7" } };
  const answer = await app.request("/notes?q=tea", init);
  assert.deepEqual(await answer.json(), ["POST", "/notes", "tea", "7", "Grüße"]);
});

test("becomes an object of the platform's class that outlives the call", async () => {
  const app = new Sabir();
  let kept: globalThis.Request | undefined;
  app.put("/notes/7", anything, ({ request }) => {
    kept = request.clone();
    return request.clone() instanceof globalThis.Request;
  });
  assert.equal(await (await app.request("/notes/7", { method: "PUT", body: "later" })).json(), true);
  assert.equal(await kept?.text(), "later");
  assert.equal(kept?.url, "http://sabir.test/notes/7");
});

test("reads its content as blob, form and stream, any number of times", async () => {
  const app = new Sabir();
  app.post("/form", anything, async ({ request }) => {
    const fields = Object.fromEntries(await request.formData());
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body ?? []) chunks.push(chunk as Uint8Array);
    return [fields, Buffer.concat(chunks).toString(), (await request.blob()).size, request.bodyUsed, await request.text()];
  });
  const answer = await app.request("/form", { method: "POST", body: new URLSearchParams({ name: "Ada" }) });
  assert.deepEqual(await answer.json(), [{ name: "Ada" }, "name=Ada", 8, false, "name=Ada"]);
  const wrong = await app.request("/form", { method: "POST", body: "x", headers: { "content-type": "text/plain" } });
  assert.equal(wrong.status, 400);
});

test("reads content that the Fetch standard does not foresee", async () => {
  const app = new Sabir();
  app.get("/", anything, async ({ request }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body ?? []) chunks.push(chunk as Uint8Array);
    return [
      Object.fromEntries(await request.formData()),
      (await request.blob()).type.split(";")[0],
      Buffer.concat(chunks).toString(),
    ];
  });
  const type = "application/x-www-form-urlencoded";
  const headers: [string, string][] = [["content-type", type]];
  const body = new TextEncoder().encode("name=Ada");
  const answer = await app.inject({ method: "GET", target: "/", headers, body });
  assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.body)), [{ name: "Ada" }, type, "name=Ada"]);
});

test("has no content where none was sent", async () => {
  const app = new Sabir();
  app.get("/", ({ request }) => {
    const { headers } = request;
    return [request.body, request.headers === headers];
  });
  assert.deepEqual(await (await app.request("/")).json(), [null, true]);
});

test("aborts its signal with the call's", async () => {
  const app = new Sabir({}, { logger: new Log() });
  let aborted = false;
  app.get("/slow", { timeoutMs: 20 }, async ({ request }) => {
    request.signal.addEventListener("abort", () => (aborted = true));
    await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
  });
  assert.equal((await app.request("/slow")).status, 504);
  await eventually(() => aborted);
});

test("does not copy large content", async () => {
  const app = new Sabir();
  const schema = { type: "string", format: "binary" } as const;
  const options = { requestBody: { content: { "application/octet-stream": { schema } } } };
  app.post("/", options, async ({ request, body }) => {
    const bytes = await request.bytes();
    const copy = new Uint8Array(await request.arrayBuffer());
    copy.fill(0);
    return [bytes === body, bytes === (await request.bytes()), bytes.every((byte) => byte === 7), bytes.length];
  });
  for (const length of [0, 1, 100_000]) {
    const headers = { "content-type": "application/octet-stream" };
    const answer = await app.request("/", { method: "POST", headers, body: new Uint8Array(length).fill(7) });
    assert.deepEqual(await answer.json(), length === 0 ? [false, true, true, 0] : [true, true, true, length]);
  }
});
