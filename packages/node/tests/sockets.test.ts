/** Sockets through the whole pipeline: in memory, and over connections. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { CloseCode, Forbidden, Router, Problem, Sabir, SetupError, SocketRefused, type WebSocket } from "sabir";
import * as v from "valibot";
import { z } from "zod";

import { eventually, Log, serving } from "./serving.js";

/** The design says 100 ms; the rest is for a machine with other work. */
const SOON_MS = 2000;

const CODES = Object.values(CloseCode);

function app(logger = new Log()): Sabir {
  return new Sabir({}, { logger });
}

function collect(): void {
  const { Bun } = globalThis as { Bun?: { gc(isSync: boolean): void } };
  if (Bun) {
    Bun.gc(true);
    return;
  }
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** What a refused socket is answered with. */
async function refusal(opening: Promise<unknown>): Promise<{ status: number; problem: any }> {
  try {
    await opening;
  } catch (error) {
    assert.ok(error instanceof SocketRefused, String(error));
    return { status: error.response.status, problem: await error.response.json() };
  }
  assert.fail("the socket is open");
}

/** Opens a socket over a connection, and gives that after the answer. */
async function raw(url: string, path: string, fields = ""): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  const key = "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nupgrade: websocket\r\nconnection: upgrade\r\n${key}${fields}\r\n`);
  let answer = "";
  while (!answer.includes("\r\n\r\n")) answer += String((await once(socket, "data"))[0]);
  assert.match(answer, /^HTTP\/1\.1 101 /);
  return socket;
}

describe("a handler that is a function", () => {
  test("gets messages one after the other, and sends", async () => {
    const echo = app();
    echo.websocket("/echo/{room}", async (ws, { params }) => {
      assert.equal(ws.params.room, params.room);
      ws.send({ room: params.room });
      for await (const message of ws) await ws.send(message);
    });
    const socket = await echo.connect("/echo/a");
    assert.deepEqual(await socket.receiveJson(), { room: "a" });
    const large = "ä€😀".repeat(100_000);
    for (const message of ["hello", "", "ä€😀", large]) {
      await socket.send(message);
      assert.equal(await socket.receive(), message);
    }
    for (const bytes of [[], [0, 255, 0, 128], new Array(1_000_000).fill(0)]) {
      await socket.send(Uint8Array.from(bytes));
      assert.deepEqual(await socket.receive(), Uint8Array.from(bytes));
    }
    assert.deepEqual(await socket.close(4000, "bye"), { code: 4000, reason: "" });
  });

  test("closes with 1000 when it returns, and with 1011 when it fails", async () => {
    const log = new Log();
    const both = app(log);
    both.websocket("/returns", () => undefined);
    both.websocket("/throws", () => {
      throw new Error("secret");
    });
    both.websocket("/rejects", async (ws) => {
      await ws.receive();
      throw new Error("secret");
    });
    assert.deepEqual(await (await both.connect("/returns")).closed, { code: 1000, reason: "" });
    assert.deepEqual(await (await both.connect("/throws")).closed, { code: 1011, reason: "" });
    const socket = await both.connect("/rejects", { headers: { "x-request-id": "abc" } });
    await socket.send("x");
    assert.deepEqual(await socket.closed, { code: 1011, reason: "" });
    assert.equal(log.messages.length, 2);
    assert.match(log.messages[1] ?? "", /^WebSocket \/rejects failed \(request \S+\)$/);
    assert.equal((log.entries[1]?.[1] as Error).message, "secret");
  });

  test("hears of a client that closes, or leaves", async () => {
    const seen: string[] = [];
    const both = app();
    both.websocket("/", async (ws) => {
      ws.signal.addEventListener("abort", () => seen.push("aborted"));
      for await (const message of ws) seen.push(String(message));
      assert.equal(await ws.receive(), undefined);
      assert.equal(ws.isOpen, false);
      assert.equal(ws.send("late"), false);
      seen.push("ended");
    });
    const socket = await both.connect("/");
    await socket.send("a");
    await socket.close();
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen.splice(0).sort(), ["a", "aborted", "ended"]);
    await serving(both, async (url) => {
      const client = await raw(url, "/");
      await sleep(50);
      const start = performance.now();
      client.destroy();
      await eventually(() => seen.length === 2, SOON_MS);
      assert.ok(performance.now() - start < SOON_MS);
      assert.deepEqual(seen.sort(), ["aborted", "ended"]);
    });
  });
});

