/** Handlers of sockets and their messages, through the whole pipeline. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { CloseCode, Problem, Router, type Sabir, SetupError } from "sabir";
import { z } from "zod";

import { eventually, Log, serving } from "./serving.js";
import { app, raw, SOON_MS } from "./socket-clients.js";

const CODES = Object.values(CloseCode);

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
    await socket.sendJson("text");
    assert.equal((await socket.receiveJson()).status, 422);
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

test("has limits of its own", async () => {
  const limited = app();
  limited.websocket("/", { messageLimit: 10 }, { message: (ws, message) => void ws.send(message) });
  const socket = await limited.connect("/");
  await socket.send("0123456789");
  assert.equal(await socket.receive(), "0123456789");
  await socket.send("0123456789a");
  assert.equal((await socket.closed).code, CloseCode.MessageTooBig);
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
