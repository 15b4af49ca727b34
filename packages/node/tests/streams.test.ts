/** Answers that are made while they are sent. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream, mkdtempSync, writeFileSync } from "node:fs";
import { connect as connect2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { type Application, NotFound, Response as Answer, Sabir, stream } from "sabir";

import { eventually, Log, serving, TIMEOUT_MS } from "./serving.js";

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** Asks `app` in memory, and then over a socket. */
async function twice(app: Sabir, use: (ask: Ask) => Promise<void>): Promise<void> {
  await use((path, init) => app.request(path, init));
  await serving(app, (url) => use((path, init) => fetch(url + path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init })));
}

async function* later<T>(...values: T[]): AsyncGenerator<T> {
  for (const value of values) {
    await sleep(1);
    yield value;
  }
}

function* atOnce<T>(...values: T[]): Generator<T> {
  yield* values;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";
const LINES = "application/jsonl";

class Own implements AsyncIterator<string> {
  #left = 2;
  async next(): Promise<IteratorResult<string>> {
    return this.#left-- > 0 ? { done: false, value: "own " } : { done: true, value: undefined };
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What a handler returns, and the media type and the text of the answer. */
const SENT: Record<string, [value: () => unknown, type: string | null, text: string]> = {
  "an async generator of text": [() => later("a", "", "é"), TEXT, "aé"],
  "a generator of text": [() => atOnce("a", "b"), TEXT, "ab"],
  "an iterator of a collection": [() => new Map([["a", 1]]).entries(), LINES, '["a",1]\n'],
  "an object with an iterator of its own": [() => new Own(), TEXT, "own own "],
  "bytes of all kinds": [
    () => later<unknown>(bytes("a"), bytes("b").buffer, new DataView(bytes("xcx").buffer, 1, 1), Buffer.from("d")),
    BYTES,
    "abcd",
  ],
  "text behind bytes": [() => atOnce<unknown>(bytes("a"), "é", bytes("b")), BYTES, "aéb"],
  "bytes behind text": [() => atOnce<unknown>("a", bytes("b"), "c"), TEXT, "abc"],
  data: [
    () => later<unknown>({ a: 1 }, [2], null, "x\ny", true, 1n << 60n),
    LINES,
    '{"a":1}\n[2]\nnull\n"x\\ny"\ntrue\n1152921504606846976\n',
  ],
  "promises in a generator": [() => atOnce(Promise.resolve("a"), Promise.resolve("b")), TEXT, "ab"],
  "a web stream": [() => ReadableStream.from(["a", "b"]), TEXT, "ab"],
  "a stream of Node": [() => Readable.from(["a", "b"]), TEXT, "ab"],
  "a stream of Node of bytes": [() => Readable.from([Buffer.from("a")]), BYTES, "a"],
  nothing: [() => later(), BYTES, ""],
  "nothing at once": [() => atOnce(), BYTES, ""],
  "a list": [() => stream(["a", "b"]), TEXT, "ab"],
  "a set of data": [() => stream(new Set([1, 2])), LINES, "1\n2\n"],
  "a type": [() => stream(later("a,b\n"), { mediaType: "text/csv" }), "text/csv", "a,b\n"],
  "a header field as its type": [() => stream(later("a"), { headers: { "Content-Type": "text/x" } }), "text/x", "a"],
  "text as lines of JSON": [
    () => stream(["a", { b: 1 }], { mediaType: "application/x-ndjson" }),
    "application/x-ndjson",
    '"a"\n{"b":1}\n',
  ],
  "a Response of the package": [() => new Answer(later("a")), TEXT, "a"],
  "a promise of one": [async () => later("a"), TEXT, "a"],
  "a web response": [() => new Response(ReadableStream.from([bytes("a"), bytes("b")])), null, "ab"],
  "the halves of a character": [() => later("\ud83d", "\ude00", "\ud83d"), TEXT, "😀\ufffd"],
  "the halves of a character at once": [() => atOnce<unknown>("\ud83d", "\ude00", "\ud83d", bytes("a")), TEXT, "😀\ufffda"],
};

test("sends values as they are made", async () => {
  const app = new Sabir();
  for (const [index, [value]] of Object.values(SENT).entries()) app.get(`/${index}`, value);
  await twice(app, async (ask) => {
    for (const [index, [what, [, type, text]]] of Object.entries(SENT).entries()) {
      const answer = await ask(`/${index}`);
      assert.deepEqual([answer.status, answer.headers.get("content-type"), await answer.text()], [200, type, text], what);
      // What a web response has at once is sent as a whole.
      assert.equal(answer.headers.has("content-length"), what === "a web response", what);
    }
  });
});

test("a handler may be a generator, and say what the answer has before its first value", async () => {
  const app = new Sabir();
  app.get("/{name}", { status: 203 }, async function* ({ params, header, setCookie, ...context }) {
    void header;
    void setCookie;
    yield params.name + String(Object.keys(context).length > 0);
  });
  app.get("/said/{name}", async function* (context) {
    await sleep(1);
    context.status(201).header("x-a", context.params.name).setCookie("a", "1");
    yield "a";
    // Too late, and without effect.
    context.header("x-b", "1");
    yield context.request.header("x-sent") ?? "";
  });
  await twice(app, async (ask) => {
    const first = await ask("/x");
    assert.deepEqual([first.status, await first.text()], [203, "xtrue"]);
    const answer = await ask("/said/b", { headers: { "x-sent": "c" } });
    assert.deepEqual([answer.status, await answer.text()], [201, "ac"]);
    const said = ["x-a", "set-cookie", "x-b"].map((name) => answer.headers.get(name));
    assert.deepEqual(said, ["b", "a=1; Path=/", null]);
  });
});

test("sends each value before the next one is made", async () => {
  const app = new Sabir();
  let go: (() => void) | undefined;
  app.get("/", async function* () {
    for (let index = 0; index < 3; index++) {
      yield `${index}`;
      await new Promise<void>((resolve) => (go = resolve));
    }
  });
  await twice(app, async (ask) => {
    const reader = ((await ask("/")).body as ReadableStream<Uint8Array>).getReader();
    for (let index = 0; index < 3; index++) {
      const { value } = await reader.read();
      assert.equal(new TextDecoder().decode(value), `${index}`);
      (await eventually(() => go))();
      go = undefined;
    }
    assert.equal((await reader.read()).done, true);
  });
});

test("leaves the loop to others while a generator has values at once", async () => {
  const app = new Sabir();
  let left = 300;
  app.get("/", function* () {
    for (; left > 0; left--) {
      const end = performance.now() + 1;
      while (performance.now() < end);
      yield "a";
    }
  });
  const answer = app.request("/");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  assert.equal((await (await answer).text()).length, 300);
  clearInterval(timer);
  assert.ok(turns > 5, String(turns));
});

test("a failure before the first value is a problem like any other", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  app.get("/throws", async function* () {
    throw new Error("secret");
  });
  app.get("/refuses", function* () {
    throw new NotFound("there is none");
  });
  app.get("/head", () => stream(later("a"), { headers: { "bad name": "1" } }));
  app.get("/web", () => new ReadableStream({ pull: () => Promise.reject(new Error("secret")) }));
  app.get("/locked", () => {
    const locked = ReadableStream.from(["a"]);
    locked.getReader();
    return locked;
  });
  app.get("/value", async function* () {
    yield undefined;
  });
  app.get("/function", () => later(() => 1));
  await twice(app, async (ask) => {
    for (const path of ["throws", "head", "web", "locked", "value", "function"]) {
      const answer = await ask(`/${path}`);
      assert.equal(answer.status, 500, path);
      assert.ok(!(await answer.text()).includes("secret"));
    }
    assert.equal((await ask("/refuses")).status, 404);
  });
  assert.equal(logger.entries.length, 12, logger.messages.join());
});

test("a failure after the first value is logged, and the client can tell", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  let closed = 0;
  /** Values and then a failure, when those have been sent. */
  const failing: Record<string, () => unknown> = {
    throws: async function* () {
      yield "a";
      await sleep(10);
      throw new Error("broken");
    },
    refuses: async function* () {
      yield "a";
      await sleep(10);
      throw new NotFound();
    },
    mixes: async function* () {
      try {
        yield "a";
        await sleep(10);
        yield { a: 1 };
      } finally {
        closed++;
      }
    },
    bytes: async function* () {
      try {
        yield 1;
        await sleep(10);
        yield bytes("a");
      } finally {
        closed++;
      }
    },
    map: async function* () {
      yield {};
      await sleep(10);
      yield new Map();
    },
    web: () => new Response(ReadableStream.from(brokenBytes())),
  };
  for (const [path, handler] of Object.entries(failing)) app.get(`/${path}`, handler);
  await twice(app, async (ask) => {
    for (const path of Object.keys(failing)) {
      const answer = await ask(`/${path}`);
      assert.equal(answer.status, 200, path);
      await assert.rejects(answer.text(), path);
      const [message] = (await eventually(() => logger.entries.shift())) as string[];
      assert.match(message ?? "", new RegExp(`^GET /${path} failed \\(request [0-9a-f-]+\\)`));
    }
  });
  assert.deepEqual([closed, logger.entries], [4, []]);
});

async function* brokenBytes(): AsyncGenerator<Uint8Array> {
  yield bytes("a");
  await sleep(10);
  throw new Error("broken");
}

test("what was sent before a failure arrives", async () => {
  const app = new Sabir({}, { logger: new Log() });
  app.get("/", async function* () {
    yield "before";
    await sleep(10);
    throw new Error("broken");
  });
  await twice(app, async (ask) => {
    const reader = ((await ask("/")).body as ReadableStream<Uint8Array>).getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "before");
    await assert.rejects(reader.read());
  });
});

