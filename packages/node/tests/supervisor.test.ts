/** What `sabir run --workers` does when workers die, and when they are to be replaced. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import native from "#native";
import { Supervisor } from "../src/cli/supervisor.js";
import { directory, evaluated, isRunning, processId, Program, written } from "./processes.js";
import { begin, eventually, TIMEOUT_MS } from "./serving.js";

const COMMAND = fileURLToPath(new URL("../../bin/sabir.js", import.meta.url));

const APP = `
  import { Sabir } from "sabir";
  const app = new Sabir({ shutdownTimeoutMs: 2000 });
  app.get("/", () => String(process.pid));
  app.get("/die", () => process.exit(3));
  export default app;
`;

async function supervised(source: string, act: (program: Program, port: number, file: string) => Promise<void>): Promise<void> {
  const file = written(source);
  const program = new Program([COMMAND, "run", file, "--port", "0", "--workers", "2"]);
  try {
    const line = await program.line();
    await act(program, Number(line.split(":").at(-1)), file);
    program.kill("SIGTERM");
    assert.equal((await program.ended()).code, 0);
  } finally {
    program[Symbol.dispose]();
  }
}

/** The content of `path` on a connection of its own. */
async function ask(port: number, path = "/"): Promise<string> {
  return await new Promise((resolve, reject) => {
    const request = get({ port, path, agent: false, host: "127.0.0.1", headers: { connection: "close" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text)).on("error", reject);
    });
    request.on("error", reject).setTimeout(TIMEOUT_MS, () => request.destroy(new Error("there is no answer")));
  });
}

async function pids(port: number, count: number): Promise<Set<number>> {
  const seen = new Set<number>();
  await eventually(async () => seen.add(processId(await ask(port))).size === count);
  return seen;
}

