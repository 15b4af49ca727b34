/** Content of requests that handlers take while it arrives. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { request as send, type ClientRequest, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Problem, Sabir, SetupError } from "sabir";
import { z } from "zod";

import { eventually, Log, serving } from "./serving.js";

const Row = z.object({ sku: z.string(), sold: z.number().int() });

/** Begins a request whose content is written by hand. */
function begin(url: string, path: string, headers: Record<string, string> = {}): ClientRequest {
  const request = send(`${url}${path}`, { method: "POST", headers });
  request.on("error", () => {});
  request.flushHeaders();
  return request;
}

async function answer(request: ClientRequest): Promise<{ status: number; text: string }> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return { status: response.statusCode ?? 0, text };
}

test("bytes come while they are sent", async () => {
  const seen: string[] = [];
  const app = new Sabir({}, { logger: new Log() });
  app.post("/", { streaming: true }, async ({ body, request }) => {
    assert.equal(request.body, body);
    assert.equal(request.bodyUsed, false);
    seen.push("begun");
    let size = 0;
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      seen.push(new TextDecoder().decode(chunk));
    }
    return { size };
  });
  app.post("/text", { streaming: true }, async ({ request }) => (await request.text()).toUpperCase());
  app.post("/early", { streaming: true }, () => "at once");
  await serving(app, async (url) => {
    const request = begin(url, "/");
    await eventually(() => seen.length === 1);
    request.write("one");
    await eventually(() => seen.length === 2);
    request.end("two");
    assert.deepEqual(await answer(request), { status: 200, text: '{"size":6}' });
    assert.deepEqual(seen, ["begun", "one", "two"]);
    assert.equal((await answer(begin(url, "/early"))).text, "at once");
    const response = await fetch(`${url}/text`, { method: "POST", body: "whole" });
    assert.equal(await response.text(), "WHOLE");
  });
  assert.deepEqual(await (await app.request("/", { method: "POST", body: "memory" })).json(), { size: 6 });
  assert.deepEqual(await (await app.request("/", { method: "POST" })).json(), { size: 0 });
});

test("a handler that does not read slows its client down", async () => {
  let read = 0;
  let go = (): void => {};
  const app = new Sabir({ bodyLimit: 1 << 30 });
  app.post("/", { streaming: true }, async ({ body }) => {
    await new Promise<void>((resolve) => (go = resolve));
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) read += chunk.length;
    return { read };
  });
  await serving(app, async (url) => {
    const request = begin(url, "/");
    const chunk = Buffer.alloc(1 << 20);
    for (let count = 0; count < 64; count++) request.write(chunk);
    await sleep(200);
    assert.ok(request.writableLength > 32 << 20, String(request.writableLength));
    go();
    request.end();
    assert.deepEqual(await answer(request), { status: 200, text: `{"read":${64 << 20}}` });
  });
});

test("lines are validated one by one, and one that does not fit is the answer", async () => {
  const seen: unknown[] = [];
  const app = new Sabir({}, { logger: new Log() });
  app.post("/", { bodyItems: Row.refine(({ sku }) => sku !== "NONE", "is nothing") }, async ({ items }) => {
    let sold = 0;
    for await (const row of items) {
      seen.push(row.sku);
      sold += row.sold;
    }
    return { sold };
  });
  const type = { "content-type": "application/jsonl" };
  const post = (body: string) => app.request("/", { method: "POST", headers: type, body });
  assert.deepEqual(await (await post('{"sku":"a","sold":1}\n{"sku":"b","sold":2}\n')).json(), { sold: 3 });
  for (const [line, pointer, keyword] of [
    ['{"sku":"d","sold":"x"}', "/sold", "type"],
    ['{"sku":"NONE","sold":1}', "", "custom"],
  ] as const) {
    seen.length = 0;
    const refused = await post(`{"sku":"c","sold":1}\n${line}\n{"sku":"e","sold":1}\n`);
    assert.equal(refused.status, 422);
    const { errors } = (await refused.json()) as { errors: { pointer: string; keyword: string }[] };
    assert.ok(errors[0]?.pointer.endsWith(pointer), errors[0]?.pointer);
    assert.equal(errors[0]?.keyword, keyword);
    assert.deepEqual(seen, ["c"]);
  }
  assert.equal((await post("{")).status, 400);
  assert.equal((await app.request("/", { method: "POST", body: "a" })).status, 415);
  await serving(app, async (url) => {
    seen.length = 0;
    const request = begin(url, "/", type);
    request.write('{"sku":"x","sold":1}\n{"sku"');
    await eventually(() => seen.length === 1);
    request.end(':"y","sold":2}');
    assert.deepEqual(await answer(request), { status: 200, text: '{"sold":3}' });
  });
});

test("a problem of the content can be caught, and comes again", async () => {
  const app = new Sabir();
  app.post("/", { bodyItems: Row }, async ({ items, status }) => {
    void status;
    const iterator = items[Symbol.asyncIterator]();
    try {
      await iterator.next();
    } catch (error) {
      assert.ok(error instanceof Problem);
      return { status: error.status, type: error.options.type };
    }
    return "fits";
  });
  const init = { method: "POST", headers: { "content-type": "application/jsonl" }, body: "nonsense" };
  assert.deepEqual(await (await app.request("/", init)).json(), { status: 400, type: "urn:sabir:problem:bad-request" });
});

