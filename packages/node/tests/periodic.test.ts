/** What is done again and again: `app.every` and `app.cron`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Sabir, SetupError } from "sabir";

import { Cron } from "../src/cron.js";
import { directory, isRunning, processId, Program, written } from "./processes.js";
import { eventually, Log, serving } from "./serving.js";

const COMMAND = fileURLToPath(new URL("../../bin/sabir.js", import.meta.url));

test("work runs again and again while the application serves, and never twice at a time", async () => {
  let [count, running, most] = [0, 0, 0];
  const app = new Sabir().get("/", () => 1);
  app.every(5, async () => {
    most = Math.max(most, ++running);
    await sleep(15);
    running--;
    count++;
  });
  await app.request("/");
  await sleep(30);
  assert.equal(count, 0, "in memory it does not serve");
  await serving(app, async () => void (await eventually(() => count >= 3)));
  assert.deepEqual([most, running], [1, 0]);
  const last = count;
  await sleep(30);
  assert.equal(count, last);
});

test("work that fails is logged and goes on", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log });
  app.every(2, function clean() {
    throw new Error("odd");
  });
  app.every(2, () => Promise.reject(new Error("later")));
  await serving(app, async () => void (await eventually(() => log.entries.length >= 4)));
  assert.deepEqual(new Set(log.messages), new Set(["every `clean` failed", "every failed"]));
});

/** The cases that are the same in every language. */
const CASES = JSON.parse(readFileSync(new URL("../../../../testing_data/cron.json", import.meta.url), "utf8")) as {
  readonly times: readonly { readonly text: string; readonly after: string; readonly next: string }[];
  readonly refused: readonly { readonly text: string; readonly problem: string }[];
};

for (const { text, after, next } of CASES.times) {
  test(`behind ${after}, ${text} is ${next}`, () => {
    assert.equal(new Cron(text).next(new Date(after))?.toISOString(), next.replace("Z", ".000Z"));
  });
}

for (const { text, problem } of CASES.refused) {
  test(`refuses the cron text "${text}"`, () => {
    const message = `app: cron: ${problem}; write \`minute hour day month weekday\`, such as \`*/5 * * * *\``;
    assert.throws(() => new Sabir().cron(text, () => {}), { name: "SetupError", message });
  });
}

test("refuses times that are none", async () => {
  const app = new Sabir();
  for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => app.every(ms, () => {}), /app: every: .* is no time/);
  assert.throws(() => app.every(1, 1 as never), /app: every: this is no function/);
  app.cron("* * * * *", () => {}).get("/", () => 1);
  await app.request("/");
  assert.throws(() => app.every(1, () => {}), SetupError);
});

test("of several workers one does it, and another one when that has ended", async () => {
  const path = join(directory(), "runs");
  const file = written(`
    import { appendFileSync } from "node:fs";
    import { Sabir } from "sabir";
    const app = new Sabir();
    app.get("/", () => String(process.pid));
    app.every(10, () => appendFileSync(${JSON.stringify(path)}, process.pid + "\\n"));
    export default app;`);
  const program = new Program([COMMAND, "run", file, "--port", "0", "--workers", "3"]);
  const runs = (): number[] => {
    try {
      return readFileSync(path, "utf8").trim().split("\n").map(processId);
    } catch {
      return [];
    }
  };
  try {
    await program.line();
    await eventually(() => runs().length >= 5);
    const [first = 0] = runs();
    assert.deepEqual(new Set(runs()), new Set([first]));
    process.kill(first, "SIGKILL");
    await eventually(() => !isRunning(first));
    const count = runs().length;
    await eventually(() => runs().length >= count + 5);
    assert.equal(new Set(runs().slice(count)).size, 1);
    assert.notEqual(runs().at(-1), first);
    program.kill("SIGTERM");
    assert.equal((await program.ended()).code, 0);
  } finally {
    program[Symbol.dispose]();
  }
});
