/** The suite itself: it runs everything, and it fails when it should. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { Sabir } from "sabir";

import { KNOWN_FAILING, run, type Transport, transportsOf, unlessListed } from "../support/check.js";
import { type Exchange, type Expectation, fixturePaths } from "../support/fixture.js";

const GENERATED = new URL("../../generated/", import.meta.url);

/** What `application` answers. */
const FITTING: Expectation = { status: 204, handler_calls: 1 };

function application(seen: string[] = []): Sabir {
  const app = new Sabir();
  app.get("/{name}", ({ params }) => {
    seen.push(params.name);
  });
  return app;
}

function exchange(name: string, expect: Expectation, headers = {}): Exchange {
  return { send: { method: "GET", path: `/${name}`, headers }, expect };
}

test("every fixture has a test", () => {
  const sources = readdirSync(GENERATED).map((file) => readFileSync(new URL(file, GENERATED), "utf8"));
  const checked = sources.flatMap((source) => [...source.matchAll(/^check\("([^"]+)"/gm)].map(([, path]) => path));
  assert.deepEqual(checked.sort(), fixturePaths().sort());
});

test("every listed fixture exists", () => {
  const known = new Set(fixturePaths());
  assert.deepEqual(
    Object.keys(KNOWN_FAILING).filter((path) => !known.has(path)),
    [],
  );
});

test("a fixture is sent on both ways unless it needs a connection", () => {
  assert.deepEqual(transportsOf(), ["memory", "socket"]);
  assert.deepEqual(transportsOf(["socket"]), ["socket"]);
});

test("a listed fixture that passes is a failure, and one that fails is none", async () => {
  const passes = async () => {};
  const fails = () => Promise.reject(new Error("it differs"));
  await unlessListed("a/b", undefined, passes);
  await unlessListed("a/b", "not yet", fails);
  await assert.rejects(unlessListed("a/b", "not yet", passes), /not yet/);
  await assert.rejects(unlessListed("a/b", undefined, fails), /it differs/);
});

for (const transport of ["memory", "socket"] satisfies Transport[]) {
  describe(`sending [${transport}]`, () => {
    test("sends every exchange once", async () => {
      const seen: string[] = [];
      await run(application(seen), [exchange("a", FITTING), exchange("b", FITTING), exchange("c", FITTING)], transport);
      assert.deepEqual(seen, ["a", "b", "c"]);
    });

    for (const differing of [
      { status: 200 },
      { handler_calls: 0 },
      { handler_calls: 2 },
      { headers: { "x-a": "1" } },
      { body_size: 1 },
    ]) {
      test(`fails when the answer is not one with ${JSON.stringify(differing)}`, async () => {
        const exchanges = [exchange("a", FITTING), exchange("b", { ...FITTING, ...differing })];
        await assert.rejects(run(application(), exchanges, transport), /exchanges\[1\]/);
      });
    }
  });
}

test("a connection that stays open is a failure where it must close", { timeout: 60_000 }, async () => {
  const closing = { ...FITTING, closed: true };
  await run(application(), [exchange("a", closing, { connection: "close" })], "socket");
  await assert.rejects(run(application(), [exchange("a", closing)], "socket"), /was not closed/);
});
