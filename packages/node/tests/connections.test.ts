/** What is made once for a connection, and what is done when the last byte of an answer was handed over. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Sabir, SetupError } from "sabir";

import { begin, eventually, Log, serving } from "./serving.js";
import { raw } from "./socket-clients.js";

/** A connection of HTTP/1.1 that is kept. */
class Connection {
  readonly socket: Socket;
  #text = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (data) => (this.#text += data.toString()));
    socket.on("error", () => {});
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new Connection(socket);
  }

  /** The content of the answer to `GET path`. */
  async get(path: string): Promise<string> {
    this.#text = "";
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    return await eventually(() => /\r\n\r\n(.+)$/s.exec(this.#text)?.[1]);
  }
}

/** An application that counts its connections. */
function counted(): { app: Sabir<{ readonly session: Promise<{ number: number }> }>; steps: string[] } {
  const steps: string[] = [];
  let count = 0;
  const app = new Sabir({}, { logger: new Log() }).provide(
    "session",
    async function* ({ request }) {
      // Requests at the same time wait for the same one.
      await sleep(5);
      const number = count++;
      steps.push(`open ${number} ${request.path}`);
      yield { number };
      steps.push(`close ${number}`);
    },
    { scope: "connection" },
  );
  app.get("/", async ({ session }) => `number ${(await session).number}`);
  app.get("/slow", async ({ session, signal }) => {
    await session;
    await once(signal, "abort");
    await sleep(20);
    steps.push("handler ended");
  });
  app.websocket("/socket", async (ws, { session }) => {
    for await (const _ of ws) await ws.send(`number ${(await session).number}`);
  });
  return { app, steps };
}

test("requests of one connection share what is made for it", async () => {
  const { app, steps } = counted();
  await serving(app, async (url) => {
    const [first, second] = [await Connection.open(url), await Connection.open(url)];
    assert.deepEqual(
      [await first.get("/"), await first.get("/"), await second.get("/"), await first.get("/")],
      ["number 0", "number 0", "number 1", "number 0"],
    );
    assert.deepEqual(steps, ["open 0 /", "open 1 /"]);
    first.socket.destroy();
    await eventually(() => steps.length === 3);
    assert.equal(await second.get("/"), "number 1");
  });
  // The server has closed what was left.
  assert.deepEqual(steps.slice(2), ["close 0", "close 1"]);
});

test("streams of HTTP/2 share it", async () => {
  const { app, steps } = counted();
  await serving(app, async (url) => {
    const session = connectHttp2(url);
    const get = async (): Promise<string> => {
      const stream = session.request({ ":path": "/" });
      let text = "";
      for await (const chunk of stream) text += String(chunk);
      return text;
    };
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 10 }, get))), new Set(["number 0"]));
    session.close();
    await eventually(() => steps.length === 2);
  });
  assert.deepEqual(steps, ["open 0 /", "close 0"]);
});

test("a socket shares it while it is open", async () => {
  const { app, steps } = counted();
  await serving(app, async (url) => {
    const socket = await raw(url, "/socket");
    // A text of one letter, masked with zeros (RFC 6455 §5.2).
    socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 97]));
    assert.match(String((await once(socket, "data"))[0]), /number 0/);
    assert.deepEqual(steps, ["open 0 /socket"]);
    socket.destroy();
    await eventually(() => steps.length === 2);
  });
});

test("the request that uses it ends first", async () => {
  const { app, steps } = counted();
  await serving(app, async (url) => {
    const socket = await begin(url, "/slow");
    await eventually(() => steps.length === 1);
    socket.destroy();
    await eventually(() => steps.length === 3);
  });
  assert.deepEqual(steps.slice(1), ["handler ended", "close 0"]);
});

test("in memory a request is a connection of its own", async () => {
  const { app, steps } = counted();
  for (const number of [0, 1]) {
    assert.equal(await (await app.request("/")).text(), `number ${number}`);
    await eventually(() => steps.length === 2);
    assert.deepEqual(steps.splice(0), [`open ${number} /`, `close ${number}`]);
  }
});

test("what was not made is tried again, and ends are logged", async () => {
  const log = new Log();
  let calls = 0;
  const app = new Sabir({}, { logger: log })
    .provide(
      "flaky",
      () => {
        if (calls++ === 0) throw new Error("odd");
        return "fine";
      },
      {
        scope: "connection",
        dispose: () => {
          throw new Error("stuck");
        },
      },
    )
    .get("/", ({ flaky }) => flaky);
  await serving(app, async (url) => {
    const connection = await Connection.open(url);
    assert.match(await connection.get("/"), /"status":500/);
    assert.equal(await connection.get("/"), "fine");
    assert.equal(await connection.get("/"), "fine");
    connection.socket.destroy();
    await eventually(() => log.messages.includes("what a provider cleans up behind a connection failed"));
  });
  assert.equal(calls, 2);
});

test("members need others that last as long", async () => {
  const log = new Log();
  const app = new Sabir({}, { logger: log })
    .provide("settings", () => "settings", { scope: "app" })
    .provide("pool", ({ settings }) => `pool of ${settings}`, { scope: "connection" })
    .provide("user", ({ pool }) => `user with ${pool}`)
    .provide("wrong", ({ user }) => user, { scope: "connection" })
    .provide("worse", ({ pool }) => pool, { scope: "app" });
  app.get("/", ({ user }) => user);
  app.get("/wrong", ({ wrong }) => wrong);
  app.get("/worse", ({ worse }) => worse);
  assert.equal(await (await app.request("/")).text(), "user with pool of settings");
  assert.equal((await app.request("/wrong")).status, 500);
  assert.equal((await app.request("/worse")).status, 500);
  const text = log.entries.flat().map(String).join("\n");
  assert.match(text, /wrong → user: one for a connection needs one for a request/);
  assert.match(text, /worse → pool: one for the application needs one for a connection/);
  assert.throws(() => new Sabir().provide("a", () => 1, { scope: "worker" as never }), SetupError);
});

test("work behind an answer waits for its last byte", async () => {
  const steps: string[] = [];
  const app = new Sabir().get("/", (context) => {
    context.after(() => void steps.push("after"));
    return new Uint8Array(32 * 1024 * 1024);
  });
  await serving(app, async (url) => {
    const socket = await begin(url, "/");
    socket.pause();
    await eventually(() => socket.readableLength > 0);
    await sleep(50);
    assert.deepEqual(steps, []);
    socket.resume();
    await eventually(() => steps.length === 1);
    socket.destroy();
    // Or for the client to leave.
    const other = await begin(url, "/");
    other.pause();
    await eventually(() => other.readableLength > 0);
    assert.equal(steps.length, 1);
    other.destroy();
    await eventually(() => steps.length === 2);
  });
});

test("work behind a file and behind a stream waits for the last byte, too", async () => {
  const steps: string[] = [];
  const app = new Sabir();
  app.get("/file", (context) => {
    context.after(() => void steps.push("after"));
    return context.file(process.execPath);
  });
  app.get("/stream", async function* (context) {
    context.after(() => void steps.push("after"));
    for (let count = 0; count < 8; count++) yield new Uint8Array(4 * 1024 * 1024);
  });
  await serving(app, async (url) => {
    for (const path of ["/file", "/stream"]) {
      const socket = await begin(url, path);
      socket.pause();
      await eventually(() => socket.readableLength > 0);
      await sleep(50);
      assert.deepEqual(steps.splice(0), [], path);
      socket.resume();
      await eventually(() => steps.length === 1);
      assert.deepEqual(steps.splice(0), ["after"], path);
      socket.destroy();
    }
  });
});
