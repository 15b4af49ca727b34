/** Programs that are evaluated again, or started again, while their source changes. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import { Program, written } from "./processes.js";
import { eventually } from "./serving.js";

const isBun = process.versions["bun"] !== undefined;

function source(answer: string, place: string): string {
  return `
    import { Sabir } from "sabir";
    const app = new Sabir({ shutdownTimeoutMs: 500 });
    app.get("/", () => "${answer}");
    app.get("/kept", () => new Promise(() => {}));
    const { address } = await app.listen(${place});
    console.log("${answer} " + address);
  `;
}

async function ask(url: string): Promise<string> {
  return await (await fetch(url, { headers: { connection: "close" } })).text();
}

/** The address that a line of the program tells, which is the one with `answer`. */
async function address(program: Program, answer: string): Promise<string> {
  return await eventually(async () => {
    const [first, second] = (await program.line()).split(" ");
    return first === answer ? second : undefined;
  });
}

test("a server that is loaded anew by `bun --hot` takes its place again", { skip: !isBun }, async () => {
  const file = written(source("first", "{ port: 0 }"));
  const program = new Program(["--hot", file]);
  try {
    const url = `http://${await address(program, "first")}`;
    assert.equal(await ask(url), "first");
    const kept = fetch(`${url}/kept`).catch(() => undefined);
    for (const answer of ["second", "third"]) {
      writeFileSync(file, source(answer, "{ port: 0 }"));
      assert.equal(`http://${await address(program, answer)}`, url);
      // For a moment there are two, and connections that the old one has not accepted end with it.
      let times = 0;
      await eventually(async () => {
        times = (await ask(url).catch(() => "")) === answer ? times + 1 : 0;
        return times === 20;
      });
    }
    await kept;
    program.kill("SIGTERM");
    assert.equal((await program.ended()).code, 0);
    assert.match(program.stderr, /^(connections were cut off [^\n]*\n)+$/);
  } finally {
    program[Symbol.dispose]();
  }
});

test("a fixed port and a Unix socket are taken again too", { skip: !isBun }, async () => {
  const other = new Program([written(source("other", "{ port: 0 }"))]);
  const port = (await address(other, "other")).split(":")[1];
  other.kill("SIGTERM");
  await other.ended();
  for (const place of [`{ port: ${port} }`, `{ unix: new URL("socket", import.meta.url).pathname }`]) {
    const file = written(source("first", place));
    const program = new Program(["--hot", file]);
    try {
      const where = await address(program, "first");
      writeFileSync(file, source("second", place));
      assert.equal(await address(program, "second"), where);
    } finally {
      program[Symbol.dispose]();
    }
  }
});

test("a server that is started anew by `node --watch` gets its port again", { skip: isBun }, async () => {
  const other = new Program([written(source("other", "{ port: 0 }"))]);
  const port = (await address(other, "other")).split(":")[1];
  other.kill("SIGTERM");
  await other.ended();
  const file = written(source("first", `{ port: ${port} }`));
  const program = new Program(["--watch", file]);
  try {
    const url = `http://${await address(program, "first")}`;
    // A request that never ends keeps the old process no longer than the time for its shutdown.
    const kept = fetch(`${url}/kept`).catch(() => undefined);
    await ask(url);
    writeFileSync(file, source("second", `{ port: ${port} }`));
    await address(program, "second");
    await eventually(async () => (await ask(url).catch(() => "")) === "second");
    await kept;
  } finally {
    program.kill("SIGTERM");
    await program.ended();
  }
});
