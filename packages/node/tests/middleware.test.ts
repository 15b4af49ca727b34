/** Middleware: `app.use`, `router.use`, and the option `use` of routes. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  Conflict,
  cors,
  events,
  file,
  Forbidden,
  type Middleware,
  type Next,
  Problem,
  Response as Answer,
  Router,
  Sabir,
  securityHeaders,
  SocketRefused,
} from "sabir";

import { directory } from "./processes.js";
import { begin, eventually, Log, serving } from "./serving.js";

async function text(app: Sabir, path = "/", init?: RequestInit): Promise<string> {
  return await (await app.request(path, init)).text();
}

/** Middleware that writes down when it begins and ends. */
function around(name: string, steps: string[]): Middleware {
  return async (_, next) => {
    steps.push(`${name} in`);
    const answer = await next();
    steps.push(`${name} out`);
    return answer;
  };
}

test("middleware of the application is outside, then that of routers, then that of the route, and hooks are inside", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  const router = new Router();
  router.get("/", { use: [around("route 1", steps), around("route 2", steps)] }, () => void steps.push("handler"));
  app.mount("/", router).use(around("app 1", steps), around("app 2", steps));
  router.use(around("router", steps));
  app.onRequest(() => void steps.push("onRequest")).onResponse(() => void steps.push("onResponse"));
  assert.equal((await app.request("/")).status, 204);
  const names = ["app 1", "app 2", "router", "route 1", "route 2"];
  const expected = names.map((name) => `${name} in`).concat("onRequest", "handler", "onResponse");
  assert.deepEqual(steps, expected.concat(names.toReversed().map((name) => `${name} out`)));
});

const FILE = join(directory(), "a.txt");
writeFileSync(FILE, "in a file");

const KINDS: [name: string, value: () => unknown, status: number, text: string][] = [
  ["text", () => "hello", 200, "hello"],
  ["nothing", () => undefined, 204, ""],
  ["a Response", () => new Answer({ a: 1 }, { status: 201 }), 201, '{"a":1}'],
  ["a web Response", () => new Response("hello", { status: 203 }), 203, "hello"],
  ["a web Response that is a stream", () => new Response(new Blob(["hello"]).stream()), 200, "hello"],
  ["a generator", () => ["a", "b"].values(), 200, "ab"],
  ["events", () => events([{ data: 1 }]), 200, "data: 1\n\n"],
  ["a file", () => file(FILE), 200, "in a file"],
];

for (const [name, value, status, expected] of KINDS) {
  test(`middleware may change ${name} that next gives`, async () => {
    const app = new Sabir();
    app.use(async (_, next) => {
      const answer = await next();
      assert.ok(answer instanceof Answer);
      assert.equal(answer.status, status);
      answer.headers.set("x-a", "1");
      return answer;
    });
    app.get("/", value);
    const check = async (answer: globalThis.Response): Promise<void> => {
      assert.deepEqual([answer.status, answer.headers.get("x-a"), await answer.text()], [status, "1", expected]);
    };
    await check(await app.request("/"));
    await serving(app, async (url) => await check(await fetch(url)));
  });
}

test("next gives a response for problems, and for errors that a hook has answered", async () => {
  const app = new Sabir();
  const seen: unknown[] = [];
  app.use(async (_, next) => {
    const answer = await next();
    seen.push(answer.status, answer.content instanceof Problem);
    return answer;
  });
  app.get("/thrown", () => {
    throw new Conflict("taken");
  });
  app.get("/returned", () => new Conflict("taken"));
  app.get("/answered", { onError: ({ text }) => text("sorry", 418) }, () => assert.fail("odd"));
  for (const [path, status] of Object.entries({ "/thrown": 409, "/returned": 409, "/answered": 418 })) {
    assert.equal((await app.request(path)).status, status);
    assert.deepEqual(seen.splice(0), [status, status === 409]);
  }
});

test("other errors of the handler go through middleware, which may answer for them", async () => {
  const [log, steps] = [new Log(), [] as unknown[]];
  const app = new Sabir({}, { logger: log });
  const transaction: Middleware = async (_, next) => {
    try {
      const answer = await next();
      steps.push("commit");
      return answer;
    } catch (error) {
      steps.push("rollback", (error as Error).message);
      throw error;
    }
  };
  app.use(transaction).get("/", () => assert.fail("odd"));
  app.get("/fine", () => "fine");
  const saved: Middleware = async (_, next) => await next().catch((error: Error) => new Answer(error.message, { status: 400 }));
  app.get("/saved", { use: saved }, () => assert.fail("odd"));
  app.onResponse((_, { status }) => void steps.push(status));
  assert.equal((await app.request("/")).status, 500);
  // The hooks hear of what the client gets.
  assert.deepEqual(steps.splice(0), ["rollback", "odd", 500]);
  assert.equal(log.entries.length, 1);
  assert.equal(await text(app, "/fine"), "fine");
  assert.deepEqual(steps.splice(0), [200, "commit"]);
  assert.equal(await text(app, "/saved"), "odd");
  assert.deepEqual(steps, ["commit"]);
  assert.equal(log.entries.length, 1);
});

