/** Several processes and threads behind one port. */

import assert from "node:assert/strict";
import { get } from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { Sabir, SetupError } from "sabir";

import { Program, written } from "./processes.js";
import { begin, eventually, TIMEOUT_MS } from "./serving.js";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The content of `/` on a connection of its own. */
async function ask(port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    const request = get({ port, agent: false, host: "127.0.0.1" }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text)).on("error", reject);
    });
    request.on("error", reject).setTimeout(TIMEOUT_MS, () => request.destroy(new Error("there is no answer")));
  });
}

/** Asks until `count` different ones have answered. */
async function answerers(port: number, count: number): Promise<string[]> {
  const seen = new Set<string>();
  await eventually(async () => seen.add(await ask(port)).size === count);
  return [...seen];
}

const CLUSTER = `
  import cluster from "node:cluster";
  import { Sabir } from "sabir";
  if (cluster.isPrimary) {
    const workers = [cluster.fork(), cluster.fork()];
    let listening = 0;
    for (const worker of workers) worker.on("message", () => ++listening === 2 && console.log("listening"));
    process.on("SIGUSR2", () => workers[0].process.kill("SIGTERM"));
    process.on("SIGTERM", () => cluster.disconnect());
    cluster.on("exit", (_, code) => console.log("exit " + code));
  } else {
    const app = new Sabir();
    app.get("/", () => String(process.pid));
    await app.listen({ port: Number(process.env.PORT) });
    process.send("listening");
  }
`;

test("workers of node:cluster share a port, and one that stops leaves it to the others", async () => {
  const port = await freePort();
  const program = new Program([written(CLUSTER)], { PORT: String(port) });
  try {
    assert.equal(await program.line(), "listening");
    const both = await answerers(port, 2);
    program.kill("SIGUSR2");
    assert.equal(await program.line(), "exit 0");
    assert.ok(both.includes(await ask(port)));
    program.kill("SIGTERM");
    assert.equal(await program.line(), "exit 0");
    assert.deepEqual([(await program.ended()).code, program.stderr], [0, ""]);
  } finally {
    program[Symbol.dispose]();
  }
});

const THREAD = `
  const { parentPort, threadId, workerData } = require("node:worker_threads");
  const { Sabir } = require("sabir");
  const app = new Sabir();
  app.get("/", () => String(threadId));
  app.get("/never", () => { parentPort.postMessage("started"); return new Promise(() => {}); });
  const before = process.listenerCount("SIGTERM");
  app.listen({ port: workerData }).then(() => parentPort.postMessage(process.listenerCount("SIGTERM") - before));
  parentPort.on("message", async () => { await app.close(); parentPort.close(); });
`;

const CHOSEN = `
  const { parentPort, threadId } = require("node:worker_threads");
  const { Sabir } = require("sabir");
  const app = new Sabir();
  app.get("/", () => String(threadId));
  app.listen({ port: 0 }).then(({ address }) => parentPort.postMessage(Number(address.split(":")[1])));
`;

/** The next message of `worker`. */
async function message(worker: Worker): Promise<unknown> {
  return await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}

test("threads share a port, without handlers of signals", async () => {
  const port = await freePort();
  const workers = [0, 1].map(() => new Worker(THREAD, { eval: true, workerData: port }));
  try {
    assert.deepEqual(await Promise.all(workers.map(message)), [0, 0]);
    await answerers(port, 2);
    const ended = new Promise((resolve) => workers[0]!.once("exit", resolve));
    workers[0]!.postMessage("close");
    assert.equal(await ended, 0);
    assert.equal(await ask(port), String(workers[1]!.threadId));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
});

test("a thread may let the system choose a port of its own", async () => {
  const workers = [0, 0].map(() => new Worker(CHOSEN, { eval: true }));
  try {
    const ports = (await Promise.all(workers.map(message))) as number[];
    const answers = await Promise.all(ports.map(ask));
    assert.deepEqual(
      answers,
      workers.map(({ threadId }) => String(threadId)),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
});

test("a thread that is terminated leaves no client waiting", async () => {
  const port = await freePort();
  const worker = new Worker(THREAD, { eval: true, workerData: port });
  await message(worker);
  const socket = await begin(`http://127.0.0.1:${port}`, "/never");
  let answer = "";
  socket.on("data", (data) => (answer += String(data)));
  assert.equal(await message(worker), "started");
  await worker.terminate();
  await eventually(() => answer.startsWith("HTTP/1.1 500 ") || socket.destroyed);
  await eventually(
    async () =>
      await ask(port).then(
        () => false,
        ({ code }: { code: string }) => code === "ECONNREFUSED",
      ),
  );
});

test("shares a port only with those that ask for it too", async () => {
  const [first, second, third] = [new Sabir(), new Sabir(), new Sabir()];
  const port = await freePort();
  await first.listen({ port, reusePort: true });
  await second.listen({ port, reusePort: true });
  await assert.rejects(third.listen({ port }), { code: "EADDRINUSE" });
  await Promise.all([first.close(), second.close()]);
});

test("refuses places to listen that make no sense", async () => {
  const app = new Sabir();
  const refused = [
    [{ port: 0, reusePort: true }, "port"],
    [{ unix: "/tmp/none", reusePort: true }, "reusePort"],
    [{ unix: "/tmp/none", port: 1 }, "unix"],
    [{ unix: "/tmp/none", fd: 3 }, "fd"],
    [{ fd: -1 }, "fd"],
    [{ port: 65_536 }, "port"],
    [{ port: 1.5 }, "port"],
    [{ port: "80" as never }, "port"],
  ] as const;
  for (const [options, field] of refused) {
    await assert.rejects(
      app.listen(options),
      (error) => error instanceof SetupError && error.field === field,
      JSON.stringify(options),
    );
  }
  await assert.rejects(app.listen({ fd: 9_999 }), /descriptor/i);
});
