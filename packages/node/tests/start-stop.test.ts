/** The hooks `onStart` and `onStop`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Sabir, SetupError } from "sabir";

import { directory, Program, run, written } from "./processes.js";
import { eventually, Log } from "./serving.js";

const COMMAND = fileURLToPath(new URL("../../bin/sabir.js", import.meta.url));

/** An application whose hooks write to `steps`. */
function stepping(steps: string[], log = new Log()): Sabir {
  const app = new Sabir({}, { logger: log });
  app
    .onStart(async () => {
      await sleep(5);
      steps.push("start 1");
    })
    .onStart(() => void steps.push("start 2"))
    .onStop(() => void steps.push("stop 1"))
    .onStop(async () => {
      await sleep(5);
      steps.push("stop 2");
    });
  app.get("/", () => {
    steps.push("request");
    return "hello";
  });
  return app;
}

const ALL = ["start 1", "start 2", "request", "stop 2", "stop 1"];

test("hooks run around the requests of a server, the first in order and the last in reverse", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  const { url } = await app.listen({ port: 0 });
  assert.deepEqual(steps, ALL.slice(0, 2));
  assert.equal(await (await fetch(url)).text(), "hello");
  await app.close();
  assert.deepEqual(steps, ALL);
});

test("hooks run around requests in memory", async () => {
  const steps: string[] = [];
  {
    await using app = stepping(steps);
    await app.request("/");
  }
  assert.deepEqual(steps, ALL);
});

test("hundreds of first requests start an application once", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  const answers = Array.from({ length: 300 }, () => app.request("/"));
  answers.push(app.fetch(new Request("http://a/")));
  assert.ok((await Promise.all(answers)).every(({ status }) => status === 200));
  await app.close();
  assert.deepEqual(
    steps.filter((step) => step !== "request"),
    ALL.filter((step) => step !== "request"),
  );
});

test("a socket in memory and an injected request start an application too", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.websocket("/ws", (ws) => void ws.send("hello"));
  const socket = await app.connect("/ws");
  assert.equal(await socket.receive(), "hello");
  assert.deepEqual(steps, ALL.slice(0, 2));
  await app.inject({ method: "GET", target: "/" });
  await app.close();
  assert.deepEqual(steps, ALL);
});

test("what was started by a request in memory is not started again by listen", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  await app.request("/");
  await app.listen({ port: 0 });
  await app.close();
  assert.deepEqual(steps, ALL);
});

test("an application that is used again after close starts again", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  for (const use of [() => app.request("/"), async () => await fetch((await app.listen({ port: 0 })).url)]) {
    assert.equal((await use()).status, 200);
    await Promise.all([app.close(), app.close()]);
    await app.close();
    assert.deepEqual(steps.splice(0), ALL);
  }
});

test("an application that is closed without having started stops nothing", async () => {
  const steps: string[] = [];
  await stepping(steps).close();
  assert.deepEqual(steps, []);
});

declare module "sabir" {
  interface AppState {
    greeting?: string;
  }
}

test("what hooks leave in the state of the application is there for handlers", async () => {
  const app = new Sabir().onStart(async (given) => void (given.state.greeting = await Promise.resolve("hello")));
  app.get("/", () => app.state.greeting);
  assert.equal(await (await app.request("/")).text(), "hello");
  assert.equal(new Sabir().state.greeting, undefined);
});

test("hooks get the application", async () => {
  await using app = new Sabir();
  const seen: unknown[] = [];
  app.onStart((given) => void seen.push(given)).onStop((given) => void seen.push(given));
  app.get("/", () => 1);
  await app.request("/");
  await app.close();
  assert.deepEqual(
    seen.map((given) => given === app),
    [true, true],
  );
});

/** Throws what it is given. */
function thrown(value: unknown): never {
  throw value;
}

for (const [how, fail] of [
  ["throws", () => thrown(new Error("no database"))],
  ["rejects", async () => await Promise.reject(new Error("no database"))],
  ["throws what is no error", () => thrown("no database")],
] as const) {
  test(`a hook that ${how} keeps an application from starting, and what was started before it is stopped`, async () => {
    const steps: string[] = [];
    const app = stepping(steps);
    app.onStart(function connect() {
      return fail();
    });
    app.onStop(() => void steps.push("disconnect"));
    const failure = /^Error: onStart `connect` failed: no database$/;
    await assert.rejects(app.listen({ port: 0 }), failure);
    assert.deepEqual(steps.splice(0), ["start 1", "start 2", "stop 2", "stop 1"]);
    // All that ask are told, and the hooks have run once.
    const refusals = await Promise.allSettled([app.request("/"), app.request("/"), app.connect("/")]);
    assert.ok(refusals.every((refusal) => refusal.status === "rejected" && failure.test(String(refusal.reason))));
    assert.deepEqual(steps, []);
    await app.close();
  });
}

test("a hook that fails at the end is logged, and the others run", async () => {
  const [steps, log] = [[] as string[], new Log()];
  const app = stepping(steps, log);
  app.onStop(() => Promise.reject(new Error("first")));
  app.onStop(function disconnect() {
    throw "second";
  });
  await app.request("/");
  await app.close();
  assert.deepEqual(steps, ALL);
  assert.deepEqual(log.messages, ["onStop `disconnect` failed", "onStop failed"]);
  assert.deepEqual(log.entries[0]?.[1], "second");
});