describe("a handler that is an object", () => {
  test("is told what happens", async () => {
    const seen: unknown[] = [];
    const chat = app();
    chat.websocket(
      "/chat/{id:int}",
      { query: z.object({ limit: z.coerce.number().default(10) }) },
      {
        open(ws, { params, query, request }) {
          ws.data["name"] = "ada";
          seen.push(["open", params.id + 1, query.limit, request.path, ws.subprotocol]);
        },
        message(ws, message) {
          seen.push(["message", message, ws.data["name"]]);
          ws.ping("?");
        },
        ping: (_ws, content) => void seen.push(["ping", new TextDecoder().decode(content)]),
        pong: (_ws, content) => void seen.push(["pong", new TextDecoder().decode(content)]),
        close: (_ws, code, reason) => void seen.push(["close", code, reason]),
      },
    );
    const socket = await chat.connect("/chat/7", { query: { limit: 3 } });
    await socket.send("hello");
    await socket.ping("are you there");
    await eventually(() => seen.some((entry) => (entry as string[])[0] === "ping"));
    await socket.close(4001, "bye");
    await eventually(() => seen.length === 5);
    // The ping and the pong have crossed each other.
    const controls = seen.splice(2, 2);
    assert.deepEqual(controls.sort(), [
      ["ping", "are you there"],
      ["pong", "?"],
    ]);
    assert.deepEqual(seen, [
      ["open", 8, 3, "/chat/7", undefined],
      ["message", "hello", "ada"],
      ["close", 4001, "bye"],
    ]);
  });

  test("gets no message before open has ended", async () => {
    const seen: unknown[] = [];
    const slow = app();
    slow.websocket("/", {
      async open() {
        await sleep(50);
        seen.push("open");
      },
      message: (_ws, message) => void seen.push(message),
      close: () => void seen.push("close"),
    });
    const socket = await slow.connect("/");
    await socket.send("a");
    await socket.send("b");
    await socket.close();
    await eventually(() => seen.length === 4);
    assert.deepEqual(seen, ["open", "a", "b", "close"]);
  });

  test("closes with 1008 and the detail of a problem that is the client's own", async () => {
    const log = new Log();
    const refusing = app(log);
    const refuse = (status: number) => (): never => {
      throw new Problem(status, { detail: "not you" });
    };
    refusing.websocket("/function", refuse(403));
    refusing.websocket("/open", { open: refuse(404) });
    refusing.websocket("/message", { message: async () => refuse(409)() });
    refusing.websocket("/fails", { message: refuse(500) });
    const end = async (path: string): Promise<unknown> => {
      const socket = await refusing.connect(path);
      await socket.send("a").catch(() => {});
      return await socket.closed;
    };
    for (const path of ["/function", "/open", "/message"])
      assert.deepEqual(await end(path), { code: 1008, reason: "not you" }, path);
    assert.deepEqual(log.messages, []);
    assert.deepEqual(await end("/fails"), { code: 1011, reason: "" });
    assert.equal(log.messages.length, 1);
  });

  test("closes with 1011 and logs when one of its functions fails, unless it has one for errors", async () => {
    const log = new Log();
    const failing = app(log);
    const fail = (): never => {
      throw new Error("secret");
    };
    const told: unknown[] = [];
    failing.websocket("/open", { open: fail });
    failing.websocket("/message", { message: fail });
    failing.websocket("/later", { message: async () => fail() });
    failing.websocket("/close", { close: fail });
    failing.websocket("/told", { message: fail, error: (_ws, error) => void told.push((error as Error).message) });
    failing.websocket("/own", { message: fail, error: (ws) => ws.close(4000, "own") });
    failing.websocket("/twice", { message: fail, error: fail });
    const end = async (path: string): Promise<unknown> => {
      const socket = await failing.connect(path);
      await socket.send("a");
      return path === "/close" ? await socket.close() : await socket.closed;
    };
    for (const path of ["/open", "/message", "/later", "/told", "/twice"]) {
      assert.deepEqual(await end(path), { code: 1011, reason: "" }, path);
    }
    assert.deepEqual(await end("/own"), { code: 4000, reason: "own" });
    assert.deepEqual(await end("/close"), { code: 1000, reason: "" });
    await eventually(() => log.messages.length === 5);
    assert.deepEqual(told, ["secret"]);
    const paths = log.messages.map((message) => /^WebSocket (\S+) failed \(request \S+\)$/.exec(message)?.[1]);
    assert.deepEqual(paths.sort(), ["/close", "/later", "/message", "/open", "/twice"]);
  });

  test("is closed by the handler, whose code it is told", async () => {
    const seen: unknown[] = [];
    const closing = app();
    closing.websocket("/", {
      message(ws, message) {
        ws.close(4002, String(message));
        ws.close(4003);
        assert.equal(ws.isOpen, false);
      },
      close: (_ws, code, reason) => void seen.push([code, reason]),
    });
    const socket = await closing.connect("/");
    await socket.send("enough");
    await socket.send("more");
    assert.deepEqual(await socket.closed, { code: 4002, reason: "enough" });
    await eventually(() => seen.length === 1);
    assert.deepEqual(seen, [[4002, "enough"]]);
  });
});

