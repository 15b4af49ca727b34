/** What hooks and the runtime make of answers: `onResponse`. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { Conflict, events, file, type HookContext, Response as Answer, Sabir, stream } from "sabir";

import { text } from "./hooking.js";
import { directory } from "./processes.js";
import { eventually, serving } from "./serving.js";

const FILE = join(directory(), "a.txt");
writeFileSync(FILE, "in a file");

/** What handlers answer, and what clients get. */
const KINDS: [name: string, handler: (context: HookContext) => unknown, status: number, type: string | null, text: string][] = [
  ["text", () => "a", 200, "text/plain; charset=utf-8", "a"],
  ["data", () => ({ a: 1 }), 200, "application/json", '{"a":1}'],
  ["null", () => null, 200, "application/json", "null"],
  ["nothing", () => undefined, 204, null, ""],
  ["bytes", () => new Uint8Array([97]), 200, "application/octet-stream", "a"],
  ["the context", (context) => context.status(202).header("x-b", "2"), 202, null, ""],
  ["json", ({ json }) => json("a", 201), 201, "application/json", '"a"'],
  ["html", ({ html }) => html("<p>"), 200, "text/html; charset=utf-8", "<p>"],
  ["a redirect", ({ redirect }) => redirect("/ä"), 302, null, ""],
  ["a Response of a media type", () => new Answer("a", { mediaType: "text/a" }), 200, "text/a", "a"],
  [
    "a web Response",
    () => new Response("a", { status: 203, headers: { "x-b": "2", "content-type": "text/a" } }),
    203,
    "text/a",
    "a",
  ],
  ["a web Response without content", () => new Response(null, { status: 205 }), 205, null, ""],
  ["a web Response that is a stream", () => new Response(new Blob(["a", "b"]).stream()), 200, null, "ab"],
  ["a generator", () => ["a", "b"].values(), 200, "text/plain; charset=utf-8", "ab"],
  ["a stream of objects", () => [{ a: 1 }].values(), 200, "application/jsonl", '{"a":1}\n'],
  [
    "a stream of lines",
    () => stream([1, "a"].values(), { mediaType: "application/x-ndjson" }),
    200,
    "application/x-ndjson",
    '1\n"a"\n',
  ],
  ["a stream", () => stream(["a", "b"], { mediaType: "text/csv" }), 200, "text/csv", "ab"],
  ["events", () => events([{ data: 1 }]), 200, "text/event-stream", "data: 1\n\n"],
  ["a file", () => file(FILE, { disposition: "inline" }), 200, "text/plain; charset=utf-8", "in a file"],
];

for (const [name, handler, status, type, expected] of KINDS) {
  test(`onResponse may change the head of ${name}, over a socket and in memory`, async () => {
    const seen: unknown[] = [];
    const app = new Sabir();
    app.get("/", handler);
    app.onResponse((_, response) => {
      seen.push(response.status);
      response.headers.set("x-a", "1");
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
    });
    const check = async (answer: globalThis.Response): Promise<void> => {
      const found = answer.headers.get("content-type");
      const isText = name === "a file" && found?.startsWith("text/plain");
      assert.deepEqual([answer.status, isText ? type : found], [status, type]);
      assert.equal(await answer.text(), expected);
      assert.deepEqual([answer.headers.get("x-a"), answer.headers.getSetCookie()], ["1", ["a=1", "b=2"]]);
      if (name.endsWith("context") || name === "a web Response") assert.equal(answer.headers.get("x-b"), "2");
      if (name === "a redirect") assert.equal(answer.headers.get("location"), "/%C3%A4");
      assert.deepEqual(seen.splice(0), [status]);
    };
    await check(await app.request("/"));
    await serving(app, async (url) => await check(await fetch(url, { redirect: "manual" })));
  });

  test(`onResponse may put other content, and another status, in the place of ${name}`, async () => {
    for (const change of [
      (response: Answer) => Object.assign(response, { content: "other", status: 299 }),
      () => new Answer("other", { status: 299 }),
      () => new Response("other", { status: 299 }),
    ]) {
      const app = new Sabir();
      app.get("/", handler).onResponse((_, response) => void response);
      app.onResponse((_, response) => change(response));
      const answer = await app.request("/");
      const written = name === "null" || name === "json" ? ['"other"', "other"] : ["other"];
      assert.equal(answer.status, 299);
      assert.ok(written.includes(await answer.text()));
    }
  });
}