test("a deadline is that of the first value", async () => {
  const app = new Sabir();
  let closed = 0;
  app.get("/late", { timeoutMs: 100 }, async function* ({ signal }) {
    try {
      await sleep(60_000, undefined, { signal });
      yield "a";
    } finally {
      closed++;
    }
  });
  app.get("/long", { timeoutMs: 200 }, async function* () {
    yield "a";
    await sleep(400);
    yield "b";
  });
  await twice(app, async (ask) => {
    closed = 0;
    assert.equal((await ask("/late")).status, 504);
    await eventually(() => closed === 1);
    assert.equal(await (await ask("/long")).text(), "ab");
  });
});

test("HEAD and answers without content run nothing but the beginning", async () => {
  const app = new Sabir();
  let closed = 0;
  app.get("/{status:int}", async function* (context) {
    context.status(context.params.status);
    try {
      for (;;) {
        yield "a";
        await sleep(1);
      }
    } finally {
      closed++;
    }
  });
  await twice(app, async (ask) => {
    closed = 0;
    const head = await ask("/200", { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-type"), await head.text()], [200, TEXT, ""]);
    await eventually(() => closed === 1);
    assert.deepEqual([(await ask("/204")).status, await (await ask("/204")).text()], [204, ""]);
    await eventually(() => closed === 3);
  });
});

test("HTTP/1.0 reads to the end of the connection, and a connection that is kept serves the next request", async () => {
  const app = new Sabir();
  app.get("/", () => later("a", "b"));
  await serving(app, async (url) => {
    const { port } = new URL(url);
    const ask = async (text: string): Promise<string> => {
      const socket = connect(Number(port), "127.0.0.1").setEncoding("latin1");
      socket.write(text);
      let answer = "";
      socket.on("data", (chunk: string) => (answer += chunk));
      await once(socket, "close");
      return answer;
    };
    const old = await ask("GET / HTTP/1.0\r\nhost: a\r\n\r\n");
    assert.match(old, /^HTTP\/1\.[01] 200 OK\r\n/);
    assert.ok(!/transfer-encoding/i.test(old) && old.endsWith("\r\n\r\nab"), old);
    const both = await ask("GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert.equal(both.match(/1\r\na\r\n1\r\nb\r\n0\r\n\r\n/g)?.length, 2, both);
  });
});

test("sends over HTTP/2, and tells of a failure there", async () => {
  const app = new Sabir({}, { logger: new Log() });
  app.get("/", () => later("a", "b"));
  app.get("/fails", async function* () {
    yield "a";
    await sleep(10);
    throw new Error("broken");
  });
  await serving(app, async (url) => {
    const session = connect2(url);
    const read = async (path: string): Promise<string> => {
      let text = "";
      for await (const chunk of session.request({ ":path": path }).setEncoding("utf8")) text += String(chunk);
      return text;
    };
    try {
      assert.equal(await read("/"), "ab");
      await assert.rejects(read("/fails"));
      assert.equal(await read("/"), "ab");
    } finally {
      session.destroy();
    }
  });
});

test("sends large chunks and many small ones", async () => {
  const app = new Sabir();
  const large = new Uint8Array(50 * 1024 * 1024).fill(7);
  app.get("/large", () => atOnce(large));
  app.get("/text", () => atOnce("é".repeat(5_000_000)));
  const count = 100_000;
  app.get("/small", async function* () {
    for (let index = 0; index < count; index++) yield String(index % 10);
  });
  app.get("/bytes", function* () {
    const reused = new Uint8Array(1);
    for (let index = 0; index < count; index++) {
      reused[0] = 48 + (index % 10);
      yield reused;
    }
  });
  app.get("/lines", function* () {
    for (let index = 0; index < count; index++) yield index;
  });
  await twice(app, async (ask) => {
    assert.deepEqual(Buffer.compare(Buffer.from(await (await ask("/large")).arrayBuffer()), large), 0);
    assert.equal((await (await ask("/text")).text()).length, 5_000_000);
    const digits = "0123456789".repeat(count / 10);
    assert.equal(await (await ask("/small")).text(), digits);
    assert.equal(await (await ask("/bytes")).text(), digits);
    assert.equal((await (await ask("/lines")).text()).split("\n").length, count + 1);
  });
});

test("sends a file of Node's, and a stream that is written to later", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "sabir-")), "a");
  writeFileSync(path, "x".repeat(300_000));
  const app = new Sabir();
  app.get("/file", () => createReadStream(path));
  app.get("/late", () => {
    const through = new PassThrough();
    setTimeout(() => through.end("late"), 20);
    return through;
  });
  await twice(app, async (ask) => {
    assert.equal((await (await ask("/file")).text()).length, 300_000);
    assert.equal(await (await ask("/late")).text(), "late");
  });
});

