/** Requests for sockets, and those that are refused: in memory, and over connections. */

import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Forbidden, type Sabir, SocketRefused } from "sabir";
import * as v from "valibot";
import { z } from "zod";

import { eventually, Log, serving } from "./serving.js";
import { app, asked, refusal } from "./socket-clients.js";

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
