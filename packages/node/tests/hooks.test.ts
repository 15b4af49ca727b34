/** The hooks `onRequest`, `preValidation`, `preHandler`, `onResponse` and `onError`. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  Conflict,
  events,
  file,
  Forbidden,
  type Hook,
  type HookContext,
  NotFound,
  Problem,
  Response as Answer,
  type ResponseHook,
  Router,
  Sabir,
  SetupError,
  SocketRefused,
  stream,
} from "sabir";
import { z } from "zod";

import { directory } from "./processes.js";
import { begin, eventually, Log, serving } from "./serving.js";

declare module "sabir" {
  interface State {
    steps?: string[];
    user?: string;
  }
}

/** A hook that writes a step, at once or later. */
function step(name: string, steps: string[], isLater = false): Hook {
  return isLater ? async () => (await sleep(1), void steps.push(name)) : () => void steps.push(name);
}

async function text(app: Sabir, path = "/", init?: RequestInit): Promise<string> {
  return await (await app.request(path, init)).text();
}

async function detail(app: Sabir, path = "/", init?: RequestInit): Promise<[number, unknown]> {
  const answer = await app.request(path, init);
  return [answer.status, ((await answer.json()) as { detail?: string }).detail];
}

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

const FILE = join(directory(), "a.txt");
writeFileSync(FILE, "in a file");

/** What handlers answer, and what clients get. */
const KINDS: [name: string, handler: (context: HookContext) => unknown, status: number, type: string | null, text: string][] = [
  ["text", () => "a", 200, "text/plain; charset=utf-8", "a"],
  ["data", () => ({ a: 1 }), 200, "application/json", '{"a":1}'],
  ["null", () => null, 200, "application/json", "null"],
  ["nothing", () => undefined, 204, null, ""],
  ["bytes", () => new Uint8Array([97]), 200, "application/octet-stream", "a"],
  ["the context", (context) => context.status(202).header("x-b", "2"), 202, null, ""],
  ["json", ({ json }) => json("a", 201), 201, "application/json", '"a"'],
  ["html", ({ html }) => html("<p>"), 200, "text/html; charset=utf-8", "<p>"],
  ["a redirect", ({ redirect }) => redirect("/ä"), 302, null, ""],
  ["a Response of a media type", () => new Answer("a", { mediaType: "text/a" }), 200, "text/a", "a"],
  [
    "a web Response",
    () => new Response("a", { status: 203, headers: { "x-b": "2", "content-type": "text/a" } }),
    203,
    "text/a",
    "a",
  ],
  ["a web Response without content", () => new Response(null, { status: 205 }), 205, null, ""],
  ["a web Response that is a stream", () => new Response(new Blob(["a", "b"]).stream()), 200, null, "ab"],
  ["a generator", () => ["a", "b"].values(), 200, "text/plain; charset=utf-8", "ab"],
  ["a stream of objects", () => [{ a: 1 }].values(), 200, "application/jsonl", '{"a":1}\n'],
  [
    "a stream of lines",
    () => stream([1, "a"].values(), { mediaType: "application/x-ndjson" }),
    200,
    "application/x-ndjson",
    '1\n"a"\n',
  ],
  ["a stream", () => stream(["a", "b"], { mediaType: "text/csv" }), 200, "text/csv", "ab"],
  ["events", () => events([{ data: 1 }]), 200, "text/event-stream", "data: 1\n\n"],
  ["a file", () => file(FILE, { disposition: "inline" }), 200, "text/plain; charset=utf-8", "in a file"],
];