test("refuses one value as a stream of many", () => {
  for (const value of ["text", bytes("a"), 1, null, undefined, {}, new Blob(["a"])]) {
    assert.throws(() => stream(value as never), TypeError);
  }
  assert.throws(() => stream("text"), /one value, which can be returned as it is/);
});

test("a route that says its items sends lines of JSON, and describes them", async () => {
  const app = new Sabir();
  app.get("/list", { items: { type: "integer" } }, () => [1, 2]);
  app.get("/text", { items: { type: "string" } }, function* () {
    yield "a";
    yield "b";
  });
  app.get("/none", { items: true }, async function* () {});
  app.get("/other", { items: true }, () => new NotFound());
  await twice(app, async (ask) => {
    for (const [path, text] of [
      ["/list", "1\n2\n"],
      ["/text", '"a"\n"b"\n'],
      ["/none", ""],
    ] as const) {
      const answer = await ask(path);
      assert.deepEqual([answer.headers.get("content-type"), await answer.text()], [LINES, text]);
    }
    assert.equal((await ask("/other")).status, 404);
  });
});

test("a cancelled content cancels the handler in memory, and so does the signal of the request", async () => {
  const app: Application = new Sabir();
  const seen = { closed: 0, aborted: 0 };
  app.get("/", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    try {
      yield "a";
      await sleep(60_000, undefined, { signal });
    } finally {
      seen.closed++;
    }
  });
  const cancelled = ((await app.request("/")).body as ReadableStream<Uint8Array>).getReader();
  await cancelled.read();
  await cancelled.cancel();
  await eventually(() => seen.closed === 1 && seen.aborted === 1);
  const abort = new AbortController();
  const answer = await app.request("/", { signal: abort.signal });
  const text = answer.text();
  abort.abort(new Error("enough"));
  await assert.rejects(text, /enough/);
  await eventually(() => seen.closed === 2 && seen.aborted === 2);
  await assert.rejects(app.inject({ method: "GET", target: "/", headers: [["host", "a"]], signal: AbortSignal.timeout(50) }), {
    name: "TimeoutError",
  });
  await eventually(() => seen.closed === 3);
});

