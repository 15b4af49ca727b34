/** Members of the context that providers make. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Conflict, Router, Sabir, SetupError, SocketRefused, Unauthorized } from "sabir";

import { begin, eventually, Log, serving } from "./serving.js";

async function text(app: { request(path: string, init?: RequestInit): Promise<Response> }, path = "/", init?: RequestInit) {
  return await (await app.request(path, init)).text();
}

const as = (user: string) => ({ headers: { "x-user": user } });

test("a member is made once for each request that asks for it", async () => {
  let count = 0;
  const app = new Sabir().provide("user", ({ request }) => ({ name: request.header("x-user"), number: ++count }));
  app.onRequest((context) => {
    if (context.request.path === "/hook") assert.equal(context.user, context.user);
  });
  app
    .get("/", ({ user }) => user.name)
    .get("/none", () => "none")
    .get("/hook", (context) => String(context.user.number));
  assert.equal(await text(app, "/", as("ada")), "ada");
  assert.equal(await text(app, "/none"), "none");
  assert.equal(count, 1);
  assert.equal(await text(app, "/hook"), "2");
  const names = Array.from({ length: 200 }, (_, index) => `user ${index}`);
  assert.deepEqual(await Promise.all(names.map((name) => text(app, "/", as(name)))), names);
});

test("an async provider gives a promise, which is made once", async () => {
  let count = 0;
  const app = new Sabir().provide("user", async ({ request }) => (await sleep(1), count++, request.header("x-user")));
  app.preHandler(async ({ user }) => void (await user));
  app.get("/", async ({ user }) => await user);
  assert.equal(await text(app, "/", as("ada")), "ada");
  assert.equal(count, 1);
});

test("providers may ask for others, and for what the context has", async () => {
  const app = new Sabir()
    .provide("name", ({ request, header }) => (void header, request.header("x-user") ?? "nobody"))
    .provide("user", async (context) => {
      context.header("x-a", "1").setCookie("a", "1");
      context.state.user = context.name;
      return await Promise.resolve({ name: context.name, id: context.params["id"] });
    })
    .provide("greeting", async ({ user }) => `Hello, ${(await user).name} ${String((await user).id)}!`);
  app.get("/{id:int}", async ({ greeting, state }) => `${await greeting} ${state.user}`);
  const answer = await app.request("/7", as("ada"));
  assert.deepEqual([await answer.text(), answer.headers.get("x-a")], ["Hello, ada 7! ada", "1"]);
  assert.equal(answer.headers.getSetCookie().length, 1);
});

test("members of a router are those of its routes, and stand for those of the application", async () => {
  const app = new Sabir().provide("place", () => "app");
  const inner = new Router().provide("place", () => "router").provide("own", () => "own");
  inner.get("/", ({ place, own }) => `${place} ${own}`);
  app.mount("/inner", inner);
  app.get("/", (context) => `${context.place} ${"own" in context ? String(context.own) : ""}`);
  assert.equal(await text(app, "/inner"), "router own");
  assert.equal(await text(app), "app undefined");
});

test("what a provider throws is what asking throws, each time", async () => {
  const [log, seen] = [new Log(), [] as unknown[]];
  const app = new Sabir({}, { logger: log })
    .provide("user", () => {
      throw new Unauthorized("who are you");
    })
    .provide("later", async () => await Promise.reject(new Unauthorized("who are you")));
  app.get("/", (context) => {
    try {
      void context.user;
    } catch (error) {
      seen.push(error);
    }
    return context.user;
  });
  app.get("/later", async ({ later }) => await later).get("/unasked", (context) => (void context.later, "fine"));
  assert.equal((await app.request("/")).status, 401);
  assert.ok(seen[0] instanceof Unauthorized);
  assert.equal((await app.request("/later")).status, 401);
  // Nobody has waited for it.
  assert.equal(await text(app, "/unasked"), "fine");
  await sleep(5);
  assert.deepEqual(log.entries, []);
});

/** An application with members that say when they are made and cleaned up. */
function stepping(steps: string[], log = new Log()) {
  return new Sabir({}, { logger: log })
    .provide("outer", function* () {
      steps.push("outer");
      try {
        yield "outer";
        steps.push("outer end");
      } catch (error) {
        steps.push(`outer failed ${(error as Error).message}`);
        throw error;
      }
    })
    .provide("inner", async function* ({ outer }) {
      steps.push(`inner of ${outer}`);
      await sleep(1);
      try {
        yield "inner";
      } finally {
        await sleep(1);
        steps.push("inner end");
      }
    })
    .provide("plain", () => "plain", {
      dispose: (value, error) => void steps.push(`${value} disposed of ${String((error as Error | undefined)?.message)}`),
    });
}