test("parts come one by one", async () => {
  const app = new Sabir({}, { logger: new Log() });
  app.post("/", { parts: true }, async ({ parts }) => {
    const found: unknown[] = [];
    for await (const part of parts) {
      // What is not read is passed over.
      if (part.name === "skipped") found.push("skipped");
      else if (part.filename === undefined) found.push([part.name, await part.text()]);
      else {
        let size = 0;
        for await (const chunk of part) size += chunk.length;
        found.push([part.name, part.filename, part.contentType?.split(";")[0], size, (await part.bytes()).length]);
      }
    }
    return found;
  });
  app.post("/first", { parts: true }, async ({ parts }) => {
    for await (const part of parts) return part.name;
    return "none";
  });
  const form = new FormData();
  form.append("title", "ä");
  form.append("skipped", "x".repeat(100_000));
  form.append("file", new Blob(["y".repeat(300_000)], { type: "text/plain" }), "a.txt");
  const expected = [["title", "ä"], "skipped", ["file", "a.txt", "text/plain", 300_000, 0]];
  assert.deepEqual(await (await app.request("/", { method: "POST", body: form })).json(), expected);
  assert.equal(await (await app.request("/first", { method: "POST", body: form })).text(), "title");
  await serving(app, async (url) => {
    assert.deepEqual(await (await fetch(url, { method: "POST", body: form })).json(), expected);
  });
});

test("limits hold while it is read", async () => {
  const app = new Sabir({}, { logger: new Log() });
  app.post("/", { streaming: true, bodyLimit: 1000 }, async ({ request }) => (await request.bytes()).length);
  await serving(app, async (url) => {
    const request = begin(url, "/");
    for (let count = 0; count < 20; count++) request.write("x".repeat(100));
    assert.equal((await answer(request)).status, 413);
    request.destroy();
  });
});

test("a client that leaves ends the reading", async () => {
  const log = new Log();
  const seen: unknown[] = [];
  const app = new Sabir({}, { logger: log });
  app.post("/reads", { streaming: true }, async ({ body }) => {
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) seen.push(chunk.length);
    } catch (error) {
      seen.push("failed");
      throw error;
    }
  });
  await serving(app, async (url) => {
    const request = begin(url, "/reads");
    request.write("abc");
    await eventually(() => seen.length === 1);
    request.destroy();
    await eventually(() => seen.length === 2, 2000);
    assert.deepEqual(seen, [3, "failed"]);
  });
  assert.deepEqual(log.messages, []);
});

test("what is sent back may depend on what comes", async () => {
  const app = new Sabir();
  app.post("/", { streaming: true }, async function* ({ body }) {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield `got ${chunk.length}\n`;
  });
  await serving(app, async (url) => {
    const request = begin(url, "/");
    request.write("abc");
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const chunks = response.setEncoding("utf8")[Symbol.asyncIterator]();
    assert.equal((await chunks.next()).value, "got 3\n");
    request.write("de");
    assert.equal((await chunks.next()).value, "got 2\n");
    request.end();
    assert.equal((await chunks.next()).done, true);
  });
});

test("mistakes are told when the route is added", () => {
  const app = new Sabir();
  for (const options of [
    { streaming: true, body: Row },
    { streaming: true, parts: true },
    { bodyItems: Row, form: Row },
    { streaming: false },
  ]) {
    assert.throws(() => app.post("/", options as never, () => ""), SetupError);
  }
});

/** A request whose content is made when it is read, and what has happened to that. */
function upload(
  path: string,
  chunks: Iterable<string | Promise<string> | (() => Promise<string>)>,
  init?: RequestInit,
): { request: Request; seen: string[] } {
  const seen: string[] = [];
  const iterator = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        seen.push("pulled");
        const { done, value } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(new TextEncoder().encode(await (typeof value === "function" ? value() : value)));
      },
      cancel: () => void seen.push("cancelled"),
    },
    { highWaterMark: 0 },
  );
  const request = new Request(`http://a${path}`, { method: "POST", body, duplex: "half", ...init } as RequestInit);
  return { request, seen };
}

