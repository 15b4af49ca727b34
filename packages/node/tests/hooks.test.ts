/** Hooks of applications, routers and routes: `onRequest`, `preValidation`, `preHandler`, and what all hooks have in common. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  Conflict,
  Forbidden,
  type Hook,
  type HookContext,
  Response as Answer,
  type ResponseHook,
  Router,
  Sabir,
  SetupError,
} from "sabir";
import { z } from "zod";

import { step, text } from "./hooking.js";
import { begin, eventually, Log, serving } from "./serving.js";

for (const isLater of [false, true]) {
  test(`hooks run in their order, ${isLater ? "async" : "sync"}, whatever the order of the lines`, async () => {
    const steps: string[] = [];
    const app = new Sabir();
    const [outer, inner] = [new Router({ prefix: "/outer" }), new Router()];
    const add = (name: string, to: Sabir | Router): void => {
      const named = (hook: string) => step(`${hook} ${name}`, steps, isLater);
      to.preHandler(named("preHandler"));
      to.onResponse(named("onResponse"));
      to.onRequest(named("onRequest")).onRequest(named("onRequest again"));
      to.preValidation(named("preValidation"));
    };
    const named = (hook: string) => step(`${hook} route`, steps, isLater);
    add("outer", outer);
    inner.get(
      "/",
      {
        onRequest: named("onRequest"),
        preValidation: [named("preValidation")],
        preHandler: named("preHandler"),
        onResponse: [named("onResponse"), named("onResponse again")],
      },
      () => void steps.push("handler"),
    );
    outer.mount("/inner", inner);
    app.mount("/", outer);
    add("inner", inner);
    add("app", app);
    assert.equal((await app.request("/outer/inner")).status, 204);
    const before = (hook: string): string[] => ["app", "outer", "inner", "route"].map((name) => `${hook} ${name}`);
    const onRequest = ["app", "outer", "inner"].flatMap((name) => [`onRequest ${name}`, `onRequest again ${name}`]);
    const after = ["onResponse route", "onResponse again route", "onResponse inner", "onResponse outer", "onResponse app"];
    const expected = [...onRequest, "onRequest route", ...before("preValidation"), ...before("preHandler"), "handler", ...after];
    assert.deepEqual(steps, expected);
  });
}

test("hooks of a router hold for its routes alone, also when it is mounted twice", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  const router = new Router().onRequest(step("router", steps)).get("/", () => "inside");
  app
    .mount("/a", router)
    .mount("/b", router)
    .get("/", () => "outside");
  for (const path of ["/", "/a", "/b"]) {
    assert.equal(await text(app, path), path === "/" ? "outside" : "inside");
    assert.deepEqual(steps.splice(0), path === "/" ? [] : ["router"]);
  }
});

test("hooks of an application come with it when it is mounted, and a router that is mounted into itself has its own once", async () => {
  const steps: string[] = [];
  const inner = new Sabir().onRequest(step("inner", steps));
  const router = new Router().onRequest(step("router", steps)).get("/", () => "hello");
  router.mount("/again", router);
  inner.mount("/router", router);
  const app = new Sabir().mount("/inner", inner).onRequest(step("app", steps));
  assert.equal(await text(app, "/inner/router/again"), "hello");
  assert.deepEqual(steps, ["app", "inner", "router"]);
});

/** What a hook returns, and what it answers. */
const ANSWERS: [name: string, hook: (context: HookContext) => unknown, status: number, text: string | undefined][] = [
  ["a Response", ({ text }) => text("stop", 403), 403, "stop"],
  ["a web Response", () => new Response("stop", { status: 403 }), 403, "stop"],
  ["a problem", () => new Forbidden("stop"), 403, undefined],
  ["a value", () => ({ stop: true }), 200, '{"stop":true}'],
  ["null", () => null, 200, "null"],
  ["a promise", async ({ text }) => await Promise.resolve(text("stop", 403)), 403, "stop"],
  ["an object with then", ({ text }) => ({ then: (done: (value: unknown) => void) => done(text("stop", 403)) }), 403, "stop"],
  ["a redirect", ({ redirect }) => redirect("/a"), 302, ""],
  ["a generator", () => ["a", "b"].values(), 200, "ab"],
];

for (const [name, hook, status, expected] of ANSWERS) {
  for (const moment of ["onRequest", "preValidation", "preHandler"] as const) {
    test(`${moment} answers with ${name}, and the handler is not called`, async () => {
      const steps: string[] = [];
      const app = new Sabir();
      app[moment](hook as Hook).onResponse((_, response) => void steps.push(String(response.status)));
      app.preHandler(step("preHandler", steps));
      app.get("/", () => void steps.push("handler"));
      const check = async (answer: globalThis.Response): Promise<void> => {
        assert.equal(answer.status, status);
        if (expected !== undefined) assert.equal(await answer.text(), expected);
        else assert.equal(((await answer.json()) as { detail: string }).detail, "stop");
        assert.deepEqual(steps.splice(0), [String(status)]);
      };
      await check(await app.request("/"));
      await serving(app, async (url) => await check(await fetch(url, { redirect: "manual" })));
    });
  }
}

test("a hook that returns its context, as what says something of the answer does, goes on", async () => {
  const app = new Sabir();
  app.onRequest((context) => context.header("x-a", "1"));
  app.preHandler(async (context) => await Promise.resolve(context.setCookie("a", "1").status(201)));
  app.onResponse((context) => context.header("x-b", "2"));
  app.get("/", () => "hello");
  const answer = await app.request("/");
  assert.deepEqual([answer.status, await answer.text()], [201, "hello"]);
  assert.deepEqual([answer.headers.get("x-a"), answer.headers.get("x-b")], ["1", "2"]);
  assert.match(answer.headers.getSetCookie().join(), /^a=1/);
});

