/** What requests take in memory: about what was sent, once. */

import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";

import { Program, written } from "./processes.js";

const COUNT = 50;
const SIZE = 5_000_000;

const SERVER = `
  import { readFileSync } from "node:fs";
  import { Sabir } from "sabir";
  const app = new Sabir({ bodyLimit: 10_000_000, partLimit: 10_000_000, fileMemoryLimit: 10_000_000 });
  const binary = { type: "string", format: "binary" };
  const content = { "application/octet-stream": { schema: binary } };
  const Text = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
  const Form = { type: "object", properties: { file: binary }, required: ["file"] };
  app.post("/bytes", { requestBody: { required: true, content } }, async ({ request, body }) => [body.length, (await request.bytes()).length]);
  app.post("/json", { body: Text }, ({ body }) => body.text.length);
  app.post("/form", { form: Form }, async ({ body }) => (await body.file.bytes()).length);
  app.get("/peak", () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024);
  console.log((await app.listen({ port: 0 })).address);
`;

const content = Buffer.alloc(SIZE, "a");
const PART = 'content-disposition: form-data; name="file"; filename="a"\r\ncontent-type: application/octet-stream\r\n\r\n';
const BODIES: Record<string, [string, Buffer]> = {
  bytes: ["application/octet-stream", content],
  json: ["application/json", Buffer.concat([Buffer.from('{"text":"'), content, Buffer.from('"}')])],
  form: [
    "multipart/form-data; boundary=b",
    Buffer.concat([Buffer.from(`--b\r\n${PART}`), content, Buffer.from("\r\n--b--\r\n")]),
  ],
};

/** Sends bodies at once over one connection of HTTP/2, and gives the statuses. */
async function upload(url: string, path: string, type: string, body: Buffer): Promise<Set<number>> {
  const session = connect(url);
  const send = async (): Promise<number> =>
    await new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "POST", ":path": path, "content-type": type });
      let status = 0;
      stream.on("response", (headers) => (status = Number(headers[":status"])));
      stream.on("error", reject).on("end", () => resolve(status));
      stream.resume().end(body);
    });
  try {
    return new Set(await Promise.all(Array.from({ length: COUNT }, send)));
  } finally {
    session.close();
  }
}

for (const [kind, [type, body]] of Object.entries(BODIES)) {
  test(`many large uploads as ${kind} are in memory once`, { skip: process.platform !== "linux" }, async () => {
    const program = new Program([written(SERVER)]);
    try {
      const url = `http://${await program.line()}`;
      const peak = async (): Promise<number> => (await (await fetch(`${url}/peak`)).json()) as number;
      const before = await peak();
      assert.deepEqual(await upload(url, `/${kind}`, type, body), new Set([200]));
      const taken = (await peak()) - before;
      // In this time a part of them is in memory as text and as a string as well, and the chunks of others.
      assert.ok(taken < 2 * COUNT * SIZE, `${Math.round(taken / 1e6)} MB`);
    } finally {
      program[Symbol.dispose]();
    }
  });
}