test("fetch reads a content when the handler wants it", async () => {
  const app = new Sabir({}, { logger: new Log() });
  const read: string[] = [];
  let go = (): void => {};
  app.post("/", { streaming: true }, async ({ body }) => {
    await new Promise<void>((resolve) => (go = resolve));
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      read.push(new TextDecoder().decode(chunk));
      await new Promise<void>((resolve) => (go = resolve));
    }
    return read;
  });
  app.post("/text", ({ request }) => request.text());
  app.post("/echo", { streaming: true }, async function* ({ body }) {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield new TextDecoder().decode(chunk).toUpperCase();
  });
  const { request, seen } = upload("/", ["one", "two"]);
  const answer = app.fetch(request);
  await sleep(50);
  assert.ok(seen.length <= 1, "nothing is pulled that nobody wants");
  for (const count of [1, 2]) {
    go();
    await eventually(() => read.length === count);
    await sleep(20);
    assert.ok(seen.length <= count + 1, String(seen.length));
  }
  go();
  assert.deepEqual(await (await answer).json(), ["one", "two"]);

  assert.equal(await (await app.fetch(upload("/text", ["one", "two"]).request)).text(), "onetwo");
  assert.equal(await (await app.fetch(upload("/text", []).request)).text(), "");
  const echo = await app.fetch(upload("/echo", ["one", sleep(30).then(() => "two")]).request);
  assert.equal(await echo.text(), "ONETWO");
  const values = (async function* () {
    yield await Promise.resolve(new TextEncoder().encode("iterated"));
  })();
  const injected = await app.inject({ method: "POST", target: "/text", headers: [["host", "a"]], body: values });
  assert.equal(new TextDecoder().decode(injected.body), "iterated");
});

test("what is sent to fetch may depend on what comes back", async () => {
  const app = new Sabir();
  app.post("/", { streaming: true }, async function* ({ body }) {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield new TextDecoder().decode(chunk).toUpperCase();
  });
  let say = (_: string): void => {};
  function* words(): Generator<string | Promise<string>> {
    yield "a";
    for (;;) {
      const word = new Promise<string>((resolve) => (say = resolve));
      yield word;
    }
  }
  const { request, seen } = upload("/", words());
  const response = await app.fetch(request);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  assert.equal(await next(), "A");
  await eventually(() => seen.length === 2);
  say("b");
  assert.equal(await next(), "B");
  await reader.cancel();
  await eventually(() => seen.includes("cancelled"));
});

test("fetch takes no more of a content than its route does", async () => {
  const app = new Sabir({ bodyLimit: 1000 });
  app.post("/", ({ request }) => request.text());
  app.post("/stream", { streaming: true }, ({ request }) => request.text());
  app.post("/early", { streaming: true }, () => "at once");
  for (const [path, status] of [
    ["/", 413],
    ["/stream", 413],
    ["/early", 200],
    ["/nowhere", 404],
  ] as const) {
    let pulled = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(100));
      },
      cancel: () => void (isCancelled = true),
    });
    const request = new Request(`http://a${path}`, { method: "POST", body, duplex: "half" } as RequestInit);
    assert.equal((await app.fetch(request)).status, status);
    assert.ok(pulled < 20, String(pulled));
    await eventually(() => isCancelled);
  }
});

test("a request that is aborted and content that fails are clients that leave", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  const ended: string[] = [];
  app.post("/wait", { streaming: true }, async ({ signal }) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    ended.push("aborted");
  });
  app.post("/read", { streaming: true }, async ({ request }) => {
    await request.text().catch((error: unknown) => ended.push((error as Error).name));
  });
  app.post("/echo", { streaming: true }, ({ body }) => body);
  for (const path of ["/wait", "/read"]) {
    const controller = new AbortController();
    const { request, seen } = upload(path, ["one", new Promise<string>(() => {})], { signal: controller.signal });
    const answer = app.fetch(request);
    await sleep(50);
    controller.abort(new Error("no more"));
    await assert.rejects(answer, /no more/);
    await eventually(() => ended.length === 1);
    await eventually(() => seen.includes("cancelled"));
    ended.length = 0;
  }
  const failing = (): Request => upload("/read", ["one", () => Promise.reject(new TypeError("of the source"))]).request;
  await assert.rejects(app.fetch(failing()), /of the source/);
  const { request } = upload("/echo", ["one", () => Promise.reject(new TypeError("of the source"))]);
  const response = await app.fetch(request);
  await assert.rejects(response.text(), /of the source/);
  const text = new Request("http://a/read", {
    method: "POST",
    body: new ReadableStream<unknown>({ pull: (controller) => controller.enqueue("text") }),
    duplex: "half",
  } as RequestInit);
  await assert.rejects(app.fetch(text), /bytes/);
});

test("a server of the platform passes content on as it comes", { skip: !("Bun" in globalThis) }, async () => {
  const { Bun } = globalThis as unknown as {
    Bun: { serve(options: object): { port: number; stop(isForced: boolean): Promise<void> } };
  };
  const seen: string[] = [];
  const app = new Sabir();
  app.post("/", { streaming: true }, async ({ body }) => {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) seen.push(new TextDecoder().decode(chunk));
    return seen;
  });
  app.post("/wait", { streaming: true }, async ({ signal }) => {
    seen.push("begun");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    seen.push("left");
  });
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
  try {
    const request = begin(`http://127.0.0.1:${server.port}`, "/");
    request.write("one");
    await eventually(() => seen.length === 1);
    request.end("two");
    assert.equal((await answer(request)).text, '["one","two"]');
    const left = begin(`http://127.0.0.1:${server.port}`, "/wait");
    left.write("one");
    await eventually(() => seen.includes("begun"));
    left.destroy();
    await eventually(() => seen.includes("left"));
  } finally {
    await server.stop(true);
  }
});
