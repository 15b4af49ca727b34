/** The methods of the context that make answers, or say something of them before they are returned. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Conflict, type Context, Response as Answer, Sabir } from "sabir";
import { z } from "zod";

import { Log, serving } from "./serving.js";

/** What a client sees of an answer. */
interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly fields: Record<string, string>;
  readonly cookies: string[];
}

async function seen(answer: globalThis.Response): Promise<Seen> {
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    // Each problem has a request of its own.
    text: isProblem(answer) ? "" : await answer.text(),
    fields: Object.fromEntries([...answer.headers].filter(([name]) => /^x-(?!request-id)|^location$/.test(name))),
    cookies: answer.headers.getSetCookie(),
  };
}

function isProblem(answer: globalThis.Response): boolean {
  return answer.headers.get("content-type") === "application/problem+json";
}

/** What `handler` answers in memory, which is what it answers over a socket. */
async function answered(handler: (context: Context) => unknown, options = {}): Promise<Seen> {
  const app = new Sabir({}, { logger: new Log() });
  app.get("/now", options, handler).get("/later", options, async (context) => {
    await null;
    return await handler(context);
  });
  const given = await seen(await app.request("/now"));
  assert.deepEqual(await seen(await app.request("/later")), given);
  await serving(app, async (url) => {
    assert.deepEqual(await seen(await fetch(`${url}/now`, { redirect: "manual" })), given);
  });
  return given;
}

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** What a handler returns, and the status, the media type and the text that are sent. */
const WRITTEN: [name: string, handler: (context: Context) => unknown, status: number, type: string | null, text: string][] = [
  ["json", ({ json }) => json({ a: 1 }), 200, JSON_TYPE, '{"a":1}'],
  ["json of a string", ({ json }) => json("a"), 200, JSON_TYPE, '"a"'],
  ["json of null", ({ json }) => json(null, 404), 404, JSON_TYPE, "null"],
  ["json of a bigint", ({ json }) => json(1n << 64n), 200, JSON_TYPE, "18446744073709551616"],
  ["json with a status", ({ json }) => json([1], 201), 201, JSON_TYPE, "[1]"],
  ["json with header fields alone", ({ json }) => json(1, undefined, { "content-type": "a/b" }), 200, "a/b", "1"],
  ["json with null for the status", ({ json }) => json(1, null as never), 200, JSON_TYPE, "1"],
  ["text with null for the status", ({ text }) => text("a", null as never, { "content-type": "a/b" }), 200, "a/b", "a"],
  ["a Response with null for the options", () => new Answer("a", null), 200, TEXT_TYPE, "a"],
  [
    "json with options",
    ({ json }) => json([1], { status: 202, mediaType: "application/a+json" }),
    202,
    "application/a+json",
    "[1]",
  ],
  ["json of another type", ({ json }) => json(1, 200, { "Content-Type": "application/b+json" }), 200, "application/b+json", "1"],
  ["text", ({ text }) => text("Grüße"), 200, TEXT_TYPE, "Grüße"],
  ["text with a status", ({ text }) => text("", 400), 400, TEXT_TYPE, ""],
  ["text of another type", ({ text }) => text("a,b", 200, { "content-type": "text/csv" }), 200, "text/csv", "a,b"],
  ["html", ({ html }) => html("<p>Grüße"), 200, "text/html; charset=utf-8", "<p>Grüße"],
  ["html with a status", ({ html }) => html("<p>", 404), 404, "text/html; charset=utf-8", "<p>"],
  ["bytes", ({ bytes }) => bytes(new Uint8Array([97])), 200, "application/octet-stream", "a"],
  [
    "bytes of a view",
    ({ bytes }) => bytes(new DataView(new Uint8Array([97, 98]).buffer, 1)),
    200,
    "application/octet-stream",
    "b",
  ],
  ["bytes of a type", ({ bytes }) => bytes(new Uint8Array([97]), 201, { "content-type": "image/x" }), 201, "image/x", "a"],
  ["a Response", () => new Answer({ a: 1 }, { status: 203 }), 203, JSON_TYPE, '{"a":1}'],
  ["a Response without content", () => new Answer(), 204, null, ""],
  ["a Response of null, as the platform's", () => new Answer(null, { status: 410 }), 410, null, ""],
  ["JSON of a Response", () => Answer.json(null), 200, JSON_TYPE, "null"],
  ["HTML of a Response", () => Answer.html("<p>", { status: 201 }), 201, "text/html; charset=utf-8", "<p>"],
  [
    "one media type where two are said",
    () => new Answer("a", { mediaType: "text/a", headers: { "content-type": "text/b" } }),
    200,
    "text/a",
    "a",
  ],
  ["status before data", (context) => (context.status(418), { a: 1 }), 418, JSON_TYPE, '{"a":1}'],
  ["status before null", (context) => (context.status(418), null), 418, JSON_TYPE, "null"],
  ["status before nothing", (context) => void context.status(202), 202, null, ""],
  ["status returned", (context) => context.status(202), 202, null, ""],
  ["status as an expression", async (context) => await Promise.resolve(context.status(202)), 202, null, ""],
  ["a cookie returned", (context) => context.setCookie("a", "1"), 204, null, ""],
  ["the context returned", (context) => context, 204, null, ""],
  ["status before text", (context) => (context.status(418), "a"), 418, TEXT_TYPE, "a"],
  ["status before json", (context) => context.status(418).json("a"), 418, JSON_TYPE, '"a"'],
  ["the status of json after status", (context) => context.status(418).json("a", 201), 201, JSON_TYPE, '"a"'],
  [
    "the status of a web Response",
    (context) => (context.status(418), new Response('"a"', { status: 201, headers: { "content-type": JSON_TYPE } })),
    201,
    JSON_TYPE,
    '"a"',
  ],
  ["header before text", (context) => (context.header("Content-Type", "text/csv"), "a,b"), 200, "text/csv", "a,b"],
  [
    "the type of a Response after header",
    (context) => context.header("content-type", "a/b").text("a", { mediaType: "text/c" }),
    200,
    "text/c",
    "a",
  ],
];

