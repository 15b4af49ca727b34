/** How an application starts and stops. */

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Sabir } from "sabir";

import { run } from "./processes.js";

function hello(): Sabir {
  const app = new Sabir();
  app.get("/", () => "hello");
  return app;
}

test("accepts no connection after close", async () => {
  const app = hello();
  const { address } = await app.listen({ port: 0 });
  const url = `http://${address}/`;
  assert.equal(await (await fetch(url)).text(), "hello");
  await app.close();
  await assert.rejects(fetch(url), TypeError);
});

test("answers in memory after close", async () => {
  const app = hello();
  await app.listen({ port: 0 });
  await app.close();
  assert.equal(await (await app.request("/")).text(), "hello");
});

test("closes twice, and without having listened", async () => {
  const app = hello();
  await app.close();
  await app.listen({ port: 0 });
  await Promise.all([app.close(), app.close()]);
  await app.close();
});

test("listens again after close, on the same port", async () => {
  const app = hello();
  const { address } = await app.listen({ port: 0 });
  await app.close();
  const again = await app.listen({ port: Number(address.split(":")[1]) });
  assert.equal(again.address, address);
  assert.equal(await (await fetch(`http://${address}`)).text(), "hello");
  await app.close();
});

test("refuses to listen twice, and leaves the first server as it is", async () => {
  const app = hello();
  const { address } = await app.listen({ port: 0 });
  await assert.rejects(app.listen({ port: 0 }), /the application is already listening/);
  assert.equal(await (await fetch(`http://${address}`)).text(), "hello");
  await app.close();
});

test("refuses an address that is taken, and can listen on another one then", async () => {
  const [first, second] = [hello(), hello()];
  const { address } = await first.listen({ port: 0 });
  await assert.rejects(second.listen({ port: Number(address.split(":")[1]) }), /in use/);
  await second.listen({ port: 0 });
  await Promise.all([first.close(), second.close()]);
});

test("serves on a Unix socket", async () => {
  const app = hello();
  const path = join(mkdtempSync(join(tmpdir(), "sabir-")), "socket");
  assert.equal((await app.listen({ unix: path })).address, path);
  const status = await new Promise((resolve, reject) => {
    httpRequest({ socketPath: path, path: "/" }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
  assert.equal(status, 200);
  await app.close();
});

test("lets running requests finish when it closes", async () => {
  const app = new Sabir();
  let start = (): void => {};
  const started = new Promise<void>((resolve) => (start = resolve));
  app.get("/", async () => {
    start();
    await sleep(200);
    return "finished";
  });
  const { address } = await app.listen({ port: 0 });
  const answer = fetch(`http://${address}`);
  await started;
  await app.close();
  assert.equal(await (await answer).text(), "finished");
});

test("takes its signal handlers back when it closes", async () => {
  const before = ["SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal));
  const app = hello();
  await app.listen({ port: 0 });
  assert.deepEqual(
    ["SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal)),
    before.map((count) => count + 1),
  );
  await app.close();
  assert.deepEqual(
    ["SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal)),
    before,
  );
});

test("lets the process end by itself after close", async () => {
  const { code, stdout } = await run(`
    import { Sabir } from "sabir";
    const app = new Sabir();
    app.get("/", () => "hello");
    const { address } = await app.listen({ port: 0 });
    console.log(await (await fetch("http://" + address)).text());
    await app.close();`);
  assert.deepEqual([code, stdout], [0, "hello\n"]);
});

test("lets a process end by itself that never listens", async () => {
  const { code, stdout } = await run(`
    import { Sabir } from "sabir";
    const app = new Sabir();
    app.get("/", () => "hello");
    console.log(await (await app.request("/")).text());`);
  assert.deepEqual([code, stdout], [0, "hello\n"]);
});

test("is a CommonJS module as well", async () => {
  const { Sabir: Required } = createRequire(import.meta.url)("sabir") as { Sabir: typeof Sabir };
  const app = new Required();
  app.get("/", () => "hello");
  const { address } = await app.listen({ port: 0 });
  assert.equal(await (await fetch(`http://${address}`)).text(), "hello");
  await app.close();
});
