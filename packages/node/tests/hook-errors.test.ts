/** Hooks for errors and problems: `onError`. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Conflict, Forbidden, type Hook, NotFound, Problem, Response as Answer, Router, Sabir } from "sabir";

import { detail, text } from "./hooking.js";
import { Log } from "./serving.js";

/** What handlers throw. */
const THROWN: [name: string, value: unknown][] = [
  ["an Error", new RangeError("secret")],
  ["a string", "secret"],
  ["undefined", undefined],
  ["null", null],
  ["an object without a prototype", Object.create(null)],
];

for (const [name, value] of THROWN) {
  for (const where of ["onRequest", "preHandler", "handler"] as const) {
    for (const isLater of [false, true]) {
      test(`${name} that ${where} ${isLater ? "rejects with" : "throws"} is logged, and the hooks have the problem`, async () => {
        const [log, seen] = [new Log(), [] as unknown[]];
        const app = new Sabir({}, { logger: log });
        const fail = isLater
          ? async () => (await sleep(1), Promise.reject(value as Error))
          : () => {
              throw value;
            };
        if (where !== "handler") app[where](fail as Hook);
        app.get("/", where === "handler" ? fail : () => "hello");
        app.onError((_, error) => void seen.push(error));
        app.onResponse((_, { status, content }) => void seen.push(status, content instanceof Problem));
        const answer = await app.request("/");
        assert.equal(answer.status, 500);
        assert.doesNotMatch(await answer.text(), /secret/);
        assert.deepEqual(seen, [value, 500, true]);
        assert.match(log.messages.join("\n"), /^GET \/ failed \(request /);
        assert.equal(log.entries[0]?.[1], value);
      });
    }
  }
}

class Odd extends RangeError {}

test("the most specific hook of the nearest level answers for an error", async () => {
  const app = new Sabir();
  const router = new Router();
  const raise = (error: unknown) => () => {
    throw error;
  };
  router.get("/odd", raise(new Odd("odd"))).get("/range", raise(new RangeError("range")));
  router.get("/own", { onError: [() => undefined, async (_, error) => new Answer(`own ${String(error)}`)] }, raise("thing"));
  app
    .mount("/", router)
    .get("/missing", raise(new NotFound("none")))
    .get("/other", raise(new Problem(404)));
  app.get("/conflict", () => new Conflict("returned")).get("/plain", raise(new Error("plain")));
  app.onError((_, error) => new Answer(`any ${String((error as Error).message)}`));
  app.onError(Error, ({ text }, { message }) => text(`error ${message}`));
  app.onError(Problem, ({ text }, { status }) => text(`problem ${status}`, status));
  app.onError(404, ({ text }, { status }) => text(`status ${status}`, 404));
  app.onError(NotFound, ({ text }) => text("class"));
  router.onError(RangeError, ({ text }) => text("range"));
  router.onError(Odd, ({ text }) => text("odd"));
  const answers = {
    "/odd": "odd",
    "/range": "range",
    "/own": "own thing",
    "/missing": "status 404",
    "/other": "status 404",
    "/conflict": "problem 409",
    "/plain": "error plain",
  };
  for (const [path, expected] of Object.entries(answers)) assert.equal(await text(app, path), expected, path);
});

test("hooks that answer nothing leave an error to the next, and in the end to the runtime", async () => {
  const [log, steps] = [new Log(), [] as string[]];
  const app = new Sabir({}, { logger: log });
  app.onError(async () => void steps.push("any"));
  app.onError(Error, () => void steps.push("error"));
  app.get("/conflict", () => new Conflict("taken")).get("/", () => assert.fail("bad"));
  assert.deepEqual(await detail(app, "/conflict"), [409, "taken"]);
  assert.deepEqual([steps.splice(0), log.entries.length], [["error", "any"], 0]);
  assert.deepEqual(await detail(app), [500, undefined]);
  assert.deepEqual([steps, log.entries.length], [["error", "any"], 1]);
});

for (const isLater of [false, true]) {
  test(`an error in a hook of onError or onResponse is logged and the problem of 500, ${isLater ? "later" : "at once"}`, async () => {
    const [log, steps] = [new Log(), [] as string[]];
    const app = new Sabir({}, { logger: log });
    const fail = isLater ? () => Promise.reject(new Error("second")) : () => assert.fail("second");
    app.onError(fail).onError(Odd, () => new Answer("not asked again"));
    app.get("/error", () => assert.fail("first")).get("/fine", { onResponse: fail }, () => "fine");
    app.onResponse((_, { status }) => void steps.push(String(status)));
    for (const path of ["/error", "/fine"]) {
      assert.equal((await app.request(path)).status, 500);
      assert.deepEqual(steps.splice(0), ["500"]);
      assert.deepEqual(
        log.entries.splice(0).map(([, error]) => (error as Error).message),
        ["second"],
      );
    }
  });
}

test("a problem that a hook of onError or onResponse throws is the answer", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.onError(Odd, () => {
    throw new Conflict("translated");
  });
  app.get("/", () => {
    throw new Odd();
  });
  app.get("/fine", { onResponse: () => Promise.reject(new Forbidden("no")) }, () => "fine");
  assert.deepEqual(await detail(app), [409, "translated"]);
  assert.deepEqual(await detail(app, "/fine"), [403, "no"]);
  assert.deepEqual(log.entries, []);
});

test("what is thrown has nothing of what was said before, as without hooks", async () => {
  const app = new Sabir();
  app.onRequest((context) => context.header("x-a", "1"));
  app.onError((context) => context.header("x-b", "2"));
  app.onError(409, (context) => context.header("x-c", "3").text("answered", 409));
  app.get("/", (context) => {
    context.header("x-d", "4");
    throw new Conflict("taken");
  });
  app.onResponse(() => undefined);
  const answer = await app.request("/");
  const found = ["x-a", "x-b", "x-c", "x-d"].map((name) => answer.headers.get(name));
  assert.deepEqual([await answer.text(), found], ["answered", [null, null, "3", null]]);
});

test("an answer that cannot be written is a failure, as without hooks", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.onResponse((_, response) => response.headers.set("x-a", "1"));
  app.get("/map", () => new Map()).get("/status", () => new Answer("a", { status: 99 }));
  for (const path of ["/map", "/status"]) assert.equal((await app.request(path)).status, 500);
  assert.equal(log.entries.length, 2);
});
