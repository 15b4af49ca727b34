/** `request` can be given to whatever takes a web-standard `Request`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

import { eventually, Log, serving } from "./serving.js";

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

test("is a request for whatever the platform does with one", async () => {
  const app = new Sabir();
  app.post("/", anything, async ({ request }) => {
    const made = new globalThis.Request(request);
    const { method, url } = made;
    const own = [request instanceof globalThis.Request, request.cache, request.redirect];
    return {
      own,
      made: [method, new URL(url).pathname, made.headers.get("x-trace"), await made.text()],
      text: await request.text(),
    };
  });
  app.get("/", ({ request }) => new globalThis.Request(request).url);
  app.post("/proxy", anything, async ({ request }) => {
    const url = new URL(request.url);
    url.pathname = "/";
    const [made, same] = [await fetch(new globalThis.Request(url, request)), await fetch(request.clone())];
    return { made: await made.json(), same: same.status };
  });
  app.put("/proxy", anything, ({ request }) => fetch(request.url.replace("/proxy", "/target"), request));
  app.put("/target", anything, async ({ request }) => [request.method, request.header("x-trace"), await request.text()]);
  app.post("/once", anything, async ({ request }) => {
    if (request.header("x-passed")) return [request.method, await request.text()];
    request.headers.set("x-passed", "1");
    return await fetch(new globalThis.Request(request, { headers: request.headers }));
  });
  await serving(app, async (url) => {
    const init = { method: "POST", body: "Grüße", headers: { "x-trace": "7" } };
    const expected = { own: [true, "default", "follow"], made: ["POST", "/", "7", "Grüße"], text: "Grüße" };
    assert.deepEqual(await (await fetch(url, init)).json(), expected);
    assert.equal(await (await fetch(url)).text(), `${url}/`);
    assert.deepEqual(await (await fetch(`${url}/once`, init)).json(), ["POST", "Grüße"]);
    assert.deepEqual(await (await fetch(`${url}/proxy`, { ...init, method: "PUT" })).json(), ["PUT", "7", "Grüße"]);
  });
});

test("reads text as the Fetch standard does", async () => {
  const app = new Sabir();
  app.post("/text", anything, async ({ request }) => [await request.text()]);
  app.post("/json", anything, async ({ request }) => [await request.json()]);
  const send = async (path: string, bytes: number[]): Promise<unknown> =>
    await (await app.request(path, { method: "POST", body: new Uint8Array(bytes) })).json();
  const mark = [0xef, 0xbb, 0xbf];
  for (const bytes of [[0x61], [...mark, 0x61], [0x61, 0xff, 0x62], [0xe2, 0x82], mark]) {
    assert.deepEqual(await send("/text", bytes), [await new Response(new Uint8Array(bytes)).text()]);
  }
  assert.deepEqual(await send("/json", [...mark, 0x37]), [7]);
  assert.deepEqual(await send("/json", [0x22, 0xff, 0x22]), ["\ufffd"]);
  assert.equal((await app.request("/json", { method: "POST", body: "{" })).status, 400);
});

test("is made with another host, and cancelled", async () => {
  const app = new Sabir({}, { logger: new Log() });
  app.get("/", ({ request }) => [request.url, request.header("host"), request.headerList("host").length]);
  let [started, aborted] = [false, false];
  app.get("/slow", async ({ signal }) => {
    started = true;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    aborted = true;
  });
  assert.deepEqual(await (await app.request("/")).json(), ["http://sabir.test/", "sabir.test", 1]);
  assert.deepEqual(await (await app.request("/", { headers: { Host: "a.example:81" } })).json(), [
    "http://a.example:81/",
    "a.example:81",
    1,
  ]);
  assert.equal((await app.request("http://b.example/")).status, 200);
  const controller = new AbortController();
  const answer = app.request("/slow", { signal: controller.signal });
  await eventually(() => started);
  controller.abort(new Error("enough"));
  await assert.rejects(answer, /enough/);
  await eventually(() => aborted);
  await assert.rejects(app.request("/slow", { signal: AbortSignal.abort(new Error("early")) }), /early/);
  const other = new AbortController();
  assert.equal((await app.request("/", { signal: other.signal })).status, 200);
  other.abort();
});

test("`app.fetch` answers for a server of the platform", { skip: process.versions["bun"] === undefined }, async () => {
  const app = new Sabir();
  app.post("/", anything, async ({ request }) => [request.header("host"), await request.text()]);
  const { Bun } = globalThis as unknown as { Bun: { serve(options: object): { port: number; stop(): void } } };
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "tea" });
    assert.deepEqual(await answer.json(), [`127.0.0.1:${server.port}`, "tea"]);
  } finally {
    server.stop();
  }
});