for (const [name, handler, status, type, text] of WRITTEN) {
  test(`sends ${name}`, async () => {
    const given = await answered(handler);
    assert.deepEqual([given.status, given.type, given.text], [status, type, text]);
  });
}

test("the status of a route is that of answers which have none", async () => {
  const route = { status: 201 };
  assert.equal((await answered(({ json }) => json(1), route)).status, 201);
  assert.equal((await answered(({ json }) => json(1, 202), route)).status, 202);
  assert.equal((await answered((context) => context.status(202).json(1), route)).status, 202);
  assert.equal((await answered((context) => (context.header("x-a", "1"), 1), route)).status, 201);
});

/** Whatever a handler returns, with what it said before. */
const ANSWERS: [name: string, value: (context: Context) => unknown, status: number][] = [
  ["data", () => ({ a: 1 }), 200],
  ["nothing", () => undefined, 204],
  ["bytes", () => new Uint8Array(3), 200],
  ["json", ({ json }) => json(1, 201), 201],
  ["a Response of the platform", () => new Response("a", { status: 202 }), 202],
  ["a Response of the platform without content", () => new Response(null, { status: 204 }), 204],
  ["a problem", () => new Conflict("taken"), 409],
];

for (const [name, value, status] of ANSWERS) {
  test(`header fields and cookies go with ${name}`, async () => {
    const given = await answered((context) => {
      context.header("X-A", "1").header("x-a", "2").header("x-b", "1").header("x-b", "2", { append: true });
      context.setCookie("session", "s 1", { httpOnly: true }).deleteCookie("__Host-old");
      return value(context);
    });
    assert.equal(given.status, status);
    assert.deepEqual(given.fields, { "x-a": "2", "x-b": "1, 2" });
    assert.deepEqual(given.cookies, ["session=s%201; Path=/; HttpOnly", "__Host-old=; Path=/; Max-Age=0; Secure"]);
    if (name === "a problem") assert.equal(given.type, "application/problem+json");
  });
}

test("what an answer says itself goes before what was said of it", async () => {
  const own = { "x-a": "own", "set-cookie": "c=3; Path=/" };
  const given = await answered((context) => {
    context.header("X-A", "1").header("x-b", "1").header("set-cookie", "a=1").header("Set-Cookie", "b=2");
    return context.json(1, { headers: own, cookies: [{ name: "d", value: "4", path: null }] });
  });
  assert.deepEqual(given.fields, { "x-a": "own", "x-b": "1" });
  assert.deepEqual([...given.cookies].sort(), ["a=1", "b=2", "c=3; Path=/", "d=4"]);
  const web = await answered((context) => {
    context.header("x-a", "1").header("content-type", "text/a").setCookie("a", "1");
    return new Response("a", { headers: [...Object.entries(own), ["content-type", "text/b"]] });
  });
  assert.deepEqual([web.fields, web.type], [{ "x-a": "own" }, "text/b"]);
  assert.deepEqual([...web.cookies].sort(), ["a=1; Path=/", "c=3; Path=/"]);
  const problem = await answered((context) => {
    context.header("content-type", "text/a").header("x-a", "1");
    return new Conflict("taken", { headers: { "X-A": "own" } });
  });
  assert.deepEqual([problem.fields, problem.type], [{ "x-a": "own" }, "application/problem+json"]);
});

test("what is thrown has nothing of what was said before", async () => {
  const thrown = await answered((context) => {
    context.status(201).header("x-a", "1").setCookie("a", "1");
    throw new Conflict("taken", { headers: { "x-own": "1" } });
  });
  assert.deepEqual([thrown.status, thrown.fields, thrown.cookies], [409, { "x-own": "1" }, []]);
  const failed = await answered((context) => {
    context.header("x-a", "1");
    throw new Error("no");
  });
  assert.deepEqual([failed.status, failed.fields], [500, {}]);
});

