/** Which host a request is for, however the client says so. */

import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";

import { Sabir } from "sabir";

function app(): Sabir {
  return new Sabir().get("/", ({ request }) => [request.url, request.header("host"), request.headers.get("host")]);
}

test("takes the authority of HTTP/2 for the host", async () => {
  const served = app();
  const { address } = await served.listen({ port: 0 });
  const session = connect(`http://${address}`);
  try {
    const stream = session.request({ ":path": "/", ":authority": "shop.example:8080" });
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
    assert.deepEqual(JSON.parse(text), ["http://shop.example:8080/", "shop.example:8080", "shop.example:8080"]);
  } finally {
    session.close();
    await served.close();
  }
});

test("answers requests in memory that name their host, and those that do not", async () => {
  const named = await app().request("/", { headers: { host: "shop.example" } });
  assert.deepEqual(await named.json(), ["http://shop.example/", "shop.example", "shop.example"]);
  const request = new Request("http://shop.example:8080/", { headers: { Host: "shop.example:8080" } });
  assert.deepEqual(await (await app().fetch(request)).json(), [
    "http://shop.example:8080/",
    "shop.example:8080",
    "shop.example:8080",
  ]);
  const unnamed = await app().fetch(new Request("http://shop.example:8080/"));
  assert.deepEqual(((await unnamed.json()) as string[])[1], "shop.example:8080");
});

test("serves as the fetch of another server", { skip: !("Bun" in globalThis) }, async () => {
  interface Server {
    readonly port: number;
    stop(force: boolean): Promise<void>;
  }
  const { Bun } = globalThis as unknown as { Bun: { serve(options: object): Server } };
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app().fetch });
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    assert.equal(answer.status, 200);
    assert.deepEqual(((await answer.json()) as string[])[1], `127.0.0.1:${server.port}`);
  } finally {
    await server.stop(true);
  }
});