describe("messages with a schema", () => {
  const Message = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("say"), text: z.string().min(1) }),
    z.object({ kind: z.literal("move"), x: z.number(), y: z.number() }),
  ]);

  function typed(invalidMessage?: "report" | "close"): Sabir {
    const made = app();
    const options = { incoming: Message, outgoing: z.union([z.string(), z.number()]) };
    made.websocket("/", invalidMessage === undefined ? options : { ...options, invalidMessage }, {
      message: (ws, message) => void ws.send(message.kind === "say" ? message.text : message.x + message.y),
    });
    return made;
  }

  test("come typed, and what does not fit is reported", async () => {
    const socket = await typed().connect("/");
    await socket.send({ kind: "say", text: "hi" });
    assert.equal(await socket.receive(), '"hi"');
    await socket.send({ kind: "move", x: 1, y: 2 });
    assert.equal(await socket.receive(), "3");
    for (const [message, status] of [
      ["{", 400],
      [{ kind: "say" }, 422],
      [Uint8Array.of(1), 415],
    ] as const) {
      await socket.send(message);
      assert.equal((await socket.receiveJson()).status, status);
    }
    await socket.send({ kind: "say", text: "still here" });
    assert.equal(await socket.receiveJson(), "still here");
    await socket.close();
  });

  test("close the socket by policy", async () => {
    for (const [message, code] of [
      ["{", 1007],
      [{ kind: "say" }, 1008],
      [Uint8Array.of(1), 1003],
    ] as const) {
      const socket = await typed("close").connect("/");
      await socket.send(message);
      assert.equal((await socket.closed).code, code);
    }
  });

  test("are held against what only the library knows, in their order", async () => {
    const Even = z.object({
      n: z
        .number()
        .refine((n) => n % 2 === 0, "is odd")
        .transform((n) => n / 2),
    });
    for (const invalidMessage of ["report", "close"] as const) {
      const made = app();
      made.websocket("/", { incoming: Even, invalidMessage }, { message: (ws, { n }) => void ws.send({ n }) });
      const socket = await made.connect("/");
      for (const n of [2, 4, 5]) await socket.send({ n });
      assert.deepEqual([await socket.receiveJson(), await socket.receiveJson()], [{ n: 1 }, { n: 2 }]);
      if (invalidMessage === "close") {
        assert.deepEqual(await socket.closed, { code: 1008, reason: "is odd" });
        continue;
      }
      const problem = await socket.receiveJson();
      assert.equal(problem.status, 422);
      assert.deepEqual(problem.errors, [{ in: "body", pointer: "/n", keyword: "custom", detail: "is odd" }]);
      await socket.send({ n: 6 });
      assert.deepEqual(await socket.receiveJson(), { n: 3 });
    }
  });
});