test("a redirect leads where it says, percent-encoded", async () => {
  const locations: [location: string | URL, status: 301 | 303 | undefined, sent: string][] = [
    ["/orders/1?a=[1]#b", undefined, "/orders/1?a=[1]#b"],
    ["../up", 303, "../up"],
    [new URL("https://example.com/ü"), 301, "https://example.com/%C3%BC"],
    ["/ü b?q=1&r=%20&s=%#c", undefined, "/%C3%BC%20b?q=1&r=%20&s=%25#c"],
    ["/\\host", undefined, "/%5Chost"],
  ];
  for (const [location, status, sent] of locations) {
    for (const given of [
      await answered(({ redirect }) => redirect(location, status)),
      await answered(() => Answer.redirect(location, status)),
    ]) {
      assert.deepEqual([given.status, given.fields["location"], given.text], [status ?? 302, sent, ""]);
    }
  }
});

/** What cannot be sent, and a part of what the log says of it. */
const FAILING: [handler: (context: Context) => unknown, message: RegExp][] = [
  [(context) => context.json({ a: new Map([["a", 1]]) }), /class Map at \/a is no answer/],
  [(context) => context.header("x-a", "a\r\nb").text("a"), /"x-a" is not a well-formed header field/],
  [(context) => context.header("a b", "a").text("a"), /"a b" is not a well-formed header field/],
  [(context) => context.status(99).text("a"), /99 is not a status code; use 100 to 999/],
  [(context) => context.setCookie("a b", "1").text("a"), /the cookie name "a b" is not a token/],
  [(context) => context.setCookie("a", "1", { maxAge: Number.NaN }).text("a"), /cookie a: its end is not a time/],
  [(context) => context.text("a", 1000), /1000 is not a status code; use 100 to 999/],
  [(context) => context.json("a", "201" as never), /TypeError: 201 is not a status code as a number/],
  [(context) => context.json(1, { status: 201 } as never, { "x-a": "1" }), /the header fields of an answer stand in its options/],
  [(context) => context.status("201" as never).text("a"), /TypeError: 201 is not a status code as a number/],
  [() => new Answer("a", { status: 200.5 }), /TypeError: 200.5 is not a status code as a number/],
  [(context) => context.redirect(""), /a redirect needs a URL/],
  [(context) => context.redirect("/a\r\nset-cookie: a=1"), /the URL of a redirect has a control character/],
];

for (const [index, [handler, message]] of FAILING.entries()) {
  test(`what cannot be sent is a failure, and says what it is (${index})`, async () => {
    const logger = new Log();
    const app = new Sabir({}, { logger });
    app.get("/now", handler).get("/later", async (context) => await handler(context));
    for (const path of ["/now", "/later"]) {
      const answer = await app.request(path);
      assert.equal(answer.status, 500);
      assert.deepEqual([answer.headers.has("x-a"), answer.headers.getSetCookie()], [false, []]);
    }
    assert.deepEqual(
      logger.messages.map((text) => text.replace(/ \(request .*/, "")),
      ["GET /now failed", "GET /later failed"],
    );
    for (const [, cause] of logger.entries) assert.match(String(cause), message);
  });
}

test("a context is not sent as data", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  const schema = z.object({ authorization: z.string() });
  let other: unknown;
  app.get("/keep", { headers: schema }, (context) => void (other = context));
  const sending: ((context: Context) => unknown)[] = [
    () => other,
    (context) => ({ context }),
    (context) => [context.status(202)],
    (context) => context.json(context),
    (context) => new Answer({ context }),
    (context) => new Conflict("taken", { extensions: { context } }),
  ];
  for (const [index, handler] of sending.entries()) {
    app
      .get(`/${index}`, { headers: schema }, handler as never)
      .get(`/async/${index}`, { headers: schema }, (async (context: Context) => await handler(context)) as never);
  }
  const headers = { authorization: "hunter2" };
  assert.equal((await app.request("/keep", { headers })).status, 204);
  for (const path of [...sending.keys()].flatMap((index) => [`/${index}`, `/async/${index}`])) {
    const answer = await app.request(path, { headers });
    assert.equal(answer.status, 500);
    assert.ok(!(await answer.text()).includes("hunter2"));
  }
  assert.equal(logger.entries.length, 2 * sending.length);
  for (const [, cause] of logger.entries) assert.match(String(cause), /a context is no data/);
});

test("each request has an answer of its own", async () => {
  const app = new Sabir();
  app.get("/{n:int}", async (context) => {
    if (context.params.n % 2 === 0) context.status(201).header("x-n", String(context.params.n));
    await null;
    return context.params.n;
  });
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  const answers = await Promise.all(numbers.map((n) => app.request(`/${n}`)));
  for (const [n, answer] of answers.entries()) {
    const isEven = n % 2 === 0;
    assert.deepEqual([answer.status, answer.headers.get("x-n")], isEven ? [201, String(n)] : [200, null]);
  }
});
