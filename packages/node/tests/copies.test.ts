/** The copies of the package for the two module systems, in one program. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import * as module from "sabir";
import { z } from "zod";

import { Log } from "./serving.js";

const required = createRequire(import.meta.url)("sabir") as typeof module;

for (const [name, own, other] of [
  ["an ES module", module, required],
  ["a CommonJS module", required, module],
] as const) {
  test(`${name} understands what the other copy makes`, async () => {
    assert.notEqual(own.Sabir, other.Sabir);
    const app = new own.Sabir({}, { logger: new Log() });
    app.get("/thrown", () => {
      throw new other.Conflict("taken", { headers: { "x-a": "1" } });
    });
    app.get("/returned", () => new other.Problem(418));
    app.get("/answer", () => new other.Response("text", { status: 201, cookies: [{ name: "a", value: "1" }] }));
    const guest = new other.Sabir();
    let started = 0;
    guest.onStart(() => (started += 1));
    guest.converter("two", "[ab]", { type: "string" }).get("/{letter:two}", ({ params }) => new other.Response(params));
    app.mount("/guest", guest);
    const thrown = await app.request("/thrown");
    assert.deepEqual([thrown.status, thrown.headers.get("x-a")], [409, "1"]);
    assert.equal((await app.request("/returned")).status, 418);
    const replied = await app.request("/answer");
    assert.deepEqual([replied.status, replied.headers.get("set-cookie"), await replied.text()], [201, "a=1; Path=/", "text"]);
    assert.deepEqual(await (await app.request("/guest/a")).json(), { letter: "a" });
    assert.equal(started, 1);
  });

  test(`instanceof of ${name} knows objects of the other copy, and no others`, () => {
    const conflict = new other.Conflict("taken");
    assert.ok(conflict instanceof own.Conflict && conflict instanceof own.Problem && conflict instanceof Error);
    assert.ok(!(conflict instanceof own.NotFound) && !(conflict instanceof own.Response));
    class Mine extends own.Problem {}
    assert.ok(!(conflict instanceof Mine) && !(new own.Problem(400) instanceof Mine));
    assert.ok(new Mine(400) instanceof Mine && new Mine(400) instanceof own.Problem && new Mine(400) instanceof other.Problem);
    assert.ok(new other.Response() instanceof own.Response);
    assert.ok(new other.Sabir() instanceof own.Sabir && new other.Sabir() instanceof own.Application);
    assert.throws(
      () => new other.Sabir({ none: 1 } as never),
      (error) => error instanceof own.SetupError && error.field === "none",
    );
    for (const value of [undefined, null, 1, "", {}, [], () => 1, Object.create(null)]) {
      for (const type of [own.Problem, own.Response, own.Sabir, own.UploadFile]) assert.ok(!((value as object) instanceof type));
    }
  });
}

test("files that one copy received are files of the other", async () => {
  const form = {
    type: "object",
    properties: { file: { type: "string", format: "binary" } },
    required: ["file"],
  } as const;
  const app = new module.Sabir();
  app.post("/", { form }, ({ body }) => [
    (body.file as unknown) instanceof required.UploadFile,
    body.file instanceof module.UploadFile,
  ]);
  const body = new FormData();
  body.append("file", new Blob(["a"]), "a.txt");
  assert.deepEqual(await (await app.request("/", { method: "POST", body })).json(), [true, true]);
});

test("a schema of zod may ask for the files of either copy", async () => {
  for (const { UploadFile } of [module, required]) {
    const form = z.object({ file: z.instanceof(UploadFile) });
    for (const app of [new module.Sabir(), new required.Sabir()]) {
      app.post("/", { form }, ({ body }) => body.file.text());
      const body = new FormData();
      body.append("file", new Blob(["a"]), "a.txt");
      assert.equal(await (await app.request("/", { method: "POST", body })).text(), "a");
    }
  }
});
