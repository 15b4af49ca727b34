/** Names in a request that mean something to JavaScript are names like any other. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Sabir } from "sabir";

const OPEN = { type: "object", additionalProperties: true } as const;
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "a\u0000b", "0", ""];

afterEach(() => {
  for (const name of ["polluted", "0", ""]) assert.equal(({} as Record<string, unknown>)[name], undefined);
});

function assertOwn(given: object, name: string): void {
  assert.equal(Object.getPrototypeOf(given), Object.prototype);
  assert.ok(Object.hasOwn(given, name), `${JSON.stringify(name)} is missing`);
  assert.deepEqual(Object.keys(given).includes(name), true);
}

/** Sends `body` to a route that has it as `kind`, and gives what the handler got. */
async function received(kind: "body" | "form", body: string | FormData | URLSearchParams): Promise<object> {
  const app = new Sabir();
  let got: unknown;
  app.post("/", { [kind]: OPEN } as object, (context) => {
    got = context.body;
  });
  const headers = typeof body === "string" ? { "content-type": "application/json" } : {};
  const answer = await app.request("/", { method: "POST", body, headers });
  assert.equal(answer.status, 204, await answer.text());
  return got as object;
}

test("keeps such members of JSON", async () => {
  for (const name of NAMES) assertOwn(await received("body", `{${JSON.stringify(name)}:{"polluted":1}}`), name);
});

test("keeps such members of JSON beside an integer that no number holds", async () => {
  // Such a body is built by the runtime and not by JSON.parse.
  for (const name of NAMES) {
    assertOwn(await received("body", `{"n":123456789012345678901234567890,${JSON.stringify(name)}:{"polluted":1}}`), name);
  }
});

test("keeps such fields of urlencoded forms", async () => {
  for (const name of NAMES) assertOwn(await received("form", new URLSearchParams([[name, "polluted"]])), name);
});

test("keeps such fields of multipart forms", async () => {
  for (const name of NAMES.filter((name) => name !== "a\u0000b")) {
    const form = new FormData();
    form.set(name, "polluted");
    assertOwn(await received("form", form), name);
  }
});

test("gives such parameters to the handler", async () => {
  const app = new Sabir();
  const names = ["__proto__", "constructor", "toString"];
  const parameters = names.map((name) => ({ name, in: "query", schema: { type: "string" } }) as const);
  let got: object = {};
  app.get("/", { parameters }, ({ query }) => {
    got = query;
  });
  for (const name of names) {
    assert.equal((await app.request(`/?${name}=polluted`)).status, 204);
    assertOwn(got, name);
    assert.deepEqual(Object.keys(got), [name]);
  }
});

test("gives such cookies to the handler", async () => {
  const app = new Sabir();
  app.get("/", ({ request }) => Object.keys(request.cookies));
  const answer = await app.request("/", { headers: { cookie: "__proto__=polluted; constructor=1" } });
  assert.deepEqual(await answer.json(), ["__proto__", "constructor"]);
});
