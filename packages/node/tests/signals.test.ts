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
  app.get("/", async () => { await sleep(Math.random() * 20); return "answered"; });
  app.get("/slow", async () => { console.log("started"); await sleep(500); return "finished"; });
  app.get("/never", async () => { console.log("started"); await sleep(600000); });
  console.log((await app.listen({ port: 0 })).address);
`;

/** Sends requests until one is refused, and counts those that were answered and those that were broken off. */
async function load(url: string): Promise<{ answered: number; broken: string[] }> {
  let answered = 0;
  const broken: string[] = [];
  for (;;) {
    try {
      const answer = await fetch(url);
      const text = await answer.text();
      // What comes on an open connection after the signal is refused, with the advice to come back.
      if (answer.status === 503 && answer.headers.get("retry-after") === "1") return { answered, broken };
      assert.equal(text, "answered");
      answered++;
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? String(error);
      if (code !== "ECONNREFUSED") broken.push(code);
      return { answered, broken };
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
      const { code, stderr } = await program.ended();
      assert.deepEqual([code, stderr], [0, ""]);
      assert.ok(counts.every(({ answered }) => answered > 0));
      // A connection that the server closed between two requests is the client's to open again (RFC 9112 §9.3.1).
      const broken = counts.flatMap((count) => count.broken);
      assert.deepEqual(broken.filter((code) => !["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"].includes(code)), []);
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