/** Asks on ever new connections until `isDone`, and counts what became of the requests. */
async function load(port: number, isDone: () => boolean): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  while (!isDone()) {
    const outcome = await ask(port).then(
      (text) => (/^\d+$/.test(text) ? "answered" : text),
      (error: { code?: string }) => error.code ?? String(error),
    );
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

test("goes on when workers die again and again", async () => {
  await supervised(APP, async (program, port) => {
    const lines = (): string[] => program.stderr.split("\n").slice(0, -1);
    // More deaths, one after the other, than any count of failures allowed for.
    while (lines().length < 10) {
      await ask(port, "/die").catch(() => undefined);
      assert.equal(program.child.exitCode, null, program.stderr);
    }
    await eventually(async () => /^\d+$/.test(await ask(port).catch(() => "")));
    for (const line of lines()) assert.match(line, /^sabir: worker \d+ ended with code 3, another one is started$/);
  });
});

test("SIGHUP replaces the workers one by one, and no connection is refused", async () => {
  await supervised(APP, async (program, port, file) => {
    const before = await pids(port, 2);
    let isDone = false;
    const clients = Array.from({ length: 4 }, () => load(port, () => isDone));
    for (const signal of ["SIGHUP", "SIGHUP"] as const) program.kill(signal);
    const after = new Set<number>();
    await eventually(async () => {
      const pid = await ask(port).then(processId, () => undefined);
      if (pid !== undefined && !before.has(pid)) after.add(pid);
      return after.size >= 2;
    });
    isDone = true;
    // A connection that the old worker has accepted and not read yet may end with it (RFC 9112 §9.5).
    const allowed = { answered: 0, ECONNRESET: 0 };
    for (const counts of await Promise.all(clients)) {
      assert.ok(counts["answered"]! > 0);
      assert.deepEqual({ ...allowed, ...counts, answered: 0, ECONNRESET: 0 }, allowed);
    }
    // A new version that does not start leaves the old one in place.
    await eventually(() => [...before].every((pid) => !isRunning(pid)));
    writeFileSync(file, "process.exit(4);");
    program.kill("SIGHUP");
    const failed = /worker \d+ ended with code 4 before it served, the workers from before go on\n$/;
    await eventually(() => failed.test(program.stderr));
    assert.match(await ask(port), /^\d+$/);
    writeFileSync(file, APP.replace("String(process.pid)", "'-' + process.pid"));
    program.kill("SIGHUP");
    await eventually(async () => (await ask(port).catch(() => "")).startsWith("-"));
  });
});

test("says once that what is published in one worker does not reach the others", async () => {
  const source = APP.replace("export default app", 'app.websocket("/socket", {}); export default app');
  await supervised(source, async (program) => {
    await eventually(() => program.stderr.includes("each worker has channels of its own"));
    assert.equal(program.stderr.match(/each worker has channels of its own/g)?.length, 1);
  });
});

test("a second signal ends the workers at once", async () => {
  const source = `
    import { Sabir } from "sabir";
    const app = new Sabir({ shutdownTimeoutMs: ${10 * TIMEOUT_MS} });
    app.get("/", () => String(process.pid));
    app.get("/endless", async () => { console.log("at work"); await new Promise((resolve) => setTimeout(resolve, ${10 * TIMEOUT_MS})); });
    export default app;
  `;
  const program = new Program([COMMAND, "run", written(source), "--port", "0", "--workers", "2"]);
  try {
    const port = Number((await program.line()).split(":").at(-1));
    const workers = await pids(port, 2);
    const socket = await begin(`http://127.0.0.1:${port}`, "/endless");
    assert.equal(await program.line(), "at work");
    program.kill("SIGTERM");
    await eventually(() =>
      ask(port).then(
        () => false,
        () => true,
      ),
    );
    assert.equal(program.child.exitCode, null, "the request still runs");
    program.kill("SIGTERM");
    assert.equal((await program.ended()).code, 0);
    assert.ok([...workers].every((pid) => !isRunning(pid)));
    socket.destroy();
  } finally {
    program[Symbol.dispose]();
  }
});

for (const [how, command] of [
  ["told", ["/none/at/all"]],
  ["thrown", [process.execPath, "a\0b"]],
] as const) {
  test(`a start that fails ends the others, be the failure ${how}`, async () => {
    let withdrawn = 0;
    const supervisor = new Supervisor(command, 0, () => void (withdrawn += 1), new native.NativeSupervisor(3));
    const serving = (): void => assert.fail("it serves");
    await assert.rejects(supervisor.run(serving), { name: "SetupError", problem: /^worker failed: .* before all served$/s });
    assert.equal(withdrawn, 1);
  });
}

test("a worker that could not be started takes nobody with it", async () => {
  const source = `
    import { Worker } from ${JSON.stringify(new URL("../src/cli/worker.js", import.meta.url).href)};
    const worker = new Worker(["/none/at/all"], 0, { failed: () => console.log("failed") });
    worker.kill("SIGTERM");
  `;
  // In a group of its own, for the case that it does.
  const child = spawn(process.execPath, evaluated(source), { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const [[code, signal], output] = await Promise.all([once(child, "close"), text(child.stdout)]);
  assert.deepEqual([code, signal, output], [0, null, "failed\n"]);
});

test("what became of the socket's file keeps no worker", async () => {
  const path = join(directory(), "app.sock");
  const program = new Program([COMMAND, "run", written(APP), "--unix", path, "--workers", "2"]);
  try {
    await program.line();
    rmSync(path);
    mkdirSync(path);
    program.kill("SIGTERM");
    const { code, stderr } = await program.ended();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(existsSync(path));
  } finally {
    program[Symbol.dispose]();
  }
});

test("requests may have any time to finish", async () => {
  const source = APP.replace("2000", "2 ** 50").replace(
    "export default",
    `app.get("/slow", async () => { await new Promise((resolve) => setTimeout(resolve, 400)); return "finished"; });
     export default`,
  );
  const program = new Program([COMMAND, "run", written(source), "--port", "0", "--workers", "2"]);
  try {
    const port = Number((await program.line()).split(":").at(-1));
    const slow = ask(port, "/slow");
    // The request is on its way before the signal.
    await ask(port);
    program.kill("SIGTERM");
    assert.equal(await slow, "finished");
    const { code, stderr } = await program.ended();
    assert.deepEqual([code, stderr], [0, ""]);
  } finally {
    program[Symbol.dispose]();
  }
});

test("a worker that is killed takes only its own connections with it", async () => {
  await supervised(APP, async (program, port) => {
    await pids(port, 2);
    // Connections that are kept, each with the worker that holds it.
    const kept = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(port, "127.0.0.1");
        socket.setEncoding("utf8").on("error", () => {});
        const closed = once(socket, "close").then(() => "");
        const exchange = async (): Promise<string> => {
          socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
          const data = (await Promise.race([once(socket, "data").catch(() => [""]), closed.then(() => [""])])) as string[];
          return data[0]?.split("\r\n\r\n")[1] ?? "";
        };
        return { socket, exchange, pid: await exchange() };
      }),
    );
    const victim = processId(kept[0]!.pid);
    let isDone = false;
    const clients = Array.from({ length: 4 }, async () => {
      let lost = 0;
      while (!isDone)
        lost += await ask(port).then(
          () => 0,
          () => 1,
        );
      return lost;
    });
    process.kill(victim, "SIGKILL");
    await eventually(() => program.stderr.includes(`worker ${victim} was ended by SIGKILL, another one is started`));
    isDone = true;
    const lost = (await Promise.all(clients)).reduce((sum, count) => sum + count);
    // Each of the clients had one connection at that moment.
    assert.ok(lost <= clients.length, `${lost} requests were lost`);
    for (const { exchange, pid, socket } of kept) {
      assert.equal(await exchange(), pid === String(victim) ? "" : pid);
      socket.destroy();
    }
  });
});
