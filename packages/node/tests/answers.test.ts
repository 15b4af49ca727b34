/** What a handler may return, and what is refused because it would lose what it holds. */

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { Problem, Response as Answer, Sabir, UploadFile } from "sabir";

import { Log } from "./serving.js";

class Empty {
  readonly #secret = 1;
  get secret(): number {
    return this.#secret;
  }
}

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}

class Money {
  toJSON(): string {
    return "7 EUR";
  }
}

class Failure extends Error {
  readonly code = "E1";
}

async function* events(): AsyncGenerator<number> {
  yield 1;
}

function* numbers(): Generator<number> {
  yield 1;
}

const cycle: { self?: unknown } = {};
cycle.self = cycle;

/** What is no answer, and a part of what the log says to return instead. */
const REFUSED: [what: string, value: () => unknown, instead: RegExp][] = [
  ["an Error", () => new Error("hunter2"), /class Error is no answer.*throw it, or return a Problem/],
  ["an Error with properties", () => new Failure("hunter2"), /class Failure is no answer.*throw it/],
  ["a Map", () => new Map([["a", 1]]), /class Map.*Object\.fromEntries\(map\)/],
  ["a Map with properties", () => Object.assign(new Map(), { a: 1 }), /class Map/],
  ["a Set", () => new Set([1]), /class Set.*\[\.\.\.set\]/],
  ["a Blob", () => new Blob(["a"]), /class Blob.*await blob\.text\(\)/],
  ["a web stream within an object", () => ({ a: new ReadableStream() }), /class ReadableStream at \/a.*a stream is the whole/],
  ["a stream of Node within an object", () => ({ a: Readable.from(["a"]) }), /class Readable at \/a.*a stream is the whole/],
  ["an async generator within a list", () => [events()], /at \/0.*a stream is the whole content/],
  ["a generator within an object", () => ({ a: numbers() }), /at \/a.*\[\.\.\.generator\]/],
  ["a form", () => new FormData(), /class FormData/],
  ["header fields", () => new Headers({ a: "1" }), /class Headers/],
  ["URLSearchParams", () => new URLSearchParams("a=1"), /class URLSearchParams/],
  ["a WeakMap", () => new WeakMap(), /class WeakMap.*a plain object, or give its class a method toJSON/],
  ["a regular expression", () => /a/, /class RegExp/],
  ["an object whose class hides what it holds", () => new Empty(), /class Empty.*toJSON/],
  ["a function", () => () => 1, /a function is no answer/],
  ["a symbol", () => Symbol("a"), /a symbol is no answer/],
  ["an object with a cycle", () => cycle, /circular|cyclic/],
  ["a Map within an object", () => ({ items: [{ "a/b": new Map([["a", 1]]) }] }), /class Map at \/items\/0\/a~1b is no answer/],
  ["a Promise within an object", () => ({ user: Promise.resolve(1) }), /class Promise at \/user is no answer.*await it/],
  ["a Set within a Response of the package", () => new Answer({ tags: new Set(["a"]) }), /class Set at \/tags/],
  ["a Blob in a Response of the package", () => new Answer(new Blob(["a"])), /class Blob/],
];

for (const [what, value, instead] of REFUSED) {
  // Bun knows how to write some of the platform's own as JSON.
  const returned = value() as { toJSON?: unknown } | null;
  test(`refuses ${what}`, { skip: typeof returned?.toJSON === "function" }, async () => {
    const logger = new Log();
    const app = new Sabir({}, { logger });
    app.get("/now", value).get("/later", async () => value());
    for (const path of ["/now", "/later"]) {
      const answer = await app.request(path);
      assert.equal(answer.status, 500);
      assert.ok(!(await answer.text()).includes("hunter2"));
    }
    for (const [, cause] of logger.entries) assert.match(String(cause), instead);
    assert.equal(logger.entries.length, 2);
  });
}

/** What is an answer, and its text. */
const SENT: [value: () => unknown, text: string][] = [
  [() => null, "null"],
  [() => undefined, ""],
  [() => ({}), "{}"],
  [() => ({ a: {}, b: [{}], c: "{}", d: undefined, e: null }), '{"a":{},"b":[{}],"c":"{}","e":null}'],
  [() => Object.create(null) as object, "{}"],
  [() => new Point(1, 2), '{"x":1,"y":2}'],
  [() => ({ at: new Point(1, 2), more: {} }), '{"at":{"x":1,"y":2},"more":{}}'],
  [() => new Money(), '"7 EUR"'],
  [() => [new Money(), {}, new Date(0), new URL("http://a/")], '["7 EUR",{},"1970-01-01T00:00:00.000Z","http://a/"]'],
  [() => ({ big: 1n << 70n, none: {} }), '{"big":1180591620717411303424,"none":{}}'],
  [() => Object("a") as object, '"a"'],
  [() => [], "[]"],
];

test("sends data, also of classes that say how or whose properties are all they hold", async () => {
  for (const [value, text] of SENT) {
    const app = new Sabir();
    app.get("/", value);
    const answer = await app.request("/");
    assert.equal(await answer.text(), text);
    assert.equal(answer.status, text === "" ? 204 : 200);
  }
});

test("sends a Response in one piece or several", async () => {
  const app = new Sabir();
  const chunks = (count: number): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (let index = 0; index < count; index++) controller.enqueue(new TextEncoder().encode(`${index};`));
        controller.close();
      },
    });
  app.get("/{count:int}", ({ params }) => new Response(chunks(params.count), { status: 201 }));
  app.get("/text", () => new Response("Grüße"));
  for (const [path, text] of [
    ["/0", ""],
    ["/1", "0;"],
    ["/3", "0;1;2;"],
    ["/text", "Grüße"],
  ] as const) {
    const answer = await app.request(path);
    assert.equal(await answer.text(), text);
    // What is there at once has a length.
    assert.ok(answer.headers.has("content-length"), path);
  }
});

test("extensions of a problem are written as answers are", async () => {
  const app = new Sabir({}, { logger: new Log() });
  const extensions = {
    at: new Date(0),
    price: new Money(),
    none: undefined,
    nested: { point: new Point(1, 2) },
    big: (1n << 63n) - 1n,
  };
  app.get("/", () => new Problem(409, { extensions }));
  app.get("/lost", () => new Problem(409, { extensions: { map: new Map() } }));
  const text = await (await app.request("/")).text();
  assert.match(text, /"big":9223372036854775807[,}]/);
  const problem = JSON.parse(text) as Record<string, unknown>;
  const expected = { at: "1970-01-01T00:00:00.000Z", price: "7 EUR", nested: { point: { x: 1, y: 2 } } };
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(problem[name], value);
  assert.ok(!("none" in problem));
  assert.equal((await app.request("/lost")).status, 500);
});

test("an uploaded file is no answer", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  const form = {
    type: "object",
    properties: { file: { type: "string", format: "binary" } },
    required: ["file"],
  } as const;
  app.post("/", { form }, ({ body }) => (assert.ok(body.file instanceof UploadFile), body.file));
  const body = new FormData();
  body.append("file", new Blob(["a"]), "a.txt");
  assert.equal((await app.request("/", { method: "POST", body })).status, 500);
  assert.match(String(logger.entries[0]?.[1]), /class UploadFile is no answer.*await file\.bytes\(\)/);
});
