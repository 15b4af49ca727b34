/** How an application starts and stops. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { createServer, type ListenOptions } from "node:net";
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
  const { address, port, url } = await app.listen({ port: 0 });
  assert.deepEqual([address, url], [`127.0.0.1:${port}`, `http://127.0.0.1:${port}`]);
  await app.close();
  const again = await app.listen({ port });
  assert.equal(again.address, address);
  assert.equal(await (await fetch(url)).text(), "hello");
  await app.close();
});

test("refuses to listen twice, and leaves the first server as it is", async () => {
  const app = hello();
  const { address } = await app.listen({ port: 0 });
  await assert.rejects(app.listen({ port: 0 }), /the application is already listening/);
  assert.equal(await (await fetch(`http://${address}`)).text(), "hello");
  await app.close();
});

/** What makes `node:net` refuse an address. */
async function refusalOfNode(options: ListenOptions): Promise<Record<string, unknown>> {
  const server = createServer();
  const refused = once(server, "error") as Promise<[Record<string, unknown>]>;
  const [error] = await Promise.race([refused, once(server.listen(options), "listening").then(() => [{}] as const)]);
  server.close();
  return error;
}

test("an address that cannot be had is an error as Node's own servers give it", async () => {
  const first = hello();
  const { address } = await first.listen({ port: 0 });
  const port = Number(address.split(":")[1]);
  const places: [Parameters<Sabir["listen"]>[0], ListenOptions][] = [
    [{ port }, { port, host: "127.0.0.1" }],
    [
      { port: 1, host: "192.0.2.1" },
      { port: 1, host: "192.0.2.1" },
    ],
  ];
  for (const [options, theirs] of places) {
    const expected = await refusalOfNode(theirs);
    await assert.rejects(hello().listen(options), (error: Record<string, unknown>) => {
      for (const name of ["code", "syscall", "address", "port"]) assert.equal(error[name], expected[name], name);
      // Bun's own has the wrong sign.
      assert.equal(error["errno"], -Math.abs(Number(expected["errno"])));
      assert.match(String(error["message"]), new RegExp(`^listen ${String(error["code"])}: [a-z].* ${String(error["address"])}`));
      return true;
    });
  }
  await first.close();
});

test("an application and its server end with the block that uses them", async () => {
  let [first, second] = ["", ""];
  const app = hello();
  {
    await using server = await app.listen({ port: 0 });
    first = server.address;
    assert.equal(await (await fetch(`http://${first}`)).text(), "hello");
  }
  await assert.rejects(fetch(`http://${first}`), TypeError);
  {
    await using other = hello();
    second = (await other.listen({ port: 0 })).address;
    assert.equal(await (await fetch(`http://${second}`)).text(), "hello");
  }
  await assert.rejects(fetch(`http://${second}`), TypeError);
});

test("tells the port and the URL of an address of IPv6", async () => {
  const app = hello();
  const { address, port, url } = await app.listen({ host: "::1", port: 0 });
  assert.deepEqual([address, url], [`[::1]:${port}`, `http://[::1]:${port}`]);
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
  const { address, port, url } = await app.listen({ unix: path });
  assert.deepEqual([address, port, url], [path, undefined, `unix:${path}`]);
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
