/** The native module may be loaded, used and left by any thread, in any process: each case is a process of its own. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Program, written } from "./processes.js";

/** `use` answers requests in memory and on a socket; `worker` runs code in a thread until it ends. */
const PRELUDE = `
  const { Worker, isMainThread } = require("node:worker_threads");
  const { fork } = require("node:child_process");
  const { once } = require("node:events");
  const use = async (rounds = 20) => {
    const { Sabir } = require("sabir");
    const app = new Sabir();
    app.post("/{name}", { body: { type: "array" } }, ({ params, body }) => [...body, params.name]);
    for (let number = 0; number < rounds; number++) {
      const json = Array.from({ length: number }, () => "x".repeat(17 * number));
      const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
      const answer = await app.request("/" + number, request);
      if ((await answer.json()).length !== number + 1) throw new Error("a wrong answer");
    }
    const server = await app.listen({ port: 0, reusePort: false });
    if ((await fetch("http://" + server.address + "/one", { method: "POST", body: "[]" })).status !== 415) throw new Error("a wrong answer");
    await app.close();
  };
  const worker = (code) =>
    new Promise((resolve, reject) => {
      const thread = new Worker(PRELUDE + ";" + code, { eval: true });
      thread.on("error", reject).on("exit", (status) => (status ? reject(new Error("exit " + status)) : resolve()));
    });
`;

const CASES = {
  "threads that end one after the other": "for (let n = 0; n < 8; n++) await worker('use()');",
  "a thread that ends, then the main thread": "await worker('use()'); await use();",
  "the main thread, then threads": "await use(); for (let n = 0; n < 4; n++) await worker('use()'); await use();",
  "threads together": "await Promise.all([1, 2, 3, 4].map(() => worker('use()'))); await worker('use()');",
  "threads that only load it": "for (let n = 0; n < 4; n++) await worker('require(\"sabir\")'); await worker('use()');",
  "a thread that is terminated while it is used": `
    for (let n = 0; n < 4; n++) {
      const thread = new Worker(PRELUDE + "; (async () => { for (;;) await use(); })()", { eval: true });
      await once(thread, "online");
      await new Promise((resolve) => setTimeout(resolve, 150));
      await thread.terminate();
    }
    await use();`,
  "a child process": `
    await use();
    const child = fork(__filename, ["child"]);
    const [code, signal] = await once(child, "exit");
    if (code !== 0) throw new Error("the child ended with " + code + " " + signal);`,
  "the end of the process while threads use it": `
    for (let n = 0; n < 3; n++) new Worker(PRELUDE + "; (async () => { for (;;) await use(); })()", { eval: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log("done");
    process.exit(0);`,
};

for (const [name, code] of Object.entries(CASES)) {
  test(`no crash: ${name}`, async () => {
    const source = `const PRELUDE = ${JSON.stringify(PRELUDE)};\n${PRELUDE}
      const main = async () => {
        if (process.argv[2] === "child") return await use();
        ${code}
        console.log("done");
      };
      main();`;
    const program = new Program([written(source, "program.cjs")]);
    try {
      const { code, signal, stdout, stderr } = await program.ended();
      assert.deepEqual({ code, signal, stdout, stderr }, { code: 0, signal: null, stdout: "done\n", stderr: "" });
    } finally {
      program[Symbol.dispose]();
    }
  });
}