for (const [name, handler, status, type, expected] of KINDS) {
  test(`onResponse may change the head of ${name}, over a socket and in memory`, async () => {
    const seen: unknown[] = [];
    const app = new Sabir();
    app.get("/", handler);
    app.onResponse((_, response) => {
      seen.push(response.status);
      response.headers.set("x-a", "1");
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
    });
    const check = async (answer: globalThis.Response): Promise<void> => {
      const found = answer.headers.get("content-type");
      const isText = name === "a file" && found?.startsWith("text/plain");
      assert.deepEqual([answer.status, isText ? type : found], [status, type]);
      assert.equal(await answer.text(), expected);
      assert.deepEqual([answer.headers.get("x-a"), answer.headers.getSetCookie()], ["1", ["a=1", "b=2"]]);
      if (name.endsWith("context") || name === "a web Response") assert.equal(answer.headers.get("x-b"), "2");
      if (name === "a redirect") assert.equal(answer.headers.get("location"), "/%C3%A4");
      assert.deepEqual(seen.splice(0), [status]);
    };
    await check(await app.request("/"));
    await serving(app, async (url) => await check(await fetch(url, { redirect: "manual" })));
  });

  test(`onResponse may put other content, and another status, in the place of ${name}`, async () => {
    for (const change of [
      (response: Answer) => Object.assign(response, { content: "other", status: 299 }),
      () => new Answer("other", { status: 299 }),
      () => new Response("other", { status: 299 }),
    ]) {
      const app = new Sabir();
      app.get("/", handler).onResponse((_, response) => void response);
      app.onResponse((_, response) => change(response));
      const answer = await app.request("/");
      const written = name === "null" || name === "json" ? ['"other"', "other"] : ["other"];
      assert.equal(answer.status, 299);
      assert.ok(written.includes(await answer.text()));
    }
  });
}

test("onResponse sees the content before it is written", async () => {
  const app = new Sabir();
  app.onResponse((_, response) => {
    if (Array.isArray(response.content)) response.content = { items: response.content, count: response.content.length };
  });
  app.get("/", () => [1, 2]);
  assert.equal(await text(app), '{"items":[1,2],"count":2}');
});

test("an answer that several requests share is changed for each of them alone", async () => {
  const shared = new Answer("hello", { headers: { "x-a": "0" } });
  const web = new Headers({ "x-a": "0" });
  const app = new Sabir();
  app.get("/", () => shared).get("/headers", () => new Answer("hello", { headers: web }));
  app.onResponse((_, response) => response.headers.append("x-a", "1"));
  for (const path of ["/", "/", "/headers", "/headers"]) assert.equal((await app.request(path)).headers.get("x-a"), "0, 1");
  assert.deepEqual([shared.headers.get("x-a"), web.get("x-a")], ["0", "0"]);
});

test("a problem that is an answer keeps its members, whatever hooks change of its head", async () => {
  const app = new Sabir();
  app.get("/", () => {
    throw new Conflict("taken", { extensions: { name: "ada" }, headers: { "X-B": "2" } });
  });
  app.onResponse((_, response) => {
    assert.ok(response.content instanceof Conflict);
    response.headers.set("x-a", "1");
    response.headers.set("content-type", "text/plain");
    response.status = 410;
  });
  const answer = await app.request("/");
  const { status, title, detail, name } = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual([answer.status, status, title, detail, name], [410, 410, "The resource is gone", "taken", "ada"]);
  const found = ["content-type", "x-a", "x-b"].map((field) => answer.headers.get(field));
  assert.deepEqual(found, ["application/problem+json", "1", "2"]);
});

test("whatever is said last of an answer holds", async () => {
  const app = new Sabir();
  app.get("/", (context) => context.header("x-a", "1").header("x-b", "1").setCookie("a", "1").status(201).text("hello"));
  app.onResponse((context, response) => {
    assert.deepEqual([response.status, response.headers.get("x-a")], [201, "1"]);
    response.headers.set("x-b", "2");
    return context.header("x-a", "2").setCookie("b", "2").status(202);
  });
  const answer = await app.request("/");
  assert.deepEqual([answer.status, answer.headers.get("x-a"), answer.headers.get("x-b")], [202, "2", "2"]);
  assert.equal(answer.headers.getSetCookie().length, 2);
});

test("what a generator says of its answer before its first value goes with it", async () => {
  const app = new Sabir();
  app.get("/", { status: 201 }, async function* (context) {
    context.header("x-a", "1").status(202);
    yield "a";
  });
  app.onResponse((_, response) => response.headers.set("x-b", "2"));
  const answer = await app.request("/");
  const found = [answer.status, answer.headers.get("x-a"), answer.headers.get("x-b"), await answer.text()];
  assert.deepEqual(found, [202, "1", "2", "a"]);
});

test("a channel is an answer of events with hooks, too", async () => {
  const app = new Sabir();
  app.sse("/", () => app.events("news")).onResponse((_, response) => response.headers.set("x-a", "1"));
  const answer = await app.request("/");
  assert.deepEqual([answer.headers.get("x-a"), answer.headers.get("content-type")], ["1", "text/event-stream"]);
  await eventually(() => app.presence("news") === 1);
  app.publish("news", "hello");
  const reader = answer.body?.getReader();
  assert.match(new TextDecoder().decode((await reader?.read())?.value), /data: hello/);
  await reader?.cancel();
});

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

