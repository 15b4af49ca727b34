/** Signals end a server gracefully, also one that is busy. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { evaluated, Program, written } from "./processes.js";
import { begin } from "./serving.js";

const BUSY = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { Sabir } from "sabir";
  const app = new Sabir();
  let started = 0;
  process.on("exit", () => console.log("started " + started));
  app.get("/", async () => { started++; await sleep(Math.random() * 20); return "answered"; });
  app.get("/slow", async () => { console.log("started"); await sleep(500); return "finished"; });
  app.get("/never", async () => { console.log("started"); await sleep(600000); });
  console.log((await app.listen({ port: 0 })).address);
`;

/** Sends requests until the server takes no more, and counts those that were answered. */
async function load(url: string): Promise<number> {
  let answered = 0;
  for (;;) {
    try {
      const answer = await fetch(url);
      const text = await answer.text();
      // What comes on an open connection after the signal is refused, with the advice to come back.
      if (answer.status === 503 && answer.headers.get("retry-after") === "1") return answered;
      assert.equal(text, "answered");
      answered++;
    } catch {
      // Refused, or on a connection that the server was closing at this moment (RFC 9112 §9.3.1).
      return answered;
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} under load ends the process with code 0 and answers what runs`, async () => {
    const program = new Program(evaluated(BUSY));
    try {
      const url = `http://${await program.line()}`;
      const slow = fetch(`${url}/slow`).then((answer) => answer.text());
      assert.equal(await program.line(), "started");
      const clients = Array.from({ length: 20 }, () => load(url));
      await sleep(200);
      program.kill(signal);
      const counts = await Promise.all(clients);
      assert.equal(await slow, "finished");
      const { code, stdout, stderr } = await program.ended();
      assert.deepEqual([code, stderr], [0, ""]);
      assert.ok(counts.every((answered) => answered > 0));
      const total = counts.reduce((sum, answered) => sum + answered);
      assert.match(stdout, new RegExp(`^started ${total}$`, "m"), "a request that reached its handler was not answered");
    } finally {
      program[Symbol.dispose]();
    }
  });
}

/** What keeps a process whose server has stopped, or keeps the server. */
const KEEPS = {
  "a timer": `setInterval(() => {}, 1000); app.get("/", () => "answered");`,
  "a handler that waits for ever": `app.get("/", () => { console.log("started"); return new Promise(() => {}); });`,
  "a timer of a thread": `
    new Worker("setInterval(() => {}, 1000)", { eval: true });
    app.get("/", () => "answered");`,
  "an application of a thread": `
    const source = 'const { Sabir } = require("sabir"); void new Sabir().listen({ port: 0 }); setInterval(() => {}, 1000);';
    new Worker(source, { eval: true });
    app.get("/", () => "answered");`,
};
const COMPUTES = `app.get("/", () => { console.log("started"); for (;;); });`;

/** A program that is kept, and whether its requests are answered. */
function kept(source: string, shutdownTimeoutMs: number): Program {
  return new Program([
    written(`
      import { Worker } from "node:worker_threads";
      import { Sabir } from "sabir";
      const app = new Sabir({ shutdownTimeoutMs: ${shutdownTimeoutMs} });
      ${source}
      console.log((await app.listen({ port: 0 })).address);`),
  ]);
}

/** Runs a program that a request has reached. */
async function reached(source: string, shutdownTimeoutMs: number, act: (program: Program) => Promise<void>): Promise<void> {
  const program = kept(source, shutdownTimeoutMs);
  try {
    const url = `http://${await program.line()}`;
    if (source.includes("started")) {
      const socket = await begin(url, "/");
      assert.equal(await program.line(), "started");
      await act(program);
      socket.destroy();
    } else {
      await (await fetch(url, { headers: { connection: "close" } })).text();
      await act(program);
    }
  } finally {
    program[Symbol.dispose]();
  }
}