test("refuses with a problem before a socket is opened", async () => {
  const chat = app();
  let count = 0;
  chat.websocket(
    "/chat/{id:int}",
    { query: z.object({ limit: z.coerce.number().max(10) }), subprotocols: ["a", "b"] },
    {
      open: () => void count++,
    },
  );
  chat.get("/plain", () => "plain");
  const invalid = await refusal(chat.connect("/chat/1?limit=11"));
  assert.equal(invalid.status, 422);
  assert.equal(invalid.problem.errors[0].name, "limit");
  assert.equal((await refusal(chat.connect("/chat/x"))).status, 404);
  const origin = { origin: "https://evil.example" };
  assert.equal((await refusal(chat.connect("/chat/1?limit=1", { headers: origin }))).status, 403);
  const answer = await chat.request("/chat/1?limit=1");
  assert.equal(answer.status, 426);
  assert.equal(answer.headers.get("sec-websocket-version"), "13");
  assert.equal(count, 0);
  const socket = await chat.connect("/chat/1?limit=1", { subprotocols: ["b", "a"] });
  assert.equal(socket.subprotocol, "b");
  await socket.close();
  assert.equal((await chat.connect("/chat/1?limit=1", { subprotocols: ["c"] })).subprotocol, undefined);
});

/** Asks for a socket over a connection, and gives the status and the content of the answer. */
async function asked(url: string, path: string, fields = ""): Promise<{ status: number; problem: any }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const key = "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nupgrade: websocket\r\nconnection: upgrade\r\n${key}${fields}\r\n`);
  let answer = "";
  const length = (): number => Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
  const isWhole = (): boolean => answer.includes("\r\n\r\n") && answer.length >= answer.indexOf("\r\n\r\n") + 4 + length();
  while (!isWhole()) answer += String((await once(socket, "data"))[0]);
  socket.destroy();
  const [head = "", content = ""] = answer.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), problem: length() === 0 ? undefined : JSON.parse(content) };
}

