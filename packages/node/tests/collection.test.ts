/** Applications, their handlers and what belongs to calls do not outlive their use. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Program, written } from "./processes.js";

const COUNT = 200;

/** Makes applications, uses each in its own way, and tells what is left of them. */
function program(use: string): string {
  return `
    import { get } from "node:http";
    import { Sabir } from "sabir";
    const collect = globalThis.Bun ? () => globalThis.Bun.gc(true) : () => globalThis.gc();
    const left = [];
    async function once() {
      const app = new Sabir();
      const handler = ({ params, request }) => ({ ...params, id: request.id });
      app.get("/{id:int}", { query: { type: "object", properties: { a: { type: "integer" } } } }, handler);
      for (const value of [app, handler]) left.push(new WeakRef(value));
      ${use}
    }
    async function settled() {
      for (let round = 0; round < 20; round++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return process.memoryUsage().heapUsed;
    }
    const listeners = () => ["SIGINT", "SIGTERM", "exit", "disconnect"].map((name) => process.listenerCount(name)).join();
    for (let count = 0; count < 20; count++) await once();
    const [before, heardBefore] = [await settled(), listeners()];
    left.length = 0;
    for (let count = 0; count < ${COUNT}; count++) await once();
    const after = await settled();
    const alive = left.filter((reference) => reference.deref() !== undefined).length;
    console.log(JSON.stringify({ alive, grown: (after - before) / ${COUNT}, listeners: listeners() === heardBefore }));
  `;
}

const USES = {
  "was never used": "",
  "answered in memory": `await (await app.request("/1?a=1")).json();`,
  "listened, answered and closed": `
    const { address } = await app.listen({ port: 0 });
    // Not fetch, which keeps something for each address.
    await new Promise((resolve) => get("http://" + address + "/1", { agent: false }, (answer) => answer.resume().on("end", resolve)));
    await app.close();`,
  "was cancelled": `
    app.get("/slow", ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)));
    await app.request("/slow", { signal: AbortSignal.timeout(1) }).catch(() => undefined);`,
};

for (const [what, use] of Object.entries(USES)) {
  test(`an application that ${what} is collected`, async () => {
    const parameters = process.versions["bun"] === undefined ? ["--expose-gc"] : [];
    const running = new Program([...parameters, written(program(use))]);
    try {
      const { alive, grown, listeners } = JSON.parse(await running.line()) as Record<string, number | boolean>;
      // Stacks are searched for what may be a reference, so a few may stay.
      assert.ok(Number(alive) <= COUNT / 5, `${String(alive)} of ${2 * COUNT} are alive`);
      assert.ok(Number(grown) < 10_000, `${String(grown)} bytes remain of each`);
      assert.equal(listeners, true, "there are listeners left");
      await running.ended();
    } finally {
      running[Symbol.dispose]();
    }
  });
}

test("an application that listens lives without being referred to", async () => {
  const source = `
    import { Sabir } from "sabir";
    const collect = globalThis.Bun ? () => globalThis.Bun.gc(true) : () => globalThis.gc();
    const listen = async () => {
      const app = new Sabir();
      app.get("/", () => "alive");
      return (await app.listen({ port: 0 })).address;
    };
    const address = await listen();
    for (let round = 0; round < 10; round++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    console.log(await (await fetch("http://" + address)).text());
    process.exit();
  `;
  const parameters = process.versions["bun"] === undefined ? ["--expose-gc"] : [];
  const running = new Program([...parameters, written(source)]);
  try {
    assert.equal(await running.line(), "alive");
  } finally {
    running[Symbol.dispose]();
  }
});
