/** Answers that are made while they are sent, in processes and threads that end. */

import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { Sabir } from "sabir";

import { Program, written } from "./processes.js";
import { eventually, TIMEOUT_MS } from "./serving.js";

const APP = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { Sabir } from "sabir";
  export const app = new Sabir({ shutdownTimeoutMs: 10_000 });
  app.sse("/events", async function* ({ signal }) {
    try {
      yield { data: process.pid };
      await sleep(60_000, undefined, { signal });
    } finally {
      console.log("closed");
    }
  });
  app.get("/slow", async function* () {
    for (let left = 10; left > 0; left--) {
      yield "a";
      await sleep(20);
    }
  });
`;

const SERVER = `${APP}
  const { address } = await app.listen({ port: 0 });
  console.log(address);
`;

/** The answer to `path` on a connection of its own, once its head is there, and what it has sent so far. */
async function open(address: string, path: string): Promise<{ answer: IncomingMessage; text: string; isWhole?: boolean }> {
  return await new Promise((resolve, reject) => {
    const request = get(`http://${address}${path}`, { agent: false }, (answer) => {
      const opened: { answer: IncomingMessage; text: string; isWhole?: boolean } = { answer, text: "" };
      answer.setEncoding("utf8").on("data", (chunk: string) => (opened.text += chunk));
      answer.on("error", () => {}).on("end", () => (opened.isWhole = answer.complete));
      answer.on("close", () => (opened.isWhole ??= false));
      resolve(opened);
    });
    request.on("error", reject).setTimeout(TIMEOUT_MS, () => request.destroy(new Error("there is no answer")));
  });
}

test("a signal ends event streams, lets other answers finish, and then the process", async () => {
  const program = new Program([written(SERVER)]);
  try {
    const address = await program.line();
    const [events, slow] = await Promise.all([open(address, "/events"), open(address, "/slow")]);
    await eventually(() => events.text.startsWith("data: ") && slow.text.length > 0);
    const start = performance.now();
    program.kill("SIGTERM");
    const { code, stderr, stdout } = await program.ended();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /closed/);
    assert.ok(performance.now() - start < 8000);
    await eventually(() => events.isWhole !== undefined && slow.isWhole !== undefined);
    assert.deepEqual([events.isWhole, slow.isWhole, slow.text], [true, true, "aaaaaaaaaa"]);
  } finally {
    program[Symbol.dispose]();
  }
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("workers stream, and end event streams when they stop", async () => {
  const port = await freePort();
  const program = new Program(["bin/sabir.js", "run", written(APP), "--workers", "2", "--port", String(port)]);
  try {
    const address = `127.0.0.1:${port}`;
    const first = await eventually(() => open(address, "/events").catch(() => undefined));
    const streams = [first, ...(await Promise.all(Array.from({ length: 20 }, () => open(address, "/events"))))];
    await eventually(() => streams.every(({ text }) => text.startsWith("data: ")));
    program.kill("SIGTERM");
    const { code } = await program.ended();
    assert.equal(code, 0);
    await eventually(() => streams.every(({ isWhole }) => isWhole));
  } finally {
    program[Symbol.dispose]();
  }
});

const THREAD = `
  const { parentPort } = require("node:worker_threads");
  const { Sabir } = require("sabir");
  const app = new Sabir();
  app.get("/", async function* () {
    for (;;) {
      yield "a";
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  app.sse("/events", async function* () {
    yield { data: 1 };
    await new Promise(() => {});
  });
  app.listen({ port: 0 }).then(({ address }) => parentPort.postMessage(address));
`;

test("a thread that is terminated breaks its streams off, so that clients can tell", async () => {
  const worker = new Worker(THREAD, { eval: true });
  try {
    const address = await new Promise<string>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    const streams = await Promise.all(["/", "/events"].map((path) => open(address, path)));
    await eventually(() => streams.every(({ text }) => text.length > 0));
    await worker.terminate();
    await eventually(() => streams.every(({ isWhole }) => isWhole !== undefined));
    // Events may end at any time.
    assert.equal(streams[0]?.isWhole, false);
  } finally {
    await worker.terminate();
  }
});

test("a server of the platform passes streams on as they are made", { skip: !("Bun" in globalThis) }, async () => {
  const app = new Sabir();
  const seen = { closed: 0, aborted: 0 };
  app.get("/", async function* ({ signal }) {
    signal.addEventListener("abort", () => seen.aborted++);
    try {
      for (let index = 0; ; index++) {
        yield `${index};`;
        await sleep(5);
      }
    } finally {
      seen.closed++;
    }
  });
  interface Serve {
    serve(options: object): { port: number; stop(force: boolean): Promise<void> };
  }
  const { Bun } = globalThis as unknown as { Bun: Serve };
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
  try {
    const opened = await open(`127.0.0.1:${server.port}`, "/");
    await eventually(() => opened.text.startsWith("0;1;2;"));
    opened.answer.destroy();
    await eventually(() => seen.closed === 1 && seen.aborted === 1);
  } finally {
    await server.stop(true);
  }
});
