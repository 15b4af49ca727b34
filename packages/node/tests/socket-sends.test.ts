/** Messages that handlers send while several things that have come are read: they cross to the runtime together, and stay in order. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";

import { serving } from "./serving.js";
import { app, raw } from "./socket-clients.js";

/** A close frame with 4000. */
const CLOSE = "88020fa0";

/** What a server sends over a connection up to its close, in hexadecimal. */
async function received(client: Awaited<ReturnType<typeof raw>>): Promise<string> {
  let text = "";
  while (!text.endsWith(CLOSE)) text += ((await once(client, "data")) as [Buffer])[0].toString("hex");
  client.destroy();
  return text;
}

test("whatever a handler sends comes in its order", async () => {
  const made = app();
  made.websocket("/", {
    message(ws) {
      ws.send("a");
      ws.ping("b");
      ws.send("c");
      ws.send(new Uint8Array([100]));
      ws.send("e");
      ws.subscribe("all");
      made.publish("all", "f");
      ws.send("g");
      made.publish("all", "h");
      ws.send("i");
      ws.unsubscribe("all");
      ws.send("j".repeat(5000));
      ws.send("k");
      ws.close(4000);
      assert.equal(ws.send("l"), false);
    },
  });
  await serving(made, async (url) => {
    const client = await raw(url, "/");
    client.write(Buffer.from("818100000000" + "61", "hex"));
    const text = (content: string): string => "8101" + Buffer.from(content).toString("hex");
    const long = "817e1388" + "6a".repeat(5000);
    const expected = [
      text("a"),
      "890162",
      text("c"),
      "820164",
      text("e"),
      text("f"),
      text("g"),
      text("h"),
      text("i"),
      long,
      text("k"),
      CLOSE,
    ];
    assert.equal(await received(client), expected.join(""));
  });
});

test("what there is no room for follows in its order", async () => {
  const made = app();
  const outcomes = new Set<string>();
  made.websocket(
    "/",
    { sendQueueLimit: 1000 },
    {
      async open(ws) {
        let last: boolean | Promise<boolean> = true;
        // The longer ones find no room where a shorter one behind them would.
        for (let count = 0; count < 5000; count++) {
          last = ws.send(String(count).padEnd(count % 7 === 0 ? 300 : 1));
          outcomes.add(typeof last);
        }
        assert.equal(await last, true);
        ws.close();
      },
    },
  );
  const client = await made.connect("/");
  let count = 0;
  for await (const message of client) assert.equal(Number(message), count++);
  assert.equal(count, 5000);
  assert.deepEqual([...outcomes], ["boolean", "object"]);
});

test("handlers of several sockets that are read together answer their own", async () => {
  const made = app();
  made.websocket("/", { message: (ws, message) => void ws.send(message) });
  await serving(made, async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => made.connect("/")));
    for (let round = 0; round < 20; round++) {
      await Promise.all(clients.map((client, index) => client.send(`${round} ${index}`)));
      const answers = await Promise.all(clients.map((client) => client.receive()));
      assert.deepEqual(
        answers,
        clients.map((_, index) => `${round} ${index}`),
      );
    }
    await Promise.all(clients.map((client) => client.close()));
  });
});