test("an address that cannot be had stops what has been started", async () => {
  const first = new Sabir();
  const { port } = await first.listen({ port: 0 });
  const steps: string[] = [];
  await assert.rejects(stepping(steps).listen({ port }), /in use/);
  assert.deepEqual(steps, ["start 1", "start 2", "stop 2", "stop 1"]);
  // The second call fails, and leaves what serves as it is.
  steps.length = 0;
  const both = stepping(steps);
  const [one, two] = await Promise.allSettled([both.listen({ port: 0 }), both.listen({ port: 0 })]);
  assert.deepEqual([one.status, two.status], ["fulfilled", "rejected"]);
  assert.deepEqual(steps, ["start 1", "start 2"]);
  await both.close();
  await first.close();
});

test("an application that is closed while it starts does not listen", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  const listening = app.listen({ port: 0 });
  const closing = app.close();
  await assert.rejects(listening, /closed while it started/);
  await closing;
  assert.deepEqual(steps, ["start 1", "start 2", "stop 2", "stop 1"]);
});

test("hooks run after the last request has been answered", async () => {
  const steps: string[] = [];
  const app = stepping(steps);
  app.get("/slow", async () => {
    await sleep(100);
    steps.push("slow");
    return "slow";
  });
  const { url } = await app.listen({ port: 0 });
  const answer = fetch(`${url}/slow`);
  await eventually(() => app.handlerCalls === 1);
  await app.close();
  assert.equal(await (await answer).text(), "slow");
  assert.deepEqual(steps, ["start 1", "start 2", "slow", "stop 2", "stop 1"]);
});

test("refuses hooks that come too late, and what are none", async () => {
  const app = new Sabir();
  assert.throws(() => app.onStart(1 as never), /^SetupError: app: onStart: this is no function; /);
  assert.throws(() => app.onStop(() => {}, { per: "day" as never }), /onStop\.per: day is no scope; use `worker` or `server`$/);
  assert.throws(() => app.onStop(() => {}, { once: true } as never), /onStop\.once: there is no such option/);
  app.get("/", () => 1);
  await app.request("/");
  assert.throws(() => app.onStart(() => {}), SetupError);
  await app.close();
});

test("hooks are there in a CommonJS module", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  const app = new Required();
  let count = 0;
  app.onStart(() => void count++).onStop(() => void count++);
  app.get("/", () => count);
  assert.equal(await (await app.request("/")).json(), 1);
  await app.close();
  assert.equal(count, 2);
});

test("a process whose application cannot start ends with the code 1 and says why", async () => {
  const source = `
    import { Sabir } from "sabir";
    const app = new Sabir();
    app.onStart(async function connect() { throw new Error("no database"); });
    await app.listen({ port: 0 });
    console.log("serves");`;
  const { code, stdout, stderr } = await run(source);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /onStart `connect` failed: no database/);
  const file = written(source.replace("await app.listen({ port: 0 });", "export default app;").replace("console", "//"));
  for (const workers of ["1", "2"]) {
    const outcome = await new Program([COMMAND, "run", file, "--port", "0", "--workers", workers]).ended();
    assert.deepEqual([outcome.code, outcome.stdout], [1, ""]);
    assert.match(outcome.stderr, /onStart `connect` failed: no database[\s\S]+error: no database[\s\S]+ at .*connect/i);
  }
});

/** Serves with `workers`, and gives what the hooks have written to a file. */
async function stepsOf(workers: number): Promise<string[]> {
  const path = join(directory(), "steps");
  const file = written(`
    import { appendFileSync } from "node:fs";
    import { Sabir } from "sabir";
    const app = new Sabir();
    const step = (name) => () => appendFileSync(${JSON.stringify(path)}, name + "\\n");
    app.get("/", () => "hello");
    app.onStart(step("start")).onStop(step("stop"));
    app.onStart(step("start server"), { per: "server" }).onStop(step("stop server"), { per: "server" });
    setInterval(() => {}, 1000);
    export default app;`);
  const program = new Program([COMMAND, "run", file, "--port", "0", "--workers", String(workers)]);
  try {
    assert.match(await program.line(), /^Sabir serves on /);
    program.kill("SIGTERM");
    const { code, stderr } = await program.ended();
    assert.deepEqual(
      [code, stderr],
      [0, workers === 1 ? "sabir: something still runs after the shutdown; the process ends without it\n" : stderr],
    );
  } finally {
    program[Symbol.dispose]();
  }
  return readFileSync(path, "utf8").trim().split("\n");
}

test("hooks of the server run once for all workers, and the others in each of them", async () => {
  assert.deepEqual(await stepsOf(1), ["start server", "start", "stop", "stop server"]);
  assert.deepEqual(await stepsOf(3), ["start server", "start", "start", "start", "stop", "stop", "stop", "stop server"]);
});

test("an application that is mounted starts and stops with the other, once", async () => {
  const steps: string[] = [];
  const inner = new Sabir().get("/", () => "inner");
  inner.onStart((app) => void steps.push(app === inner ? "inner starts" : "another starts"));
  inner.onStop(() => void steps.push("inner stops"));
  inner.every(5, () => void steps.push("tick"));
  const app = new Sabir().onStart(() => void steps.push("starts"));
  app.mount("/a", inner).mount("/b", inner);
  await app.listen({ port: 0, signals: false });
  const end = performance.now() + 20_000;
  while (!steps.includes("tick") && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  await app.close();
  assert.deepEqual(
    steps.filter((step) => step !== "tick"),
    ["starts", "inner starts", "inner stops"],
  );
  assert.ok(steps.includes("tick"));
});
