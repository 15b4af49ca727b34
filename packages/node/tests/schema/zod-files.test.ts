/** Files of forms as zod's schemas ask for them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir, UploadFile } from "sabir";
import { z } from "zod";

import { serving } from "../serving.js";

function form(...parts: [name: string, content: string, filename: string, type?: string][]): FormData {
  const body = new FormData();
  for (const [name, content, filename, type] of parts)
    body.append(name, new Blob([content], { type: type ?? "text/plain" }), filename);
  body.append("title", "A");
  return body;
}

test("gives files, bytes and uploads to handlers, in memory and over a socket", async () => {
  const schema = z.object({
    title: z.string(),
    file: z.file().max(10).mime("image/png"),
    bytes: z.instanceof(Uint8Array),
    upload: z.instanceof(UploadFile).optional(),
    more: z.array(z.instanceof(File)).default([]),
  });
  const app = new Sabir();
  app.post("/", { form: schema }, async ({ body }) => ({
    title: body.title,
    file: [body.file instanceof File, body.file.name, body.file.type, await body.file.text()],
    bytes: [body.bytes instanceof Uint8Array, new TextDecoder().decode(body.bytes)],
    upload: [body.upload instanceof UploadFile, body.upload?.filename ?? null],
    more: await Promise.all(body.more.map((file) => file.text())),
  }));
  const send = (): FormData =>
    form(
      ["file", "123", "a.png", "image/png"],
      ["bytes", "45", "b.bin"],
      ["upload", "6", "c.txt"],
      ["more", "7", "d"],
      ["more", "8", "e"],
    );
  const expected = {
    title: "A",
    file: [true, "a.png", "image/png", "123"],
    bytes: [true, "45"],
    upload: [true, "c.txt"],
    more: ["7", "8"],
  };
  assert.deepEqual(await (await app.request("/", { method: "POST", body: send() })).json(), expected);
  await serving(app, async (url) => {
    assert.deepEqual(await (await fetch(url, { method: "POST", body: send() })).json(), expected);
  });
});

test("refuses what is no such file", async () => {
  const app = new Sabir();
  app.post("/", { form: z.object({ title: z.string(), file: z.file().max(3).mime("image/png") }) }, ({ body }) => body.file.size);
  const errors = async (body: FormData): Promise<unknown> => {
    const answer = await app.request("/", { method: "POST", body });
    if (answer.status === 200) return await answer.json();
    const problem = (await answer.json()) as { errors: { pointer: string; keyword: string }[] };
    return problem.errors.map(({ pointer, keyword }) => `${answer.status} ${pointer} ${keyword}`);
  };
  assert.equal(await errors(form(["file", "123", "a.png", "image/png"])), 3);
  assert.deepEqual(await errors(form(["file", "1234", "a.png", "image/png"])), ["422 /file custom"]);
  assert.deepEqual(await errors(form(["file", "123", "a.txt", "text/css"])), ["422 /file custom"]);
  const text = form();
  text.append("file", "no file");
  assert.equal(((await errors(text)) as unknown[]).length, 1);
});

test("a schema of bytes says what is sent", async () => {
  const app = new Sabir();
  app.post(
    "/",
    { form: z.object({ title: z.string(), data: z.instanceof(Uint8Array).refine((data) => data.length > 1) }) },
    ({ body }) => {
      return body.data.length;
    },
  );
  assert.equal(await (await app.request("/", { method: "POST", body: form(["data", "12", "a"]) })).json(), 2);
  assert.equal((await app.request("/", { method: "POST", body: form(["data", "1", "a"]) })).status, 422);
  assert.equal((await app.request("/", { method: "POST", body: new URLSearchParams({ title: "a", data: "12" }) })).status, 415);
});
