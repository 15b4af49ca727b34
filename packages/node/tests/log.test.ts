/** What the runtime reports reaches the loggers of applications. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Sabir } from "sabir";

import { Program, written } from "./processes.js";
import { begin, eventually, Log } from "./serving.js";

/** A status that no final answer can have (RFC 9110 §15.2), which only the runtime finds out. */
function interim(app: Sabir): Sabir {
  return app.get("/interim", (context) => context.text("text", 103));
}

test("a record has its request's id and the level of its severity", async () => {
  const log = new Log();
  const levels: string[] = [];
  const entry = (level: string) => (text: unknown) => {
    levels.push(level);
    log.error(text);
  };
  const logger = { error: entry("error"), warn: entry("warn"), info: entry("info"), debug: entry("debug") };
  const app = interim(new Sabir({ shutdownTimeoutMs: 50 }, { logger }));
  app.get("/never", () => new Promise(() => {}));
  const answer = await app.request("/interim");
  assert.equal(answer.status, 500);
  const { request_id: id } = (await answer.json()) as { request_id: string };
  assert.deepEqual(levels, ["error"]);
  assert.match(log.messages[0] ?? "", new RegExp(`103.* \\(request ${id}\\)$`));

  const { address } = await app.listen({ port: 0, signals: false });
  const socket = await begin(`http://${address}`, "/never");
  await eventually(() => app.handlerCalls === 2);
  await app.close();
  socket.destroy();
  assert.deepEqual(levels, ["error", "warn"]);
  assert.match(log.messages[1] ?? "", /cut off/);
});

test("each logger gets a record once, also that of an application of the other copy", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  const [shared, other] = [new Log(), new Log()];
  const applications = [
    new Sabir({}, { logger: shared }),
    new Sabir({}, { logger: shared }),
    new Required({}, { logger: other }),
  ];
  for (const [index, app] of applications.entries()) {
    await interim(app).request("/interim");
    for (const log of [shared, other]) assert.equal(log.entries.length, index + 1);
  }
});

test("a logger that fails, at once or later, ends nothing", async () => {
  const source = `
    import { Sabir } from "sabir";
    const fails = () => { throw new Error("the log is full"); };
    const rejects = async () => { throw new Error("the log is full"); };
    for (const log of [fails, rejects]) {
      const app = new Sabir({}, { logger: { error: log, warn: log, info: log, debug: log } });
      app.get("/interim", (context) => context.text("text", 103));
      app.get("/fails", () => { throw new Error("a fault"); });
      for (const path of ["/interim", "/fails"]) console.log((await app.request(path)).status);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log("alive");
  `;
  const { code, stdout, stderr } = await new Program([written(source)]).ended();
  assert.deepEqual([code, stdout, stderr], [0, "500\n500\n500\n500\nalive\n", ""]);
});

test("works in threads, one after the other, and keeps none of them", async () => {
  const source = `
    const { once } = require("node:events");
    const { isMainThread, Worker } = require("node:worker_threads");
    const use = async () => {
      const { Sabir } = require("sabir");
      const log = (text) => console.log(text);
      const app = new Sabir({}, { logger: { error: log, warn: log, info: log, debug: log } });
      app.get("/interim", (context) => context.text("text", 103));
      await app.request("/interim");
    };
    if (isMainThread) (async () => {
      for (let time = 0; time < 3; time++) await once(new Worker(__filename), "exit");
      await use();
    })();
    else use();
  `;
  const { code, stdout } = await new Program([written(source, "program.cjs")]).ended();
  assert.equal(code, 0);
  const lines = stdout.split("\n").slice(0, -1);
  assert.equal(lines.length, 4);
  for (const line of lines) assert.match(line, /status=103 \(request /);
});

test("is the console by default, and does not keep the process", async () => {
  const source = `
    import { Sabir } from "sabir";
    const app = new Sabir();
    app.get("/interim", (context) => context.text("text", 103));
    await app.request("/interim");
  `;
  const { code, stdout, stderr } = await new Program([written(source)]).ended();
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(stderr, /103.* \(request [0-9a-f]+\)\n$/);
});