test("middleware answers without going on", async () => {
  const answers: [middleware: Middleware, status: number, text: RegExp][] = [
    [({ text }) => text("stop", 403), 403, /^stop$/],
    [async () => new Response("stop", { status: 418 }), 418, /^stop$/],
    [() => new Forbidden("stop"), 403, /"stop"/],
    [() => Promise.reject(new Forbidden("stop")), 403, /"stop"/],
    [() => ({ stop: 1 }), 200, /^\{"stop":1\}$/],
    [() => null, 200, /^null$/],
  ];
  for (const [middleware, status, expected] of answers) {
    const steps: string[] = [];
    const app = new Sabir();
    app.use(around("outer", steps), middleware);
    app.get("/", () => void steps.push("handler"));
    const answer = await app.request("/");
    assert.equal(answer.status, status);
    assert.match(await answer.text(), expected);
    assert.deepEqual(steps, ["outer in", "outer out"]);
  }
});

test("middleware may answer with something else than next gives", async () => {
  const app = new Sabir();
  app.use(async (context, next) => {
    const answer = await next();
    return context.json({ was: answer.content }, 201);
  });
  app.get("/", (context) => context.header("x-a", "1").text("hello"));
  const answer = await app.request("/");
  assert.deepEqual([answer.status, await answer.json()], [201, { was: "hello" }]);
  // What was said of the other answer went with it.
  assert.equal(answer.headers.get("x-a"), null);
});

test("middleware that returns nothing answers as next does, awaited or not", async () => {
  const forms: Middleware[] = [
    async (_, next) => void (await next()),
    (_, next) => void next(),
    async (context, next) => {
      await next();
      return context.header("x-a", "1");
    },
    (_, next) => next(),
  ];
  for (const middleware of forms) {
    const app = new Sabir().use(middleware).get("/", async () => (await sleep(2), "hello"));
    const answer = await app.request("/");
    assert.equal(await answer.text(), "hello");
    assert.equal(answer.headers.get("x-a"), middleware === forms[2] ? "1" : null);
  }
});

/** Middleware that does not do as it should, and what the log says. */
const MISTAKES: [name: string, middleware: Middleware, message: RegExp][] = [
  ["calls next twice", async (_, next) => (await next(), await next()), /has called `next` twice/],
  ["calls next twice at once", async (_, next) => (await Promise.all([next(), next()]))[0], /has called `next` twice/],
  ["neither calls next nor answers", () => undefined, /has neither called `next` nor answered/],
  ["throws", () => assert.fail("odd"), /odd/],
  ["rejects", () => Promise.reject(new Error("odd")), /odd/],
  ["throws after next", async (_, next) => (await next(), assert.fail("odd")), /odd/],
];

for (const [name, middleware, message] of MISTAKES) {
  test(`middleware that ${name} is a failure`, async () => {
    const log = new Log();
    const app = new Sabir({}, { logger: log });
    let count = 0;
    app.get("/", () => (count++, "hello")).use(middleware);
    app.onResponse((_, response) => response.headers.append("x-status", String(response.status)));
    const answer = await app.request("/");
    assert.equal(answer.status, 500);
    assert.equal(log.entries.length, 1);
    assert.match(String((log.entries[0]?.[1] as Error).message), message);
    assert.ok(count <= 1);
    if (count === 0) assert.equal(answer.headers.get("x-status"), "500");
  });
}

test("what fails after middleware has answered is logged, and does not end the process", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.use((_, next) => {
    void next();
    return new Answer("early");
  });
  app.get("/", async () => {
    await sleep(5);
    throw new Error("late");
  });
  assert.equal(await text(app), "early");
  await eventually(() => log.entries.length === 1);
  assert.equal((log.entries[0]?.[1] as Error).message, "late");
});

test("an answer that is kept for other requests is not changed by theirs", async () => {
  const app = new Sabir();
  let kept: Answer | undefined;
  app.use(async (_, next) => {
    const answer = await next();
    answer.headers.append("x-a", "1");
    return answer;
  });
  app.use(async (_, next) => (kept ??= await next()));
  app.get("/", () => ({ a: 1 }));
  for (let count = 0; count < 3; count++) {
    const answer = await app.request("/");
    assert.deepEqual([answer.headers.get("x-a"), await answer.json()], [count === 0 ? "1" : "1, 1", { a: 1 }]);
  }
});

