/** `await using` where the engine does not know it yet. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { run } from "./processes.js";

test("`await using` works where Symbol.asyncDispose is missing", async () => {
  // As Node 20.0 to 20.4: a Symbol without the member.
  const { stdout, stderr } = await run(`
    const { iterator, asyncIterator, hasInstance, toPrimitive, toStringTag, species } = Symbol;
    const Original = Symbol;
    const members = { iterator, asyncIterator, hasInstance, toPrimitive, toStringTag, species };
    globalThis.Symbol = Object.assign((text) => Original(text), members, { for: (name) => Original.for(name) });
    const { Sabir } = await import("sabir");
    const app = new Sabir();
    const server = await app.listen({ port: 0 });
    await server[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
    console.log(String(Symbol.asyncDispose));
    process.exit();`);
  assert.deepEqual([stdout, stderr], ["Symbol(Symbol.asyncDispose)\n", ""]);
});