test("generators go on when the answer has been sent, the last one first", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.get("/", async ({ inner, plain }) => {
    void plain;
    steps.push("handler");
    return await inner;
  });
  assert.equal(await text(app), "inner");
  await app.close();
  const made = ["outer", "inner of outer", "handler"];
  // What was there first is cleaned up last.
  assert.deepEqual(steps, [...made, "inner end", "plain disposed of undefined", "outer end"]);
});

test("generators get what the handler has thrown, whatever a hook has answered", async () => {
  const [log, steps] = [new Log(), [] as string[]];
  const app = stepping(steps, log);
  app.get("/", async ({ inner, plain }) => {
    await inner;
    void plain;
    throw new Conflict("taken");
  });
  app.get("/answered", { onError: ({ text }) => text("sorry") }, ({ outer }) => {
    throw new Error(`odd ${outer}`);
  });
  assert.equal((await app.request("/")).status, 409);
  await eventually(() => app.backgroundCount === 0);
  assert.deepEqual(steps.splice(0), ["outer", "inner of outer", "inner end", "plain disposed of taken", "outer failed taken"]);
  assert.equal(await text(app, "/answered"), "sorry");
  await app.close();
  assert.deepEqual(steps, ["outer", "outer failed odd outer"]);
  assert.deepEqual(log.entries, []);
});

test("what a provider cleans up may fail, which is logged and keeps no other from it", async () => {
  const [log, steps] = [new Log(), [] as string[]];
  const app = stepping(steps, log)
    .provide("bad", function* ({ outer }) {
      yield outer;
      throw new Error("bad end");
    })
    .provide("worse", () => 1, { dispose: () => Promise.reject(new Error("worse end")) })
    .provide("twice", async function* () {
      yield 1;
      yield 2;
    });
  app.get("/", async ({ bad, worse, twice }) => [bad, worse, await twice]);
  assert.equal(await text(app), '["outer",1,1]');
  await app.close();
  assert.deepEqual(steps, ["outer", "outer end"]);
  assert.deepEqual(log.entries.map(([, error]) => (error as Error).message).sort(), ["bad end", "worse end"]);
});

test("a generator that yields nothing is a failure", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log })
    .provide("none", function* (): Generator<number> {})
    .provide("later", async function* (): AsyncGenerator<number> {});
  app.get("/", ({ none }) => none).get("/later", async ({ later }) => await later);
  for (const path of ["/", "/later"]) assert.equal((await app.request(path)).status, 500);
  assert.match(String((log.entries[0]?.[1] as Error).message), /provider `none` has ended without a value; it has to yield one/);
  await app.close();
});

test("members of a stream live until it ends", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.get("/", async function* ({ outer }) {
    yield `${outer} 1\n`;
    await sleep(20);
    assert.deepEqual(steps, ["outer"]);
    yield `${outer} 2\n`;
  });
  assert.equal(await text(app), "outer 1\nouter 2\n");
  await app.close();
  assert.deepEqual(steps, ["outer", "outer end"]);
});

test("members of a stream that fails, or whose client leaves, are cleaned up", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.get("/fails", async function* ({ outer }) {
    yield outer;
    await sleep(5);
    throw new Error("odd");
  });
  app.get("/endless", async function* ({ outer }) {
    for (;;) {
      yield outer;
      await sleep(1);
    }
  });
  await serving(app, async (url) => {
    await assert.rejects(async () => await (await fetch(`${url}/fails`)).text());
    await eventually(() => steps.length === 2);
    assert.deepEqual(steps.splice(0), ["outer", "outer failed odd"]);
    const socket = await begin(url, "/endless");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 2);
  });
});

test("members are cleaned up behind a handler whose client has left", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.get("/", async ({ outer, signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    steps.push(`${outer} aborted`);
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 3);
  });
  assert.deepEqual(steps, ["outer", "outer aborted", "outer end"]);
});

