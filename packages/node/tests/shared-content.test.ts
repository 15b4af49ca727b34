/** What clients take in memory that read slowly: content that they all get is there once. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";

import { Sabir } from "sabir";

import { Program, written } from "./processes.js";
import { eventually, serving } from "./serving.js";

const COUNT = 60;
const SIZE = 8 * 1024 * 1024;

const SERVER = `
  import { readFileSync } from "node:fs";
  import { Sabir } from "sabir";
  const app = new Sabir({ writeTimeoutMs: 0 });
  const bytes = new Uint8Array(${SIZE}).fill(97);
  const text = "a".repeat(${SIZE});
  const resident = () => Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  app.get("/bytes", () => bytes);
  app.get("/text", () => text);
  app.get("/json", () => [text]);
  app.get("/web", () => new Response(bytes));
  app.get("/resident", () => {
    globalThis.Bun ? Bun.gc(true) : globalThis.gc();
    return resident();
  });
  console.log((await app.listen({ port: 0 })).address);
`;

/** Asks for `path` and reads the head of the answer. */
async function slowly(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await once(socket, "readable");
  assert.match(String(socket.read(12)), /^HTTP\/1\.1 200/);
  return socket;
}

for (const path of ["/bytes", "/text", "/json", "/web"]) {
  test(`slow readers of one large answer share it: ${path}`, { skip: process.platform !== "linux" }, async () => {
    const program = new Program([...("bun" in process.versions ? [] : ["--expose-gc"]), written(SERVER)]);
    const sockets: Socket[] = [];
    try {
      const url = `http://${await program.line()}`;
      const resident = async (): Promise<number> => (await (await fetch(`${url}/resident`)).json()) as number;
      sockets.push(await slowly(url, path));
      const before = await resident();
      for (let reader = 0; reader < COUNT; reader++) sockets.push(await slowly(url, path));
      // A copy for each would be 480 MB. What the engine has not collected yet and what lies in sockets is a part of that.
      await eventually(async () => (await resident()) - before < (COUNT * SIZE) / 4);
    } finally {
      for (const socket of sockets) socket.destroy();
      program[Symbol.dispose]();
    }
  });
}

test("content is what it was when the handler returned it, whatever becomes of the buffer", async () => {
  const app = new Sabir();
  const length = 1024 * 1024;
  app.get("/{letter}", ({ params }) => {
    const buffer = new Uint8Array(length).fill(String(params.letter).charCodeAt(0));
    setImmediate(() => {
      buffer.fill(0);
      structuredClone(buffer, { transfer: [buffer.buffer] });
    });
    return buffer;
  });
  await serving(app, async (url) => {
    const letters = "abcdefabcdef".split("");
    const texts = letters.map(async (letter) => await (await fetch(`${url}/${letter}`)).text());
    assert.deepEqual(
      (await Promise.all(texts)).map((text) => text.replace(/^(.)\1*$/, `$1 ${text.length}`)),
      letters.map((letter) => `${letter} ${length}`),
    );
  });
});