for (const [what, source] of Object.entries(KEEPS)) {
  test(`${what} does not keep a process whose time for the shutdown is over`, async () => {
    await reached(source, 300, async (program) => {
      program.kill("SIGTERM");
      const { code, signal, stderr } = await program.ended();
      assert.deepEqual([code, signal], [0, null], stderr);
      if (!source.includes("started")) {
        assert.equal(stderr, "sabir: something still runs after the shutdown; the process ends without it\n");
      }
    });
  });

  test(`a second signal ends a process that ${what} keeps at once`, async () => {
    await reached(source, 600_000, async (program) => {
      program.kill("SIGTERM");
      await sleep(300);
      program.kill("SIGTERM");
      assert.equal((await program.ended()).signal, "SIGTERM");
    });
  });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`a handler that computes for ever does not keep a process from ${signal}`, async () => {
    await reached(COMPUTES, 300, async (program) => {
      program.kill(signal);
      const outcome = await program.ended();
      assert.equal(outcome.signal, signal);
      assert.equal(outcome.stderr, "sabir: a handler still computes after the shutdown; the process ends without it\n");
    });
  });
}

test("a second signal ends a process that computes for ever at once", async () => {
  await reached(COMPUTES, 600_000, async (program) => {
    program.kill("SIGTERM");
    await sleep(300);
    program.kill("SIGINT");
    assert.equal((await program.ended()).signal, "SIGINT");
  });
});

test("a process may listen, close and listen again, and hears its signals each time", async () => {
  const source = `
    app.get("/", () => { console.log("started"); for (;;); });
    for (let time = 0; time < 3; time++) { await app.listen({ port: 0 }); await app.close(); }`;
  await reached(source, 300, async (program) => {
    program.kill("SIGTERM");
    assert.equal((await program.ended()).signal, "SIGTERM");
  });
});

test("a signal without a server has its usual effect after close", async () => {
  const program = new Program([
    written(`
      import { Sabir } from "sabir";
      const app = new Sabir();
      await app.listen({ port: 0 });
      await app.close();
      console.log("closed");
      for (;;);`),
  ]);
  try {
    assert.equal(await program.line(), "closed");
    program.kill("SIGTERM");
    assert.equal((await program.ended()).signal, "SIGTERM");
  } finally {
    program[Symbol.dispose]();
  }
});

const CLUSTER = `
  import cluster from "node:cluster";
  import { Sabir } from "sabir";
  if (cluster.isPrimary) {
    const worker = cluster.fork();
    worker.on("message", (message) => console.log(message));
    worker.on("exit", (code, signal) => { console.log("exit " + (signal ?? code)); process.exit(); });
    process.on("SIGUSR1", () => worker.disconnect());
    process.on("SIGUSR2", () => worker.process.kill("SIGTERM"));
  } else {
    const app = new Sabir({ shutdownTimeoutMs: 300 });
    app.get("/", () => "answered");
    setInterval(() => {}, 1000);
    await app.listen({ port: 0 });
    process.send("listening");
  }
`;

for (const [signal, what] of [
  ["SIGUSR1", "its disconnection"],
  ["SIGUSR2", "a signal"],
] as const) {
  test(`a timer does not keep a worker of node:cluster from ${what}`, async () => {
    const program = new Program([written(CLUSTER)]);
    try {
      assert.equal(await program.line(), "listening");
      program.kill(signal);
      assert.equal(await program.line(), "exit 0");
    } finally {
      program[Symbol.dispose]();
    }
  });
}

test("a second signal ends the process at once", async () => {
  const program = new Program(evaluated(BUSY));
  try {
    const socket = await begin(`http://${await program.line()}`, "/never");
    assert.equal(await program.line(), "started");
    program.kill("SIGTERM");
    await sleep(200);
    program.kill("SIGTERM");
    assert.equal((await program.ended()).signal, "SIGTERM");
    socket.destroy();
  } finally {
    program[Symbol.dispose]();
  }
});
