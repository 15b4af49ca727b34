/** Files of forms as zod's schemas ask for them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir, SetupError, UploadFile } from "sabir";
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

const Side = z.object({ side: z.literal("front"), front: z.file() });
const Others = z.object({ side: z.literal("back"), back: z.file(), more: z.instanceof(Uint8Array).optional() });
interface Tree {
  file: File;
  child?: Tree | undefined;
}
const Tree: z.ZodType<Tree> = z.object({ file: z.file(), child: z.lazy(() => Tree).optional() });

/** Schemas with files within other schemas, the parts of a form, and what the handler gets of it. */
const WITHIN: [name: string, form: z.ZodType, parts: [name: string, content: string][], expected: unknown][] = [
  ["a union", z.object({ a: z.union([z.file(), z.string()]) }), [["a", "1"]], { a: "File 1" }],
  ["one or several", z.object({ a: z.union([z.file(), z.array(z.file())]) }), [["a", "1"]], { a: "File 1" }],
  [
    "several or one",
    z.object({ a: z.file().or(z.array(z.file())) }),
    [
      ["a", "1"],
      ["a", "2"],
    ],
    { a: ["File 1", "File 2"] },
  ],
  ["a union of objects", z.union([Side.omit({ side: true }), Others.omit({ side: true })]), [["back", "1"]], { back: "File 1" }],
  [
    "a discriminated union",
    z.discriminatedUnion("side", [Side, Others]),
    [
      ["back", "1"],
      ["more", "2"],
      ["side", "back"],
    ],
    { side: "back", back: "File 1", more: "Uint8Array 2" },
  ],
  ["a lazy schema", z.lazy(() => z.object({ a: z.lazy(() => z.file()) })), [["a", "1"]], { a: "File 1" }],
  [
    "a schema that contains itself",
    Tree,
    [
      ["file", "1"],
      ["child[file]", "2"],
      ["child[child][file]", "3"],
    ],
    { file: "File 1", child: { file: "File 2", child: { file: "File 3" } } },
  ],
  [
    "an intersection",
    z.object({ a: z.file() }).and(z.object({ b: z.file() })),
    [
      ["a", "1"],
      ["b", "2"],
    ],
    { a: "File 1", b: "File 2" },
  ],
  [
    "a tuple",
    z.object({ a: z.tuple([z.file(), z.instanceof(Uint8Array)]) }),
    [
      ["a", "1"],
      ["a", "2"],
    ],
    { a: ["File 1", "Uint8Array 2"] },
  ],
  [
    "a tuple with a rest",
    z.object({ a: z.tuple([z.file()], z.file()) }),
    [
      ["a", "1"],
      ["a", "2"],
    ],
    { a: ["File 1", "File 2"] },
  ],
  [
    "a record",
    z.record(z.string(), z.file()),
    [
      ["a", "1"],
      ["b", "2"],
    ],
    { a: "File 1", b: "File 2" },
  ],
  [
    "names that are not declared",
    z.object({ a: z.file() }).catchall(z.file()),
    [
      ["a", "1"],
      ["b", "2"],
    ],
    { a: "File 1", b: "File 2" },
  ],
  ["a nested object", z.object({ a: z.object({ b: z.file() }) }), [["a[b]", "1"]], { a: { b: "File 1" } }],
  ["preprocessing", z.object({ a: z.preprocess((file) => file, z.file()) }), [["a", "1"]], { a: "File 1" }],
  ["a transform", z.object({ a: z.file().transform((file) => [file]) }), [["a", "1"]], { a: ["File 1"] }],
  ["wrappers", z.object({ a: z.file().nullable().optional().readonly().describe("A file") }), [["a", "1"]], { a: "File 1" }],
];

/** What a handler got, with files and bytes as text. */
async function told(value: unknown): Promise<unknown> {
  if (value instanceof File) return `File ${await value.text()}`;
  if (value instanceof UploadFile) return `UploadFile ${await value.text()}`;
  if (value instanceof Uint8Array) return `Uint8Array ${new TextDecoder().decode(value)}`;
  if (Array.isArray(value)) return await Promise.all(value.map(told));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, part]) => [name, await told(part)])));
}

for (const [name, schema, parts, expected] of WITHIN) {
  test(`gives files of the platform within ${name}`, async () => {
    const app = new Sabir();
    app.post("/", { form: schema }, async ({ body }) => await told(body));
    const body = new FormData();
    for (const [part, content] of parts) {
      if (part === "side") body.append(part, content);
      else body.append(part, new Blob([content]), "a.txt");
    }
    assert.deepEqual(await (await app.request("/", { method: "POST", body })).json(), expected);
  });
}

test("refuses files of several classes at one place, and files where there are none", () => {
  const either = z.union([z.file(), z.instanceof(UploadFile)]);
  const mistake = (options: object): SetupError => {
    try {
      new Sabir().post("/{a}", options, () => 1);
    } catch (error) {
      assert.ok(error instanceof SetupError, String(error));
      return error;
    }
    return assert.fail("there is no error");
  };
  assert.match(
    mistake({ form: z.object({ a: either }) }).message,
    /^POST \/\{a\}: form: one place may have files of several classes;/,
  );
  for (const file of [z.file(), z.instanceof(UploadFile), z.instanceof(Uint8Array), z.instanceof(File)]) {
    for (const place of ["body", "query", "params", "headers", "cookies"]) {
      const { field, message } = mistake({ [place]: z.object({ a: file }) });
      assert.equal(field, `${place}.properties.a`);
      assert.match(message, /there are no files here, and none becomes bytes; use the option `form`/);
    }
  }
});
