/** What a handler can do wrong: the client sees a plain 500, the log has the cause, and the server goes on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { NotFound, Problem, Response as Answer, Sabir, ServiceUnavailable, TooManyRequests } from "sabir";

import { Log, TIMEOUT_MS, serving } from "./serving.js";

const SECRET = "hunter2";

/** An error that cannot even be looked at. */
class Unspeakable extends Error {
  override get message(): string {
    throw new Error(SECRET);
  }
  override get stack(): string {
    throw new Error(SECRET);
  }
  override get name(): string {
    throw new Error(SECRET);
  }
}

class BottomlessProblem extends Problem {
  override data(): object {
    throw new BottomlessProblem(500);
  }
}

function fails(): never {
  throw new Error(SECRET);
}

const cycle: Record<string, unknown> = {};
cycle["cycle"] = cycle;

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function brokenStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async () => {
      await sleep(1);
      fails();
    },
  });
}

/** Reasons that are no errors, and errors that are hard to handle. */
const THROWN: unknown[] = [
  new Error(SECRET),
  SECRET,
  undefined,
  null,
  0,
  cycle,
  Symbol(SECRET),
  Object.create(null),
  new Unspeakable(),
  new Proxy({}, { get: fails, has: fails, getPrototypeOf: fails }),
  new BottomlessProblem(500),
  new Problem(99),
  new Problem(1.5),
  new Problem(Number.NaN),
  new Problem(404, { headers: { "x-bad": "a\r\nx-injected: 1" } }),
  new Problem(404, { headers: { "bad name": "1" } }),
  new Problem(404, { extensions: cycle }),
  new Problem(404, {
    extensions: {
      get a() {
        return fails();
      },
    },
  }),
  new Problem(404, { extensions: { map: new Map() } }),
  new Problem(404, { extensions: { deep: nested(100_000) } }),
];

const RETURNED: (() => unknown)[] = [
  () => ({
    get a() {
      return fails();
    },
  }),
  () => ({ toJSON: fails }),
  () => ({
    get then() {
      return fails();
    },
  }),
  () => ({ then: fails }),
  () => fails,
  () => Symbol(SECRET),
  () => cycle,
  () => nested(100_000),
  () => new Proxy({}, { get: fails, getPrototypeOf: fails }),
  () => new Answer({ toJSON: fails }),
  () => new Answer(cycle),
  () => new Answer("", { status: 99 }),
  () => new Answer("", { status: "200" as never }),
  () => new Answer("", { headers: { "x-bad": "a\nb" } }),
  () => new Answer("", { headers: { "x-bad": 1 as never } }),
  () => new Answer("", { headers: 5 as never }),
  () => new Answer("", { mediaType: "a\nb" }),
  () => new Answer("", { cookies: [{ name: "a b", value: "1" }] }),
  () => new Answer("", { cookies: [{ name: "a", value: "1", sameSite: "odd" as never }] }),
  () => new Answer("", { cookies: [{ name: "a", value: "1", expires: new Date(Number.NaN) }] }),
  () => new Answer("", { cookies: [{ name: "a", value: "1", maxAge: Number.NaN }] }),
  () => Response.error(),
  () => new Response(brokenStream()),
  () => {
    const response = new Response("once");
    void response.text();
    return response;
  },
];

const KINDS: Record<string, (act: () => unknown) => () => unknown> = {
  "at once": (act) => act,
  "in a promise": (act) => async () => act(),
  later: (act) => async () => {
    await sleep(1);
    return act();
  },
};

async function assertFails(act: () => unknown, debug: boolean): Promise<void> {
  const logger = new Log();
  const app = new Sabir({ debug }, { logger });
  app.get("/fails", act).get("/alive", () => "alive");
  await serving(app, async (url) => {
    const answer = await fetch(`${url}/fails`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    assert.equal(answer.status, 500);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(answer.headers.get("x-injected"), null);
    const body = await answer.text();
    assert.equal((JSON.parse(body) as { status: number }).status, 500);
    if (!debug) assert.ok(!body.includes(SECRET), body);
    assert.equal(await (await fetch(`${url}/alive`)).text(), "alive");
  });
  assert.equal(logger.messages.length > 0, true, "nothing was logged");
  assert.match(logger.messages[0] ?? "", /^GET \/fails failed \(request [0-9a-f-]+\)/);
}

for (const [kind, wrap] of Object.entries(KINDS)) {
  test(`answers 500 to whatever is thrown ${kind}`, async () => {
    for (const [index, thrown] of THROWN.entries()) {
      const act = wrap(() => {
        throw thrown;
      });
      for (const debug of [false, true]) {
        await assertFails(act, debug).catch((error: unknown) => {
          throw new Error(`THROWN[${index}], debug ${debug}`, { cause: error });
        });
      }
    }
  });

  test(`answers 500 to a value that cannot be sent, returned ${kind}`, async () => {
    for (const [index, act] of RETURNED.entries()) {
      await assertFails(wrap(act), false).catch((error: unknown) => {
        throw new Error(`RETURNED[${index}]`, { cause: error });
      });
    }
  });
}

test("answers 500 when what was thrown cannot be logged", async () => {
  const logger = { ...console, error: fails };
  const app = new Sabir({}, { logger });
  app.get("/", () => fails());
  assert.equal((await app.request("/")).status, 500);
});

test("writes an error that cannot be shown to the console without it", async (t) => {
  const error = t.mock.method(console, "error", (...data: unknown[]) => {
    if (data.length > 1) fails();
  });
  const app = new Sabir();
  app.get("/", () => fails());
  assert.equal((await app.request("/")).status, 500);
  assert.match(String(error.mock.calls.at(-1)?.arguments[0]), /what it threw cannot be written/);
});

test("tells when to come back, beside other header fields", async () => {
  const app = new Sabir();
  app.get("/limited", () => new TooManyRequests("slowly", { retryAfter: 3, headers: { "x-app": "shop" } }));
  app.get("/down", () => new ServiceUnavailable(undefined, { headers: [["x-app", "shop"]] }));
  const limited = await app.request("/limited");
  assert.deepEqual([limited.status, limited.headers.get("retry-after"), limited.headers.get("x-app")], [429, "3", "shop"]);
  const down = await app.request("/down");
  assert.deepEqual([down.status, down.headers.get("retry-after"), down.headers.get("x-app")], [503, null, "shop"]);
});

test("shows the stack in debug mode only", async () => {
  for (const debug of [true, false]) {
    const app = new Sabir({ debug }, { logger: new Log() });
    app.get("/", () => fails());
    const { detail } = (await (await app.request("/")).json()) as { detail?: string };
    assert.equal(detail?.includes(SECRET) ?? false, debug);
  }
});

test("sends a problem that was returned as one that was thrown, and logs neither", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  app.get("/thrown", () => {
    throw new NotFound("no");
  });
  app.get("/returned", () => new NotFound("no"));
  app.get("/later", async () => {
    await sleep(1);
    throw new NotFound("no");
  });
  for (const path of ["/thrown", "/returned", "/later"]) {
    const answer = await app.request(path);
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { detail: string }).detail, "no");
  }
  assert.deepEqual(logger.entries, []);
});
