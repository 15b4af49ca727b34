/** How sockets end, over connections: clients that do not read, that leave, and a server that stops. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { CloseCode, Sabir, type WebSocket } from "sabir";

import { eventually, Log, serving, TIMEOUT_MS } from "./serving.js";
import { app, raw, SOON_MS } from "./socket-clients.js";

function collect(): void {
  const { Bun } = globalThis as { Bun?: { gc(isSync: boolean): void } };
  if (Bun) {
    Bun.gc(true);
    return;
  }
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

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

test("what came before a close is answered, however long that takes", async () => {
  const made = app();
  made.websocket("/function", async (ws) => {
    for await (const message of ws) {
      await sleep(50);
      ws.send(message);
    }
  });
  made.websocket("/functions", {
    async message(ws, message) {
      await sleep(50);
      ws.send(message);
    },
  });
  await serving(made, async (url) => {
    for (const path of ["/function", "/functions"]) {
      const client = await raw(url, path);
      const chunks: Buffer[] = [];
      client.on("data", (chunk: Buffer) => void chunks.push(chunk));
      client.write(Buffer.from("818100000000" + "61" + "818100000000" + "62" + "888000000000", "hex"));
      await once(client, "end");
      assert.equal(Buffer.concat(chunks).toString("hex"), "810161" + "810162" + "8800", path);
    }
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

test("a handler that closes waits for no answer, and hears of none", async () => {
  const seen: unknown[] = [];
  const made = new Sabir({ websocketCloseTimeoutMs: 60_000, shutdownTimeoutMs: 60_000 }, { logger: new Log() });
  made.websocket("/functions", {
    message: (ws, message) => ws.close(4000, String(message)),
    close: (_ws, code, reason) => void seen.push([code, reason]),
  });
  made.websocket("/function", async (ws) => {
    ws.close(4000, String(await ws.receive()));
    seen.push([4000, await ws.receive()]);
  });
  const clients: Socket[] = [];
  let stopping = 0;
  await serving(made, async (url) => {
    for (const path of ["/functions", "/function"]) {
      const client = await raw(url, path);
      clients.push(client);
      // "hi" twice, masked with zeros.
      client.write(Buffer.from("818200000000" + "6869" + "818200000000" + "6869", "hex"));
      const [close] = (await once(client, "data")) as [Buffer];
      assert.equal(close.toString("hex"), "88040fa06869");
    }
    await eventually(() => seen.length === 2);
    // One answers in the end, with another code, and the other one never does.
    clients[0]?.write(Buffer.from("818100000000" + "61" + "888200000000" + "0fa1", "hex"));
    await once(clients[0] as Socket, "end");
    stopping = performance.now();
  });
  assert.ok(performance.now() - stopping < TIMEOUT_MS);
  assert.deepEqual(seen, [
    [4000, "hi"],
    [4000, undefined],
  ]);
  for (const client of clients) client.destroy();
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