test("onResponse sees the content before it is written", async () => {
  const app = new Sabir();
  app.onResponse((_, response) => {
    if (Array.isArray(response.content)) response.content = { items: response.content, count: response.content.length };
  });
  app.get("/", () => [1, 2]);
  assert.equal(await text(app), '{"items":[1,2],"count":2}');
});

test("an answer that several requests share is changed for each of them alone", async () => {
  const shared = new Answer("hello", { headers: { "x-a": "0" } });
  const web = new Headers({ "x-a": "0" });
  const app = new Sabir();
  app.get("/", () => shared).get("/headers", () => new Answer("hello", { headers: web }));
  app.onResponse((_, response) => response.headers.append("x-a", "1"));
  for (const path of ["/", "/", "/headers", "/headers"]) assert.equal((await app.request(path)).headers.get("x-a"), "0, 1");
  assert.deepEqual([shared.headers.get("x-a"), web.get("x-a")], ["0", "0"]);
});

test("a problem that is an answer keeps its members, whatever hooks change of its head", async () => {
  const app = new Sabir();
  app.get("/", () => {
    throw new Conflict("taken", { extensions: { name: "ada" }, headers: { "X-B": "2" } });
  });
  app.onResponse((_, response) => {
    assert.ok(response.content instanceof Conflict);
    response.headers.set("x-a", "1");
    response.headers.set("content-type", "text/plain");
    response.status = 410;
  });
  const answer = await app.request("/");
  const { status, title, detail, name } = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual([answer.status, status, title, detail, name], [410, 410, "The resource is gone", "taken", "ada"]);
  const found = ["content-type", "x-a", "x-b"].map((field) => answer.headers.get(field));
  assert.deepEqual(found, ["application/problem+json", "1", "2"]);
});

test("whatever is said last of an answer holds", async () => {
  const app = new Sabir();
  app.get("/", (context) => context.header("x-a", "1").header("x-b", "1").setCookie("a", "1").status(201).text("hello"));
  app.onResponse((context, response) => {
    assert.deepEqual([response.status, response.headers.get("x-a")], [201, "1"]);
    response.headers.set("x-b", "2");
    return context.header("x-a", "2").setCookie("b", "2").status(202);
  });
  const answer = await app.request("/");
  assert.deepEqual([answer.status, answer.headers.get("x-a"), answer.headers.get("x-b")], [202, "2", "2"]);
  assert.equal(answer.headers.getSetCookie().length, 2);
});

test("what a generator says of its answer before its first value goes with it", async () => {
  const app = new Sabir();
  app.get("/", { status: 201 }, async function* (context) {
    context.header("x-a", "1").status(202);
    yield "a";
  });
  app.onResponse((_, response) => response.headers.set("x-b", "2"));
  const answer = await app.request("/");
  const found = [answer.status, answer.headers.get("x-a"), answer.headers.get("x-b"), await answer.text()];
  assert.deepEqual(found, [202, "1", "2", "a"]);
});

test("a channel is an answer of events with hooks, too", async () => {
  const app = new Sabir();
  app.sse("/", () => app.events("news")).onResponse((_, response) => response.headers.set("x-a", "1"));
  const answer = await app.request("/");
  assert.deepEqual([answer.headers.get("x-a"), answer.headers.get("content-type")], ["1", "text/event-stream"]);
  await eventually(() => app.presence("news") === 1);
  app.publish("news", "hello");
  const reader = answer.body?.getReader();
  assert.match(new TextDecoder().decode((await reader?.read())?.value), /data: hello/);
  await reader?.cancel();
});

test("hooks see streams of events, which end as without them", async () => {
  const app = new Sabir();
  const seen: unknown[] = [];
  app.onResponse((_, { content, status }) => void seen.push(typeof content, status));
  app.sse("/", function* () {
    yield 1;
    yield 2;
  });
  assert.equal(await text(app), "data: 1\n\ndata: 2\n\n");
  assert.deepEqual(seen, ["object", 200]);
});
