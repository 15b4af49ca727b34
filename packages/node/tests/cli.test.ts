/** The command `sabir run`. */

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { isRunning, processId, Program, written } from "./processes.js";
import { eventually } from "./serving.js";

const COMMAND = fileURLToPath(new URL("../../bin/sabir.js", import.meta.url));

const APP = `
  import { Sabir } from "sabir";
  const app = new Sabir({ shutdownTimeoutMs: 2000 });
  app.get("/", () => String(process.pid));
  app.get("/die", () => process.exit(3));
  app.get("/slow", async () => { await new Promise((resolve) => setTimeout(resolve, 400)); return "finished"; });
  app.get("/slower", async () => { await new Promise((resolve) => setTimeout(resolve, 1500)); return "finished"; });
`;

function sabir(file: string, ...options: string[]): Program {
  return new Program([COMMAND, "run", file, ...options]);
}

async function use(program: Program, act: (url: string) => Promise<void>): Promise<void> {
  try {
    const line = await program.line();
    assert.match(line, /^Sabir serves on /);
    await act(line.replace("Sabir serves on ", ""));
  } finally {
    program[Symbol.dispose]();
  }
}

async function ask(url: string): Promise<string> {
  return await (await fetch(url, { headers: { connection: "close" } })).text();
}

for (const [kind, source, name] of [
  ["default", `${APP} export default app;`, "app.mjs"],
  ["app", `${APP} export { app };`, "app.js"],
  [
    "CommonJS module.exports",
    `${APP.replace(/import .*/, 'const { Sabir } = require("sabir");')} module.exports = app;`,
    "app.cjs",
  ],
  ["compiled default", `${APP.replace(/import .*/, 'const { Sabir } = require("sabir");')} exports.default = app;`, "app.cjs"],
] as const) {
  test(`serves what a module exports as ${kind}`, async () => {
    await use(sabir(written(source, name), "--port", "0"), async (url) => assert.match(await ask(url), /^\d+$/));
  });
}

test("ends gracefully, although the module keeps the process", async () => {
  const program = sabir(written(`${APP} setInterval(() => {}, 1000); export default app;`), "--port", "0");
  await use(program, async (url) => {
    const slow = ask(`${url}/slow`);
    await ask(url);
    program.kill("SIGTERM");
    assert.equal(await slow, "finished");
    const { code, stderr } = await program.ended();
    assert.deepEqual([code, stderr], [0, "sabir: something still runs after the shutdown; the process ends without it\n"]);
  });
});

test("serves on a Unix socket", async () => {
  const file = written(`${APP} export default app;`);
  const path = join(dirname(file), "socket");
  for (const workers of ["1", "2"]) {
    const program = sabir(file, "--unix", path, "--workers", workers);
    await use(program, async (url) => {
      assert.equal(url, `unix:${path}`);
      const status = await new Promise((resolve, reject) => {
        request({ socketPath: path }, (answer) => resolve(answer.resume().statusCode))
          .on("error", reject)
          .end();
      });
      assert.equal(status, 200);
      program.kill("SIGINT");
      assert.equal((await program.ended()).code, 0);
      assert.ok(!existsSync(path));
    });
  }
});

test("replaces a worker that dies, and stops all of them gracefully", async () => {
  const program = sabir(written(`${APP} export default app;`), "--port", "0", "--workers", "2");
  await use(program, async (url) => {
    const pids = new Set<number>();
    await eventually(async () => pids.add(processId(await ask(url))).size === 2);
    await assert.rejects(ask(`${url}/die`));
    await eventually(async () => pids.add(await ask(url).then(processId, () => [...pids][0]!)).size === 3);
    assert.match(program.stderr, /^sabir: worker \d+ ended with code 3, another one is started\n$/);
    const slow = ask(`${url}/slow`);
    await ask(url);
    program.kill("SIGTERM");
    assert.equal(await slow, "finished");
    assert.equal((await program.ended()).code, 0);
    for (const pid of pids) assert.ok(!isRunning(pid));
  });
});

test("new connections are refused while workers finish", async () => {
  const program = sabir(written(`${APP} export default app;`), "--port", "0", "--workers", "2");
  await use(program, async (url) => {
    let isFinished = false;
    const slower = ask(`${url}/slower`).finally(() => (isFinished = true));
    await ask(url);
    program.kill("SIGTERM");
    await eventually(() =>
      ask(url).then(
        () => false,
        // Bun says it of the error itself, Node of its cause.
        ({ code, cause }) => [code, cause?.code].includes("ECONNREFUSED"),
      ),
    );
    assert.ok(!isFinished);
    assert.equal(await slower, "finished");
    assert.equal((await program.ended()).code, 0);
  });
});

test("workers end when their supervisor is killed", async () => {
  const program = sabir(written(`${APP} export default app;`), "--port", "0", "--workers", "2");
  await use(program, async (url) => {
    const pids = new Set<number>();
    await eventually(async () => pids.add(processId(await ask(url))).size === 2);
    program.kill("SIGKILL");
    await eventually(() => [...pids].every((pid) => !isRunning(pid)));
  });
});

test("says what is wrong", async () => {
  const fails = async (parameters: string[], code: number, message: RegExp): Promise<void> => {
    const outcome = await new Program([COMMAND, ...parameters]).ended();
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.code, outcome.stdout], [code, ""]);
  };
  const file = written(`${APP} export default app;`);
  await fails([], 2, /^sabir: give `run` and one file\n\nusage: sabir run /);
  await fails(["run", file, "--color"], 2, /^sabir: Unknown option '--color'/);
  await fails(["run", file, "--port", "x"], 2, /^sabir: --port takes a whole number of 0 to 65535, not x\n/);
  await fails(["run", file, "--workers", "x"], 2, /^sabir: --workers takes a whole number, not x\n/);
  for (const count of ["0", "1025", "100000000000000000000"]) {
    const message = new RegExp(`^sabir: run: workers: ${count} workers were asked for; ask for 1 to 1024\n$`);
    await fails(["run", file, "--workers", count, "--unix", "/none/at/all"], 1, message);
  }
  await fails(["run", file, "--unix", "a", "--port", "1"], 2, /a Unix socket has no host and no port/);
  await fails(["run", "none.js"], 1, /^sabir: run: none.js: there is no such file; give the path of a module\n$/);
  await fails(["run", written("export default 1;")], 1, /it exports no application; export an instance of Sabir/);
  await fails(["run", written("throw new Error('broken');")], 1, /error: broken\n +at /i);
  await fails(["run", file, "--unix", "/none/at/all"], 1, /^sabir: listen ENOENT: no such file or directory \/none\/at\/all\n$/);
  const early = written(`${APP} if (process.argv.includes("--worker")) process.exit(4); export default app;`);
  await fails(
    ["run", early, "--workers", "2", "--port", "0"],
    1,
    /^sabir: run: workers: worker \d+ ended with code 4 before all served; /m,
  );
});

test("serves TypeScript where it can be imported, and says what to do where it cannot", async () => {
  const file = written("", "app.ts");
  writeFileSync(file, `${APP.replace("const app", "const app: Sabir")} export default app;`);
  const program = sabir(file, "--port", "0");
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (process.versions["bun"] !== undefined || major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
    await use(program, async (url) => assert.match(await ask(url), /^\d+$/));
    return;
  }
  const { code, stderr } = await program.ended();
  assert.equal(code, 1);
  assert.match(stderr, /^sabir: run: .*app.ts: Node v\S+ cannot import TypeScript; use Node 22.18 or later, or Bun, or a loader/);
});