test("a member for all requests is made once, by the first that asks, and ended when the application stops", async () => {
  const steps: string[] = [];
  const app = new Sabir()
    .provide(
      "pool",
      async function* ({ log }) {
        assert.ok(log);
        await sleep(5);
        steps.push("open");
        yield { name: "pool" };
        steps.push("close");
      },
      { scope: "app" },
    )
    .provide("store", async ({ pool }) => `store of ${(await pool).name}`, {
      scope: "app",
      dispose: (store) => void steps.push(`end of ${store}`),
    });
  app.onStop(() => void steps.push("onStop"));
  app.get("/", async ({ store, pool }) => `${await store} ${(await pool).name}`);
  app.get("/none", () => "none");
  assert.equal(await text(app, "/none"), "none");
  assert.deepEqual(steps, []);
  const answers = await Promise.all(Array.from({ length: 200 }, () => text(app)));
  assert.deepEqual(new Set(answers), new Set(["store of pool pool"]));
  assert.deepEqual(steps, ["open"]);
  await app.close();
  assert.deepEqual(steps.splice(0), ["open", "end of store of pool", "close", "onStop"]);
  assert.equal(await text(app), "store of pool pool");
  await app.close();
  assert.equal(steps.length, 4);
});

test("a member for all requests that fails is made anew by the next that asks", async () => {
  let count = 0;
  const app = new Sabir().provide(
    "pool",
    async () => {
      if (count++ === 0) throw new Conflict("not yet");
      return "pool";
    },
    { scope: "app" },
  );
  app.get("/", async ({ pool }) => await pool);
  assert.equal((await app.request("/")).status, 409);
  assert.equal(await text(app), "pool");
});

test("tells what needs itself, and what is for all but needs a request", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  const any = app as unknown as { provide(name: string, make: (context: any) => unknown, options?: object): void };
  any.provide("a", ({ b }) => b);
  any.provide("b", ({ c }) => c);
  any.provide("c", ({ a }) => a);
  any.provide("later", async ({ back }) => (await sleep(1), await back));
  any.provide("back", async (context) => (await sleep(1), await context.later));
  any.provide("pool", ({ a }) => a, { scope: "app" });
  any.provide("fine", ({ left, right }) => left + right);
  any.provide("left", ({ base }) => base);
  any.provide("right", ({ base }) => base);
  any.provide("base", () => 1);
  app.get("/{name}", async (context) => await (context as unknown as Record<string, unknown>)[context.params.name]);
  for (const [name, problem] of Object.entries({
    a: "provide.c: it needs itself: c → a → b → c",
    later: "provide.back: it needs itself: back → later → back",
    pool: "provide.pool: pool → a: one for the application needs one for a request; give both the same scope",
  })) {
    assert.equal((await app.request(`/${name}`)).status, 500);
    const [, error] = log.entries.splice(0)[0] ?? [];
    assert.ok(error instanceof SetupError);
    assert.match(error.message, new RegExp(problem.replaceAll(".", "\\.")));
  }
  assert.equal(await text(app, "/fine"), "2");
});

test("derive makes members before the handler, which may refuse the request", async () => {
  const steps: string[] = [];
  const app = new Sabir().derive(() => ({ from: "app" }));
  const members = new Router().derive(async ({ request }) => {
    await sleep(1);
    const user = request.header("x-user");
    if (user === undefined) throw new Unauthorized("who are you");
    return { user };
  });
  const named = members
    .derive(({ user }) => ({ greeting: `Hello, ${user}!` }))
    .preHandler(({ greeting }) => void steps.push(greeting));
  named.get("/", ({ user, greeting }) => `${user} ${greeting}`);
  named.websocket("/ws", (ws, { greeting }) => void ws.send(greeting));
  app.mount("/members", members).get("/", ({ from }) => from);
  assert.equal(await text(app), "app");
  assert.equal(await text(app, "/members", as("ada")), "ada Hello, ada!");
  assert.deepEqual(steps, ["Hello, ada!"]);
  assert.equal((await app.request("/members")).status, 401);
  await assert.rejects(app.connect("/members/ws"), (error: SocketRefused) => error.response.status === 401);
  const socket = await app.connect("/members/ws", { headers: { "x-user": "bob" } });
  assert.equal(await socket.receive(), "Hello, bob!");
});