describe("what only a library refuses", () => {
  const standard = toStandardJsonSchema;
  const odd = "is odd";
  const even = z.coerce.number().refine((n) => n % 2 === 0, odd);
  /** The query, the header fields and the like that routes refuse with this detail. */
  const routes = {
    "/zod?n=1": { query: z.object({ n: even }) },
    "/later?n=1": { query: z.object({ n: z.coerce.number().refine(async (n) => (await sleep(5), n % 2 === 0), odd) }) },
    "/valibot?n=1": {
      query: standard(
        v.object({
          n: v.pipe(
            v.string(),
            v.check((n) => Number(n) % 2 === 0, odd),
          ),
        }),
      ),
    },
    "/arktype?n=1": {
      query: type({ n: type("string").narrow((n, context) => Number(n) % 2 === 0 || context.reject({ message: odd })) }),
    },
    "/path/1": { params: z.object({ n: even }) },
    "/fields": { headers: z.object({ "x-n": even }) },
    "/cookies": { cookies: z.object({ n: even }) },
  };
  const fields = { "x-n": "1", cookie: "n=1" };

  function made(seen: unknown[], log = new Log()): Sabir {
    const made = app(log);
    for (const [target, options] of Object.entries(routes)) {
      const path = target.startsWith("/path") ? "/path/{n:int}" : (target.split("?")[0] as string);
      made.websocket(
        path,
        { ...options, data: () => void seen.push("data") },
        { open: () => void seen.push("open"), close: () => void seen.push("close") },
      );
    }
    const throwing = (error: Error) => ({
      query: z.object({
        n: z.string().transform(() => {
          throw error;
        }),
      }),
    });
    made.websocket("/forbidden", throwing(new Forbidden("Not this one.")), (ws) => void seen.push(ws));
    made.websocket("/fails", throwing(new Error("secret")), (ws) => void seen.push(ws));
    made.websocket("/halves/{n:int}", { params: z.object({ n: even.transform((n) => n / 2) }) }, async (ws, { params }) => {
      ws.send(params.n);
      for await (const message of ws) ws.send(message);
    });
    made.sse("/events", { query: z.object({ n: even }) }, async function* () {
      yield { data: 1 };
    });
    return made;
  }

  test("is a problem before the socket is open, in memory and over a connection", async () => {
    const [seen, log]: [unknown[], Log] = [[], new Log()];
    const both = made(seen, log);
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    await serving(both, async (url) => {
      for (const target of Object.keys(routes)) {
        for (const refused of [
          await refusal(both.connect(target, { headers: fields })),
          await asked(url, target, lines.join("")),
        ]) {
          assert.equal(refused.status, 422, target);
          assert.equal(refused.problem.type, "urn:sabir:problem:validation-failed");
          const [error] = refused.problem.errors;
          assert.deepEqual(
            [error.name, error.keyword, error.detail],
            [target === "/fields" ? "x-n" : "n", "custom", odd],
            target,
          );
        }
      }
      for (const open of [both.connect("/forbidden?n=1"), both.connect("/fails?n=1")]) await assert.rejects(open, SocketRefused);
      assert.equal((await asked(url, "/forbidden?n=1")).problem.detail, "Not this one.");
      const failed = await asked(url, "/fails?n=1");
      assert.deepEqual([failed.status, failed.problem.detail], [500, undefined]);
      // Nothing of an event stream has been sent either.
      const events = await fetch(`${url}/events?n=1`);
      assert.deepEqual([events.status, events.headers.get("content-type")], [422, "application/problem+json"]);
      assert.deepEqual(seen, []);
      assert.equal((await asked(url, "/halves/8")).status, 101);
    });
    assert.deepEqual(
      log.messages.map((message) => message.replace(/ \(.*/, "")),
      ["WebSocket /fails failed", "WebSocket /fails failed"],
    );
  });

  test("leaves sockets that are not refused as they are", async () => {
    const socket = await made([]).connect("/halves/8");
    assert.equal(await socket.receive(), "4");
    await socket.send("hello");
    assert.equal(await socket.receive(), "hello");
    assert.deepEqual(await socket.close(), { code: 1000, reason: "" });
  });

  test("is not waited for by a client that leaves, nor by a server that stops", async () => {
    const seen: unknown[] = [];
    let release: ((isFine: boolean) => void) | undefined;
    const slow = app();
    const waits = z.string().refine(() => new Promise<boolean>((resolve) => void (release = resolve)));
    slow.websocket(
      "/",
      { query: z.object({ n: waits }) },
      { open: () => void seen.push("open"), close: () => void seen.push("close") },
    );
    await serving(slow, async (url) => {
      const { hostname, port } = new URL(url);
      const client = connect(Number(port), hostname);
      const key = "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
      client.write(`GET /?n=1 HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n${key}\r\n`);
      await eventually(() => release);
      client.destroy();
      await sleep(50);
      release?.(true);
      await sleep(20);
      assert.deepEqual(seen, []);
      release = undefined;
      const answer = asked(url, "/?n=1");
      await eventually(() => release);
      const closed = slow.close();
      await sleep(20);
      (release as unknown as (isFine: boolean) => void)(true);
      assert.equal((await answer).status, 101);
      await closed;
      assert.deepEqual(seen, []);
    });
  });
});

test("pages of origins that are named may connect", async () => {
  const chat = app();
  chat.websocket("/", { allowedOrigins: ["https://shop.example"] }, {});
  await (await chat.connect("/", { headers: { origin: "https://shop.example" } })).close();
  assert.equal((await refusal(chat.connect("/", { headers: { origin: "https://other.example" } }))).status, 403);
});

test("has limits of its own", async () => {
  const limited = app();
  limited.websocket("/", { messageLimit: 10 }, { message: (ws, message) => void ws.send(message) });
  const socket = await limited.connect("/");
  await socket.send("0123456789");
  assert.equal(await socket.receive(), "0123456789");
  await socket.send("0123456789a");
  assert.equal((await socket.closed).code, CloseCode.MessageTooBig);
});

test("a client that does not read has the handler wait, and is not held in memory", async () => {
  let sent = 0;
  let isWaiting = false;
  const made = app();
  made.websocket("/", { sendQueueLimit: 100_000 }, async (ws) => {
    const chunk = "a".repeat(10_000);
    while (ws.isOpen) {
      const sending = ws.send(chunk);
      isWaiting = typeof sending !== "boolean";
      if (!(await sending)) break;
      sent++;
    }
  });
  await serving(made, async (url) => {
    const client = await raw(url, "/");
    client.pause();
    await eventually(() => isWaiting);
    await sleep(100);
    const before = sent;
    await sleep(200);
    assert.equal(sent, before, "nothing is sent while nobody reads");
    client.resume();
    await eventually(() => sent > before + 100);
    client.destroy();
  });
});

test("closes a client that does not read when nobody waits for it", async () => {
  const codes: number[] = [];
  const made = app();
  made.websocket("/", {
    open(ws) {
      const chunk = "a".repeat(1024 * 1024);
      for (let count = 0; count < 40; count++) ws.send(chunk);
    },
    close: (_ws, code) => void codes.push(code),
  });
  await serving(made, async (url) => {
    const client = await raw(url, "/");
    client.pause();
    await sleep(200);
    client.destroy();
    await eventually(() => codes.length === 1);
    assert.deepEqual(codes, [CloseCode.TryAgainLater]);
  });
});

test("closes with 1001 when the server stops", async () => {
  const codes: unknown[] = [];
  const made = app();
  made.websocket("/", { close: (_ws, code, reason) => void codes.push([code, reason]) });
  const memory = await made.connect("/");
  let client: Socket | undefined;
  let last: Buffer | undefined;
  await serving(made, async (url) => {
    client = await raw(url, "/");
    client.on("data", (chunk: Buffer) => void (last = chunk));
    await sleep(50);
  });
  assert.equal(last?.readUInt16BE(2), CloseCode.GoingAway);
  assert.equal((await memory.closed).code, CloseCode.GoingAway);
  await eventually(() => codes.length === 2);
  assert.deepEqual(codes, [
    [1001, "the server stops"],
    [1001, "the server stops"],
  ]);
  client?.destroy();
});

test("a socket that the server closes has ended, without a word of its client", async () => {
  const codes: unknown[] = [];
  const made = app();
  made.websocket("/functions", {
    open(ws) {
      ws.subscribe("all");
      ws.close(4000, "enough");
      // The close comes after what closes it.
      codes.push("closed");
    },
    close: (_ws, code, reason) => void codes.push([code, reason]),
  });
  made.websocket("/function", async (ws) => ws.subscribe("all"));
  made.websocket("/left", {
    open: (ws) => ws.subscribe("all"),
    close: (_ws, code) => void codes.push(code),
  });
  let stopping = 0;
  await serving(made, async (url) => {
    const began = performance.now();
    const clients = [await raw(url, "/functions"), await raw(url, "/function")];
    await eventually(() => codes.length === 2 && made.presence("all") === 0);
    assert.ok(performance.now() - began < SOON_MS);
    assert.deepEqual(codes, ["closed", [4000, "enough"]]);
    for (const client of clients) client.destroy();
    const last = await raw(url, "/left");
    await eventually(() => made.presence("all") === 1);
    // It answers the close, and the server has nothing to wait for any more.
    last.once("data", () => last.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 233])));
    stopping = performance.now();
  });
  assert.ok(performance.now() - stopping < SOON_MS);
  assert.equal(codes.at(-1), CloseCode.GoingAway);
});