test("what middleware stores for the context of its calls is there in hooks, the handler and what they await", async () => {
  const storage = new AsyncLocalStorage<string>();
  const app = new Sabir();
  app.use(({ request }, next) => storage.run(request.header("x-user") ?? "nobody", next));
  app.onRequest(async () => {
    await sleep(1);
    assert.match(String(storage.getStore()), /^user/);
  });
  app.get("/", async () => {
    await sleep(Math.random() * 5);
    return storage.getStore();
  });
  app.onResponse((_, response) => response.headers.set("x-user", String(storage.getStore())));
  const users = Array.from({ length: 100 }, (_, index) => `user ${index}`);
  await serving(app, async (url) => {
    const answers = await Promise.all(users.map((user) => fetch(url, { headers: { "x-user": user } })));
    assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), users);
    assert.deepEqual(
      answers.map(({ headers }) => headers.get("x-user")),
      users,
    );
  });
});

test("middleware stands around the handshake of a socket, and may refuse it", async () => {
  const seen: unknown[] = [];
  const app = new Sabir();
  app.use(async ({ request }, next) => {
    if (request.header("x-stop")) return new Forbidden("stop");
    const answer = await next();
    seen.push(answer.status);
    return answer;
  });
  app.websocket("/ws", (ws) => void ws.send("hello"));
  await assert.rejects(app.connect("/ws", { headers: { "x-stop": "1" } }), SocketRefused);
  const socket = await app.connect("/ws");
  assert.equal(await socket.receive(), "hello");
  assert.deepEqual(seen, [101]);
  const changed = new Sabir().use(async (context, next) => (await next(), context.text("instead", 409)));
  changed.websocket("/ws", () => {});
  await assert.rejects(changed.connect("/ws"), (error: SocketRefused) => error.response.status === 409);
});

test("middleware knows of a client that leaves", async () => {
  const steps: string[] = [];
  const app = new Sabir({}, { logger: new Log() });
  app.use(async ({ signal }, next) => {
    try {
      return await next();
    } finally {
      steps.push(`left ${signal.aborted}`);
    }
  });
  app.get("/", async ({ signal }) => {
    steps.push("begun");
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 2);
  });
  assert.deepEqual(steps, ["begun", "left true"]);
});

test("many requests go through middleware at a time", async () => {
  const app = new Sabir().use(around("a", []), around("b", []));
  app.get("/{id:int}", async ({ params }) => (await sleep(params.id % 7), String(params.id)));
  const ids = Array.from({ length: 300 }, (_, id) => String(id));
  assert.deepEqual(await Promise.all(ids.map((id) => text(app, `/${id}`))), ids);
});

test("middleware works for applications that are served by fetch, and in a CommonJS module", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  for (const Class of [Sabir, Required]) {
    const app = new Class().use(async (_: unknown, next: Next) => {
      const answer = await next();
      answer.headers.set("x-a", "1");
      return answer;
    });
    app.get("/", () => "hello");
    const answer = await app.fetch(new Request("http://a/"));
    assert.deepEqual([answer.headers.get("x-a"), await answer.text()], ["1", "hello"]);
  }
});

test("middleware and stages stand beside each other", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.use(securityHeaders(), around("app", steps), cors({ allowOrigins: ["*"] }));
  const router = new Router({ use: [around("router", steps), securityHeaders({ frameOptions: "SAMEORIGIN" })] });
  router.get("/", { use: around("route", steps) }, () => "hello");
  app.mount("/", router).get("/plain", { use: [securityHeaders(false)] }, () => "plain");
  const answer = await app.request("/", { headers: { origin: "https://a" } });
  const fields = ["access-control-allow-origin", "x-frame-options"];
  assert.deepEqual(
    fields.map((name) => answer.headers.get(name)),
    ["*", "SAMEORIGIN"],
  );
  assert.deepEqual(steps, ["app in", "router in", "route in", "route out", "router out", "app out"]);
  assert.equal((await app.request("/plain")).headers.get("x-frame-options"), null);
});

test("refuses what is no middleware", () => {
  const app = new Sabir();
  assert.throws(
    () => app.use(cors as never),
    /^SetupError: app: use: this is a function that makes a stage; call it: `cors\(\)`$/,
  );
  assert.throws(() => new Router().use(cors()), /^SetupError: router: use: stages are set for a router when it is made; /);
  const message = /^SetupError: app: use: this is no function; give a function of the context and `next`$/;
  assert.throws(() => app.use({} as never), message);
  assert.throws(() => app.get("/", { use: [undefined] as never }, () => 1), /^SetupError: GET \/: use: this is no function/);
});
