/** Calls that arrive together keep their own values. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

/** More than one batch has room for. */
const MANY = 5_000;

const query = {
  type: "object",
  properties: {
    number: { type: "number" },
    flag: { type: "boolean" },
    name: { type: "string" },
    list: { type: "array", items: { type: "integer" } },
  },
} as const;

/** The parameters of call `n`: every combination of what is there and what is not. */
function sent(n: number) {
  return {
    ...(n % 2 === 0 && { number: n / 4 }),
    ...(n % 3 === 0 && { flag: n % 5 === 0 }),
    ...(n % 5 < 3 && { name: `call ${n}` }),
    ...(n % 7 === 0 && { list: [n, n + 1] }),
  };
}

/** Keeps JavaScript's thread busy, so that calls gather. */
function gather(): void {
  const end = Date.now() + 300;
  while (Date.now() < end);
}

test("gives each of many calls its own values", async () => {
  const app = new Sabir({ concurrencyLimit: MANY });
  app.get("/calls/{n:int}", { query }, ({ params, query }) => ({ n: params.n, ...query }));
  const answers = Array.from({ length: MANY }, async (_, n) => {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(sent(n))) {
      for (const item of [value].flat()) fields.append(name, String(item));
    }
    return (await app.request(`/calls/${n}?${fields}`)).json();
  });
  gather();
  for (const [n, answer] of (await Promise.all(answers)).entries()) assert.deepEqual(answer, { n, ...sent(n) });
});

test("has room for a call with more values than a batch otherwise has", async () => {
  const names = Array.from({ length: MANY }, (_, n) => `p${n}`);
  const properties = Object.fromEntries(names.map((name, n) => [name, { type: "integer", default: n } as const]));
  const app = new Sabir();
  app.get("/", { query: { type: "object", properties } }, ({ query }) => query);
  assert.deepEqual(await (await app.request("/")).json(), Object.fromEntries(names.map((name, n) => [name, n])));
});
