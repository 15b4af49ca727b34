/** Hooks before sockets are open. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Forbidden, type Hook, Sabir, SocketRefused } from "sabir";
import { z } from "zod";

import "./hooking.js";
import { eventually, Log, serving } from "./serving.js";

test("a hook refuses a socket before it is open", async () => {
  const refusals: [hook: Hook, status: number, text: RegExp][] = [
    [() => new Forbidden("stop"), 403, /stop/],
    [() => Promise.reject(new Forbidden("stop")), 403, /stop/],
    [({ text }) => text("stop", 401), 401, /^stop$/],
    [({ json }) => Promise.resolve(json({ stop: 1 }, 200)), 200, /^\{"stop":1\}$/],
    [() => new Response("stop", { status: 418, headers: { "x-b": "2" } }), 418, /^stop$/],
    [({ redirect }) => redirect("/a"), 302, /^$/],
    [() => assert.fail("secret"), 500, /^(?!.*secret)/],
    [({ stream }) => stream(["a"]), 500, /^/],
  ];
  for (const [hook, status, expected] of refusals) {
    const steps: string[] = [];
    const app = new Sabir({}, { logger: new Log() });
    app.websocket("/ws/{id:int}", { preHandler: hook }, () => void steps.push("handler"));
    app.onResponse((_, response) => {
      steps.push("response");
      response.headers.set("x-a", "1");
    });
    const check = async (answer: globalThis.Response): Promise<void> => {
      assert.deepEqual([answer.status, steps.splice(0)], [status, ["response"]]);
      assert.match(await answer.text(), expected);
      if (status !== 500) assert.equal(answer.headers.get("x-a"), "1");
    };
    const refused = await app.connect("/ws/1").catch((error: unknown) => error);
    assert.ok(refused instanceof SocketRefused);
    await check(refused.response);
    await serving(app, async (url) => {
      const fields = { upgrade: "websocket", connection: "upgrade", "sec-websocket-version": "13" };
      const { request } = await import("node:http");
      const answer = await new Promise<globalThis.Response>((resolve, reject) => {
        const sent = request(`${url}/ws/1`, { headers: { ...fields, "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" } });
        sent.on("error", reject).on("upgrade", () => reject(new Error("it is open")));
        sent.on("response", (answer) => {
          const chunks: Buffer[] = [];
          answer
            .on("data", (chunk: Buffer) => chunks.push(chunk))
            .on("end", () => {
              const headers = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
              resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0, headers }));
            });
        });
        sent.end();
      });
      await check(answer);
    });
  }
});

test("hooks run before a socket is open, and share the state with its handler", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.onRequest(({ state }) => void (state.steps = steps));
  app.preHandler(async ({ params, query, state }) => {
    await sleep(1);
    state.steps?.push(`preHandler ${String(params["id"])} ${String(query["q"])}`);
  });
  app.onResponse(() => void steps.push("onResponse"));
  const options = { query: z.object({ q: z.string().transform((q) => q.length) }) };
  app.websocket("/ws/{id:int}", options, async (ws, { state, params, query }) => {
    state.steps?.push(`handler ${params.id} ${query.q}`);
    for await (const message of ws) await ws.send(message);
    steps.push(`closed ${ws.signal.aborted}`);
  });
  const use = async (socket: { send(text: string): unknown; receive(): Promise<unknown>; close(): unknown }): Promise<void> => {
    await socket.send("hello");
    assert.equal(await socket.receive(), "hello");
    await socket.close();
    await eventually(() => steps.length === 3);
    assert.deepEqual(steps.splice(0), ["preHandler 7 3", "handler 7 3", "closed true"]);
  };
  await use(await app.connect("/ws/7?q=abc"));
  assert.equal(app.handlerCalls, 1);
});

test("hooks that are added to an application after its sockets hold for them", async () => {
  const app = new Sabir().websocket("/ws", () => {});
  app.onRequest(() => new Forbidden("stop"));
  await assert.rejects(app.connect("/ws"), SocketRefused);
});

test("a refused handshake of a socket goes through the hooks", async () => {
  const app = new Sabir().websocket("/ws/{id:int}", { query: z.object({ n: z.coerce.number() }) }, () => {});
  app.onResponse((_, response) => response.headers.set("x-a", "1"));
  for (const path of ["/ws/1?n=x", "/nowhere"]) {
    const refused = await app.connect(path).catch((error: unknown) => error);
    assert.ok(refused instanceof SocketRefused);
    assert.deepEqual([refused.response.status, refused.response.headers.get("x-a")], [path === "/nowhere" ? 404 : 422, "1"]);
  }
});