test("a hook refuses a socket before it is open", async () => {
  const refusals: [hook: Hook, status: number, text: RegExp][] = [
    [() => new Forbidden("stop"), 403, /stop/],
    [() => Promise.reject(new Forbidden("stop")), 403, /stop/],
    [({ text }) => text("stop", 401), 401, /^stop$/],
    [({ json }) => Promise.resolve(json({ stop: 1 }, 200)), 200, /^\{"stop":1\}$/],
    [() => new Response("stop", { status: 418, headers: { "x-b": "2" } }), 418, /^stop$/],
    [({ redirect }) => redirect("/a"), 302, /^$/],
    [() => assert.fail("secret"), 500, /^(?!.*secret)/],
    [({ stream }) => stream(["a"]), 500, /^/],
  ];
  for (const [hook, status, expected] of refusals) {
    const steps: string[] = [];
    const app = new Sabir({}, { logger: new Log() });
    app.websocket("/ws/{id:int}", { preHandler: hook }, () => void steps.push("handler"));
    app.onResponse((_, response) => {
      steps.push("response");
      response.headers.set("x-a", "1");
    });
    const check = async (answer: globalThis.Response): Promise<void> => {
      assert.deepEqual([answer.status, steps.splice(0)], [status, ["response"]]);
      assert.match(await answer.text(), expected);
      if (status !== 500) assert.equal(answer.headers.get("x-a"), "1");
    };
    const refused = await app.connect("/ws/1").catch((error: unknown) => error);
    assert.ok(refused instanceof SocketRefused);
    await check(refused.response);
    await serving(app, async (url) => {
      const fields = { upgrade: "websocket", connection: "upgrade", "sec-websocket-version": "13" };
      const { request } = await import("node:http");
      const answer = await new Promise<globalThis.Response>((resolve, reject) => {
        const sent = request(`${url}/ws/1`, { headers: { ...fields, "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" } });
        sent.on("error", reject).on("upgrade", () => reject(new Error("it is open")));
        sent.on("response", (answer) => {
          const chunks: Buffer[] = [];
          answer
            .on("data", (chunk: Buffer) => chunks.push(chunk))
            .on("end", () => {
              const headers = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
              resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0, headers }));
            });
        });
        sent.end();
      });
      await check(answer);
    });
  }
});

test("hooks run before a socket is open, and share the state with its handler", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.onRequest(({ state }) => void (state.steps = steps));
  app.preHandler(async ({ params, query, state }) => {
    await sleep(1);
    state.steps?.push(`preHandler ${String(params["id"])} ${String(query["q"])}`);
  });
  app.onResponse(() => void steps.push("onResponse"));
  const options = { query: z.object({ q: z.string().transform((q) => q.length) }) };
  app.websocket("/ws/{id:int}", options, async (ws, { state, params, query }) => {
    state.steps?.push(`handler ${params.id} ${query.q}`);
    for await (const message of ws) await ws.send(message);
    steps.push(`closed ${ws.signal.aborted}`);
  });
  const use = async (socket: { send(text: string): unknown; receive(): Promise<unknown>; close(): unknown }): Promise<void> => {
    await socket.send("hello");
    assert.equal(await socket.receive(), "hello");
    await socket.close();
    await eventually(() => steps.length === 3);
    assert.deepEqual(steps.splice(0), ["preHandler 7 3", "handler 7 3", "closed true"]);
  };
  await use(await app.connect("/ws/7?q=abc"));
  assert.equal(app.handlerCalls, 1);
});

test("hooks that are added to an application after its sockets hold for them", async () => {
  const app = new Sabir().websocket("/ws", () => {});
  app.onRequest(() => new Forbidden("stop"));
  await assert.rejects(app.connect("/ws"), SocketRefused);
});