test("fields follow a stream where the client wants them", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.get("/", () => {
    let size = 0;
    const rows = function* (): Generator<string> {
      for (const row of ["a", "bc"]) {
        size += row.length;
        yield row;
      }
    };
    return stream(rows(), { trailers: { "X-Size": () => String(size), "x-kind": "rows", "x-late": async () => "later" } });
  });
  app.get("/split", () => stream(["a"], { trailers: { "x-kind": () => "rows\r\nx-evil: 1" } }));
  app.get("/fails", () =>
    stream(["a"], {
      trailers: {
        "x-kind": () => {
          throw new Error("of the trailers");
        },
      },
    }),
  );
  app.get("/forbidden/{name}", ({ params }) => stream(["a"], { trailers: { [params.name]: "1" } }));
  const { headers, body, trailers } = await app.inject({ method: "GET", target: "/", headers: [["host", "a"]] });
  assert.equal(new TextDecoder().decode(body), "abc");
  assert.equal(new Headers(headers).get("trailer"), "x-size, x-kind, x-late");
  assert.deepEqual(trailers, [
    ["x-size", "3"],
    ["x-kind", "rows"],
    ["x-late", "later"],
  ]);
  for (const name of ["content-length", "Transfer-Encoding", "set-cookie", "trailer", "a b"]) {
    assert.equal((await app.request(`/forbidden/${encodeURIComponent(name)}`)).status, 500);
  }
  assert.match(String(log.entries.flat()), /has to be known before the content/);
  await serving(app, async (url) => {
    const { port } = new URL(url);
    const wanting = await raw(Number(port), "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n");
    assert.match(wanting, /\r\ntrailer: x-size, x-kind, x-late\r\n/);
    assert.ok(wanting.endsWith("\r\n0\r\nx-size: 3\r\nx-kind: rows\r\nx-late: later\r\n\r\n"), wanting);
    const plain = await raw(Number(port), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.doesNotMatch(plain, /trailer|x-size/);
    assert.ok(plain.endsWith("\r\n0\r\n\r\n"), plain);
    for (const path of ["/split", "/fails"]) {
      const broken = await raw(Number(port), `GET ${path} HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n`);
      assert.doesNotMatch(broken, /evil|\r\n0\r\n/);
    }
  });
  assert.match(String(log.entries.flat()), /of the trailers/);
});

/** What a server writes in answer to some bytes, till the connection ends. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  let text = "";
  for await (const chunk of socket.setEncoding("utf8")) text += String(chunk);
  return text;
}