test("hooks and the handler share the state, which belongs to one request", async () => {
  const app = new Sabir();
  app.onRequest(({ state, request }) => {
    assert.equal(state.user, undefined);
    state.user = request.header("x-user") ?? "nobody";
  });
  app.get("/", async ({ state }) => (await sleep(1), state.user));
  const users = Array.from({ length: 50 }, (_, index) => `user ${index}`);
  assert.deepEqual(await Promise.all(users.map((user) => text(app, "/", { headers: { "x-user": user } }))), users);
});

test("hooks before the handler see the parts of the request", async () => {
  const app = new Sabir();
  const seen: unknown[] = [];
  app.onRequest(({ params, query, body }) => void seen.push(params, query, body));
  const Body = z.object({ at: z.string().transform((at) => new Date(at)) });
  app.preHandler(({ body }) => void seen.push((body as { at: Date }).at instanceof Date));
  app.post("/{id:int}", { query: z.object({ q: z.string() }), body: Body }, ({ body }) => body.at.getTime());
  const body = JSON.stringify({ at: "1970-01-02" });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body };
  assert.equal(await text(app, "/7?q=a", init), "86400000");
  assert.deepEqual(seen, [{ id: 7 }, { q: "a" }, { at: seen[2] && (seen[2] as { at: Date }).at }, true]);
});

test("preValidation runs before the refusal of a schema's library, and preHandler does not", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.preValidation(step("preValidation", steps)).preHandler(step("preHandler", steps));
  app.onError(422, (_, problem) => void steps.push(`onError ${problem.options.errors?.[0]?.keyword}`));
  app.onResponse((_, { status }) => void steps.push(`onResponse ${status}`));
  app.get("/", { query: z.object({ q: z.string().refine(() => false, "odd") }) }, () => steps.push("handler"));
  assert.equal((await app.request("/?q=a")).status, 422);
  assert.deepEqual(steps, ["preValidation", "onError custom", "onResponse 422"]);
});

test("a chain of sync hooks and a sync handler is sync", async () => {
  const app = new Sabir();
  const steps: string[] = [];
  const note = (name: string) => () => void steps.push(name);
  app.onRequest(note("a")).preHandler(note("b"));
  app.get("/", note("handler")).onResponse(note("c"));
  app.onError(note("error"));
  app.onRequest(() => queueMicrotask(note("microtask")));
  await app.request("/");
  assert.deepEqual(steps, ["a", "b", "handler", "c", "microtask"]);
});

test("hooks know of a client that leaves", async () => {
  const steps: string[] = [];
  const app = new Sabir({}, { logger: new Log() });
  app.preHandler(async ({ signal }) => {
    steps.push("begun");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    steps.push("aborted");
    signal.throwIfAborted();
  });
  app.onResponse(() => void steps.push("answer"));
  app.get("/", () => void steps.push("handler"));
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 3);
  });
  assert.deepEqual(steps, ["begun", "aborted", "answer"]);
});

test("a handler keeps the object that it is a method of", async () => {
  class Shop {
    readonly name = "shop";
    readonly show = (): string => this.name;
    guard(): void {
      assert.equal(this.name, "shop");
    }
  }
  const shop = new Shop();
  const app = new Sabir().get("/", shop.show);
  app.preHandler(shop.guard.bind(shop));
  assert.equal(await text(app), "shop");
});

test("refuses what is no hook, and hooks that come too late", async () => {
  const app = new Sabir();
  assert.throws(
    () => app.onRequest(1 as never),
    /^SetupError: app: onRequest: this is no function; give a function of the context$/,
  );
  assert.throws(() => app.onError("a" as never, () => undefined), /app: onError: this is neither a class nor a status/);
  assert.throws(
    () => app.get("/", { preHandler: [1] as never }, () => 1),
    /^SetupError: GET \/: preHandler: this is no function/,
  );
  const router = new Router({ prefix: "/a" });
  assert.throws(
    () => router.get("/", { onResponse: {} as never }, () => 1),
    /^SetupError: GET \/a: onResponse: this is no function/,
  );
  assert.throws(() => new Router({ onRequest: () => undefined } as never), /there is no such option/);
  router.get("/", () => 1);
  app.get("/", () => 1).mount("/", router);
  await app.request("/");
  const late = /^SetupError: app: onResponse: the application has started; add it before the first request$/;
  assert.throws(() => app.onResponse(() => undefined), late);
  assert.throws(() => router.onRequest(() => undefined), SetupError);
});

test("hooks are there in a CommonJS module", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  const app = new Required();
  // Answers and problems of the other copy of the package.
  app.onRequest(({ request }) => (request.header("x-stop") ? new Answer("stop", { status: 403 }) : undefined));
  app.onError(Conflict, () => new Answer("conflict"));
  app.onResponse(((_, response) => response.headers.set("x-a", "1")) satisfies ResponseHook);
  app.get("/", () => new Answer("hello")).get("/conflict", () => new Conflict("taken"));
  const answer = await app.request("/");
  assert.deepEqual([answer.headers.get("x-a"), await answer.text()], ["1", "hello"]);
  assert.equal((await app.request("/", { headers: { "x-stop": "1" } })).status, 403);
  assert.equal(await text(app, "/conflict"), "conflict");
});

test("a generator function is no hook", () => {
  for (const hook of [function* () {}, async function* () {}]) {
    assert.throws(() => new Sabir().onRequest(hook as never), /app: onRequest: this is a generator function, and a hook returns/);
    assert.throws(() => new Sabir().get("/", { preHandler: hook as never }, () => 1), SetupError);
  }
});
