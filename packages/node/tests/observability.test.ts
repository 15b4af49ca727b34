/** What requests leave in logs: a line of the access log each, and lines that name them. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { accessLog, jsonLogger, type Logger, Sabir, traceContext } from "sabir";
import { Program, written } from "./processes.js";
import { eventually } from "./serving.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

function traced(logger: Logger): Sabir {
  const app = new Sabir({}, { logger });
  app.use(traceContext());
  app.get("/", ({ request, log }) => {
    log.info({ order: 7 }, "asked");
    return { ...request.trace };
  });
  app.get("/fail", () => {
    throw new Error("a test fails");
  });
  return app;
}

test("a handler has the trace of its request", async () => {
  const app = traced(jsonLogger({ write: () => {} }));
  const answer = await app.request("/", { headers: { traceparent: PARENT, tracestate: "a=1" } });
  const trace = (await answer.json()) as Record<string, unknown>;
  assert.equal(trace["traceId"], TRACE);
  assert.equal(trace["parentId"], "00f067aa0ba902b7");
  assert.equal(trace["traceparent"], `00-${TRACE}-${String(trace["spanId"])}-01`);
  assert.deepEqual([trace["sampled"], trace["tracestate"]], [true, "a=1"]);
  const other = (await (await app.request("/")).json()) as Record<string, unknown>;
  assert.notEqual(other["traceId"], TRACE);
  await app.close();
});

test("lines of a request have its ids", async () => {
  const lines: Record<string, unknown>[] = [];
  const app = traced(jsonLogger({ write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) }));
  await app.request("/", { headers: { traceparent: PARENT, "x-request-id": "a" } });
  const [line] = lines;
  assert.deepEqual(
    [line?.["message"], line?.["level"], line?.["request_id"], line?.["trace_id"], line?.["order"]],
    ["asked", "info", "a", TRACE, 7],
  );
  await app.request("/fail", { headers: { traceparent: PARENT, "x-request-id": "b" } });
  assert.match(String(lines[1]?.["message"]), new RegExp(`GET /fail failed \\(request b, trace ${TRACE}\\)`));
  assert.match(String(lines[1]?.["error"]), /a test fails/);
  await app.close();
});

test("a logger that makes no others names the request behind what is written", async () => {
  const written: unknown[][] = [];
  const note = (...data: unknown[]): void => void written.push(data);
  const app = new Sabir({}, { logger: { error: note, warn: note, info: note, debug: note } });
  app.get("/", ({ log }) => {
    log.warn("a", 1);
    return "fine";
  });
  await app.request("/", { headers: { "x-request-id": "a" } });
  assert.deepEqual(written, [["a", 1, "(request a)"]]);
  await app.close();
});

test("the access log has every request of a process that is stopped under load", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "sabir-")), "access.log");
  const source = `
    import { accessLog, Sabir } from "sabir";
    const app = new Sabir();
    app.use(accessLog({ output: ${JSON.stringify(file)} }));
    app.get("/{n:int}", ({ params }) => String(params.n));
    console.log((await app.listen({ port: 0 })).address);
  `;
  const program = new Program([written(source)]);
  const answered = new Set<string>();
  try {
    const port = Number((await program.line()).split(":").at(-1));
    const ask = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const request = get({ port, path, agent: false, host: "127.0.0.1", headers: { connection: "close" } }, (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          answer.on("end", () => resolve(text)).on("error", reject);
        });
        request.on("error", reject);
      });
    const load = [1, 2, 3, 4].map(async (client) => {
      for (let number = client * 100_000; ; number += 1) {
        try {
          if ((await ask(`/${number}`)) === String(number)) answered.add(`/${number}`);
        } catch {
          return;
        }
      }
    });
    await eventually(() => answered.size > 100);
    program.kill("SIGTERM");
    assert.equal((await program.ended()).code, 0);
    await Promise.all(load);
  } finally {
    program[Symbol.dispose]();
  }
  const lines = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { path: string; outcome: string });
  const paths = new Set(lines.map(({ path }) => path));
  for (const path of answered) assert.ok(paths.has(path), path);
  assert.equal(paths.size, lines.length);
});

test("the access log of an application in memory is a file", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "sabir-")), "access.log");
  const app = new Sabir();
  app.use(accessLog({ output: file, format: "common" }));
  app.get("/items/{id:int}", () => "fine");
  await app.request("/items/7?secret=1");
  await app.request("/nowhere");
  await app.close();
  await eventually(() => readFileSync(file, "utf8").split("\n").length === 3);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  assert.match(lines[0] ?? "", /^- - - \[.*\] "GET \/items\/7 HTTP\/1.1" 200 4$/);
  assert.match(lines[1] ?? "", / 404 \d+$/);
});
