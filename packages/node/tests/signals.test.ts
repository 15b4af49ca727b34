/** Signals end a server gracefully, also one that is busy. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { evaluated, Program } from "./processes.js";
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