test("five hundred sockets leave nothing behind", async () => {
  const refs: WeakRef<WebSocket>[] = [];
  let ended = 0;
  const made = app();
  made.websocket("/", async (ws) => {
    refs.push(new WeakRef(ws as WebSocket));
    for await (const message of ws) ws.send(message);
    ended++;
  });
  await serving(made, async (url) => {
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 50 }, () => raw(url, "/")));
      for (const client of clients) client.destroy();
    }
    await eventually(() => ended === 500);
  });
  assert.equal(refs.length, 500);
  await eventually(() => {
    collect();
    return refs.filter((reference) => reference.deref() !== undefined).length < 50;
  });
});

test("can be written in a router", async () => {
  const router = new Router({ prefix: "/rooms/{room}", tags: ["rooms"], responses: { 404: { description: "no room" } } });
  router.websocket("/chat", { message: (ws, message) => void ws.send(`${ws.params.room}: ${String(message)}`) });
  const made = app();
  made.mount("/v1", router);
  const socket = await made.connect("/v1/rooms/a/chat");
  await socket.send("hi");
  assert.equal(await socket.receive(), "a: hi");
  await socket.close();
});

test("two applications have their own sockets", async () => {
  const [one, two] = ["one", "two"].map((name) => {
    const made = app();
    made.websocket("/", { message: (ws) => void ws.send(name) });
    return made;
  });
  const sockets = await Promise.all([one?.connect("/"), two?.connect("/")]);
  for (const socket of sockets) await socket?.send("who");
  assert.deepEqual(await Promise.all(sockets.map((socket) => socket?.receive())), ["one", "two"]);
  for (const socket of sockets) await socket?.close();
});