test("hooks see streams of events, which end as without them", async () => {
  const app = new Sabir();
  const seen: unknown[] = [];
  app.onResponse((_, { content, status }) => void seen.push(typeof content, status));
  app.sse("/", function* () {
    yield 1;
    yield 2;
  });
  assert.equal(await text(app), "data: 1\n\ndata: 2\n\n");
  assert.deepEqual(seen, ["object", 200]);
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

/** What the runtime refuses: the request, the status, and whether a route fits. */
const REFUSED: [path: string, init: RequestInit, status: number, isMatched: boolean][] = [
  ["/nowhere", {}, 404, false],
  ["/orders/1", { method: "PATCH" }, 405, false],
  ["/orders/1?limit=x", {}, 422, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "{" }, 400, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }, 422, true],
  ["/orders", { method: "POST", headers: { "content-type": "text/plain" }, body: "a" }, 415, true],
  ["/orders", { method: "POST", headers: { "content-type": "application/json" }, body: "a".repeat(2000) }, 413, true],
  ["/report", { headers: { accept: "image/png" } }, 406, true],
];

function orders(): Sabir {
  const app = new Sabir({ bodyLimit: 1000 }, { logger: new Log() });
  app.get("/orders/{id:int}", { query: z.object({ limit: z.coerce.number().optional() }) }, () => assert.fail("called"));
  app.post("/orders", { body: z.object({ sku: z.string() }) }, () => assert.fail("called"));
  return app.get("/report", { produces: ["text/csv", "application/json"] }, () => assert.fail("called"));
}

for (const [path, init, status, isMatched] of REFUSED) {
  test(`hooks hear of the refusal ${init.method ?? "GET"} ${path} with ${status}`, async () => {
    const steps: string[] = [];
    const app = orders();
    app.use(async ({ request }, next) => {
      const answer = await next();
      steps.push(`middleware ${request.path} ${answer.status}`);
      return answer;
    });
    app
      .onRequest(step("onRequest", steps))
      .preValidation(step("preValidation", steps, true))
      .preHandler(step("preHandler", steps));
    app.onError(status, (_, problem) => void steps.push(`onError ${problem.constructor.name} ${problem.status}`));
    app.onError(NotFound, ({ text }) => text("nothing here", 404));
    app.onResponse((_, response) => response.headers.set("x-a", "1"));
    const check = async (answer: globalThis.Response): Promise<void> => {
      assert.deepEqual([answer.status, answer.headers.get("x-a")], [status, "1"]);
      if (status === 404) assert.equal(await answer.text(), "nothing here");
      else {
        const problem = (await answer.json()) as { status: number; errors?: unknown[]; request_id: string };
        assert.equal(problem.status, status);
        assert.equal(answer.headers.get("content-type"), "application/problem+json");
        assert.equal(Array.isArray(problem.errors), status === 422);
        assert.equal(typeof problem.request_id, "string");
      }
      if (status === 405) assert.match(String(answer.headers.get("allow")), /GET/);
      const early = isMatched ? ["onRequest", "preValidation"] : [];
      const seen = steps.splice(0).filter((step) => !step.startsWith("onError"));
      assert.deepEqual(seen, [...early, `middleware ${path.split("?")[0]} ${status}`]);
    };
    await check(await app.request(path, init));
    await serving(app, async (url) => await check(await fetch(url + path, init)));
  });
}

test("refusals enter JavaScript only where something may be done with them", async () => {
  const plain = orders();
  plain.preHandler(() => undefined).onError(RangeError, () => undefined);
  for (const [path, init, status] of REFUSED) assert.equal((await plain.request(path, init)).status, status);
  assert.equal(plain.handlerCalls, 0);
  const early = orders().onRequest(() => undefined);
  for (const [path, init, status] of REFUSED) assert.equal((await early.request(path, init)).status, status);
  assert.equal(early.handlerCalls, REFUSED.filter(([, , , isMatched]) => isMatched).length);
});

test("a hook of onRequest answers before a refusal is raised", async () => {
  const app = orders().onRequest(({ text }) => text("early", 203));
  assert.deepEqual(await Promise.all(REFUSED.map(async ([path, init]) => (await app.request(path, init)).status)), [
    404,
    405,
    ...REFUSED.slice(2).map(() => 203),
  ]);
});

test("a refused handshake of a socket goes through the hooks", async () => {
  const app = new Sabir().websocket("/ws/{id:int}", { query: z.object({ n: z.coerce.number() }) }, () => {});
  app.onResponse((_, response) => response.headers.set("x-a", "1"));
  for (const path of ["/ws/1?n=x", "/nowhere"]) {
    const refused = await app.connect(path).catch((error: unknown) => error);
    assert.ok(refused instanceof SocketRefused);
    assert.deepEqual([refused.response.status, refused.response.headers.get("x-a")], [path === "/nowhere" ? 404 : 422, "1"]);
  }
});