test("refuses what are no members", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log }).provide("user", () => 1);
  const paths: [path: string, made: unknown][] = [
    ["/number", 1],
    ["/problem", new Conflict()],
    ["/own", { request: 1 }],
    ["/provided", { user: 1 }],
  ];
  for (const [path, made] of paths)
    app.mount(
      path,
      new Router().derive(() => made as object).get("/", () => 1),
    );
  app.mount(
    "/none",
    new Router().derive((() => undefined) as never).get("/", () => "none"),
  );
  for (const [path] of paths) assert.equal((await app.request(path)).status, 500);
  assert.equal(log.entries.length, paths.length);
  assert.equal(await text(app, "/none"), "none");
});

test("sockets have members, until their handlers have ended", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.websocket("/function", async (ws, { outer }) => {
    await ws.send(outer);
    for await (const message of ws) void message;
    steps.push("handler end");
  });
  app.websocket("/object", {
    open: (ws, { outer }) => void ws.send(outer),
    close: async () => (await sleep(1), void steps.push("handler end")),
  });
  app.websocket("/fails", (_, { outer }) => assert.fail(`odd ${outer}`));
  for (const path of ["/function", "/object"]) {
    const socket = await app.connect(path);
    assert.equal(await socket.receive(), "outer");
    assert.deepEqual(steps, ["outer"]);
    await socket.close();
    await eventually(() => steps.length === 3);
    assert.deepEqual(steps.splice(0), ["outer", "handler end", "outer end"]);
  }
  const failed = await app.connect("/fails");
  await failed.close().catch(() => {});
  await eventually(() => steps.length === 2);
  assert.deepEqual(steps, ["outer", "outer failed odd outer"]);
});

test("tests put something else in the place of a provider, in routers too", async () => {
  const app = new Sabir().provide("user", async () => await Promise.resolve("real"));
  const router = new Router().provide("mail", () => "real").get("/", ({ mail }) => mail);
  app.provide("shout", async ({ user }) => (await user).toUpperCase()).get("/", async ({ shout }) => await shout);
  app.mount("/mail", router);
  assert.deepEqual([await text(app), await text(app, "/mail")], ["REAL", "real"]);
  const restore = app.override("user", async () => await Promise.resolve("test"));
  {
    using _ = app.override("mail", function* () {
      yield "test";
    });
    assert.deepEqual([await text(app), await text(app, "/mail")], ["TEST", "test"]);
  }
  restore();
  assert.deepEqual([await text(app), await text(app, "/mail")], ["REAL", "real"]);
  assert.throws(
    () => app.override("usr", () => 1),
    /^SetupError: app: override\.usr: there is no such provider; use one of user shout mail$/,
  );
  const early = new Sabir().get("/", () => 1);
  early.override("user", () => 1);
  await assert.rejects(early.request("/"), /there is no such provider; provide it first/);
});

test("refuses providers that do not fit", async () => {
  const app = new Sabir();
  assert.throws(
    () => app.provide("request", () => 1),
    /^SetupError: app: provide\.request: every context has that; choose another name$/,
  );
  assert.throws(() => app.provide("", () => 1), /provide: there is no name/);
  assert.throws(() => app.provide("a", 1 as never), /provide\.a: this is no function/);
  assert.throws(
    () => app.provide("a", () => 1, { scope: "day" as never }),
    /provide\.a\.scope: day is no scope; use `request`, `connection` or `app`$/,
  );
  assert.throws(() => app.provide("a", () => 1, { eager: true } as never), /provide\.a\.eager: there is no such option/);
  assert.throws(() => app.provide("a", () => 1, { dispose: 1 as never }), /provide\.a\.dispose: this is no function/);
  assert.throws(() => app.derive(1 as never), /app: derive: this is no function/);
  app.provide("a", () => 1);
  assert.throws(() => app.provide("a", () => 1), /provide\.a: there is one already/);
  app.get("/", () => 1);
  await app.request("/");
  assert.throws(() => app.provide("b", () => 1), SetupError);
  assert.throws(() => app.derive(() => ({})), SetupError);
});

test("providers are there in a CommonJS module, and classes are providers' values", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  class Users {
    readonly #names = ["ada"];
    first(): string | undefined {
      return this.#names[0];
    }
  }
  const app = new Required().provide("users", () => new Users());
  app.get("/", ({ users }) => users.first());
  assert.equal(await text(app), "ada");
});