test("data is made for each socket", async () => {
  const made = app();
  made.websocket("/", { data: () => ({ count: 0 }) }, { message: (ws) => void ws.send(String(++ws.data.count)) });
  const [a, b] = [await made.connect("/"), await made.connect("/")];
  for (const socket of [a, a, b]) await socket.send("");
  assert.deepEqual([await a.receive(), await a.receive(), await b.receive()], ["1", "2", "1"]);
  await Promise.all([a.close(), b.close()]);
});

test("mistakes are told when the route is added", () => {
  const made = app();
  const add = (options: object, handler: unknown = {}) => made.websocket("/", options, handler as never);
  for (const [options, handler, field] of [
    [{ body: {} }, {}, "body"],
    [{ data: {} }, {}, "data"],
    [{ invalidMessage: "ignore" }, {}, "invalidMessage"],
    [{ subprotocols: ["a b"] }, {}, "x-sabir.websocket.subprotocols[0]"],
    [{ allowedOrigins: ["shop.example"] }, {}, "x-sabir.websocket.allowed_origins[0]"],
    [{}, { messages() {} }, "handler.messages"],
    [{}, { message: 1 }, "handler.message"],
    [{}, null, "handler"],
  ] as const) {
    assert.throws(
      () => add(options, handler),
      (error) => error instanceof SetupError && error.field === field,
      field,
    );
  }
});

test("the codes are those of the standard, and those that are not sent are refused", async () => {
  assert.deepEqual(
    CODES.filter((code) => code < 1005),
    [1000, 1001, 1002, 1003],
  );
  const made = app();
  const errors: unknown[] = [];
  made.websocket("/", (ws) => {
    for (const code of [999, 1005, 1006, 1015, 2000, 5000, 1000.5, Number.NaN]) {
      try {
        ws.close(code);
      } catch (error) {
        errors.push(error);
      }
    }
    assert.throws(() => ws.ping("a".repeat(126)), RangeError);
    assert.throws(() => JSON.stringify(ws), TypeError);
  });
  assert.equal((await (await made.connect("/")).closed).code, 1000);
  assert.equal(errors.length, 8);
});

test("a client of tests has time limits", async () => {
  const made = app();
  made.websocket("/", {});
  const socket = await made.connect("/");
  await assert.rejects(socket.receive({ timeout: 20 }), /no message within 20 milliseconds/);
  await socket.close();
  await assert.rejects(socket.receive(), /the socket is closed with 1000/);
});
