// The TypeScript in the documentation, checked and run as it stands there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import type { Application, Sabir } from "../src/index.js";
import { Program } from "./processes.js";
import { eventually } from "./serving.js";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const ROOT = join(PACKAGE, "../..");
const BUILD = join(PACKAGE, "build/docs");
const PAGES = {
  guide: join(ROOT, "docs/guide/node.md"),
  streams: join(ROOT, "docs/guide/node-streams.md"),
  hooks: join(ROOT, "docs/guide/node-hooks.md"),
  dependencies: join(ROOT, "docs/guide/node-dependencies.md"),
  documents: join(ROOT, "docs/guide/documents.md"),
  security: join(ROOT, "docs/guide/security.md"),
  observability: join(ROOT, "docs/guide/observability.md"),
  staticFiles: join(ROOT, "docs/guide/static-files.md"),
  package: join(PACKAGE, "README.md"),
  project: join(ROOT, "README.md"),
};
type Page = keyof typeof PAGES;

interface Refusal {
  readonly errors: readonly { readonly pointer: string; readonly keyword: string }[];
}

/** The blocks of a page as one module. Only the port differs, so that a test can run beside a server, and where a log is written. */
async function program(page: Page): Promise<string> {
  const text = await readFile(PAGES[page], "utf8");
  const blocks = Array.from(text.matchAll(/^```ts\n(.*?)^```/gms), ([, block = ""]) => block);
  assert.notEqual(blocks.length, 0, `${PAGES[page]} has no TypeScript`);
  const log = JSON.stringify(join(BUILD, "access.log"));
  return `${blocks.join("\n").replaceAll("port: 8000", "port: 0").replaceAll('"access.log"', log)}\nexport { app };\n`;
}

async function compile(): Promise<void> {
  await mkdir(BUILD, { recursive: true });
  for (const page of Object.keys(PAGES) as Page[]) await writeFile(join(BUILD, `${page}.ts`), await program(page));
  const options = { noUnusedLocals: true, noUnusedParameters: true, declaration: false };
  const configuration = { extends: join(ROOT, "tsconfig.base.json"), compilerOptions: options, include: ["*.ts"] };
  await writeFile(join(BUILD, "tsconfig.json"), JSON.stringify(configuration));
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  try {
    await promisify(execFile)(process.execPath, [join(dirname(manifest), "bin/tsc"), "-p", BUILD]);
  } catch (error) {
    assert.fail((error as { stdout?: string }).stdout ?? String(error));
  }
}

async function run(page: Page): Promise<Sabir> {
  const { app } = (await import(pathToFileURL(join(BUILD, `${page}.js`)).href)) as { app: Sabir };
  return app;
}

async function json(app: Application, path: string, init?: RequestInit): Promise<unknown> {
  return await (await app.request(path, init)).json();
}

function post(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

before(compile);

for (const page of ["package", "project"] as const) {
  describe(`the README of the ${page}`, () => {
    let app: Sabir;
    before(async () => void (app = await run(page)));
    after(() => app.close());

    it("has an application that works", async () => {
      assert.deepEqual(await json(app, "/users/7?limit=3"), { id: 7, limit: 3 });
      assert.deepEqual(await json(app, "/users/7"), { id: 7, limit: 10 });
      assert.equal((await app.request("/users/7?limit=0")).status, 422);
      assert.equal((await app.request("/orders", post({ sku: "TEA", quantity: 1 }))).status, 201);
      const problem = (await json(app, "/orders", post({ quantity: 0 }))) as Refusal;
      const found = problem.errors.map(({ pointer, keyword }) => [pointer, keyword]);
      assert.deepEqual(found.sort(), [
        ["", "required"],
        ["/quantity", "minimum"],
      ]);
    });
  });
}

describe("the guide", () => {
  let app: Sabir;
  before(async () => void (app = await run("guide")));
  after(() => app.close());

  it("finds its routes", async () => {
    assert.equal(app.urlFor("showStock", { sku: "TEA-0001", unit: "box" }), "/stock/TEA-0001/box");
    assert.deepEqual(await json(app, "/stock/TEA-0001/box"), ["TEA-0001", "box"]);
    assert.deepEqual(await json(app, "/v1/shelves/north/a/4"), { place: "north", next: 5 });
    assert.equal(await (await app.request("/v1/shelves/north")).text(), "all shelves of north");
    assert.equal(await (await app.request("/notes", { method: "REPORT" })).text(), "REPORT of all notes");
    assert.equal(await (await app.request("/proxy/a/b", { method: "PUT" })).text(), "PUT a/b");
    assert.deepEqual(await json(app, "/shipping/zones"), ["EU", "US"]);
  });

  for (const library of ["zod", "arktype", "valibot", "typebox", "json-schema"]) {
    it(`reads the schema of ${library}`, async () => {
      assert.equal(await json(app, `/by/${library}?limit=41`), 42);
      const calls = app.handlerCalls;
      assert.equal((await app.request(`/by/${library}?limit=0`)).status, 422);
      assert.equal(app.handlerCalls, calls);
    });
  }

  it("decodes parameters", async () => {
    const headers = { cookie: "session=1", "user-agent": "test" };
    const found = await json(app, "/products?order=cheapest&tag=a&tag=b&since=2026-02-01&price=1.5", { headers });
    const query = { order: "cheapest", tag: ["a", "b"], since: "2026-02-01", price: 1.5 };
    assert.deepEqual(found, { ...query, agent: "test", session: "1" });
    assert.equal(await json(app, "/days/1970-01-02"), 86_400_000);
    assert.equal((await app.request("/days/today")).status, 422);
    assert.deepEqual(await json(app, "/near?at=1.5,2"), [3, 4]);
  });

  it("takes bodies", async () => {
    const review = await app.request("/reviews", post({ text: "Good" }));
    assert.equal(review.status, 201);
    assert.deepEqual(await review.json(), { text: "Good", stars: 5, isGood: true });
    const fields = new URLSearchParams({ name: "Ada", password: "12345678" });
    const welcome = await app.request("/log-in", { method: "POST", body: fields });
    assert.equal(await welcome.text(), "Welcome, Ada.");
    const photo = new FormData();
    photo.append("title", "A");
    photo.append("photo", new Blob(["123"], { type: "image/png" }), "a.png");
    photo.append("more", new Blob(["4"]), "b.png");
    const described = { title: "A", bytes: 3, name: "a.png", more: 1 };
    assert.deepEqual(await json(app, "/photos", { method: "POST", body: photo }), described);
    const scan = new FormData();
    scan.append("scan", new Blob(["123"], { type: "image/tiff" }), "a.tiff");
    scan.append("preview", new Blob(["12"]), "b.tiff");
    scan.append("page", new Blob(["1"]), "c.tiff");
    assert.deepEqual(await json(app, "/scans", { method: "POST", body: scan }), ["image/tiff", 2, "c.tiff"]);
    const raw = (type: string) => ({ method: "PUT", headers: { "content-type": type }, body: "1" });
    assert.equal(await json(app, "/raw", raw("application/octet-stream")), 1);
    assert.equal((await app.request("/raw", raw("text/plain"))).status, 415);
  });

  it("answers", async () => {
    const session = await app.request("/sessions", { method: "POST" });
    assert.equal(session.status, 201);
    assert.equal(session.headers.get("cache-control"), "no-store");
    assert.equal(session.headers.get("set-cookie"), "session=s3cret; Path=/; Secure; HttpOnly; SameSite=Lax");
    const report = await app.request("/report", { headers: { accept: "text/csv" } });
    assert.equal(await report.text(), "sku,sold\nTEA-0001,7");
    assert.equal(report.headers.get("vary"), "accept");
    assert.deepEqual(await json(app, "/report"), [
      ["sku", "sold"],
      ["TEA-0001", "7"],
    ]);
    const old = await app.request("/old");
    assert.deepEqual([old.status, old.headers.get("location")], [302, "/report"]);
    const latest = await app.request("/reports/latest");
    assert.deepEqual([latest.status, latest.headers.get("location")], [303, "/report"]);
    const welcome = await app.request("/welcome");
    assert.deepEqual(
      [welcome.headers.get("content-type"), await welcome.text()],
      ["text/html; charset=utf-8", "<h1>Welcome</h1>"],
    );
    const stock = await app.request("/stock.txt");
    assert.deepEqual([stock.status, stock.headers.get("cache-control"), await stock.text()], [203, "max-age=60", "TEA-0001: 7"]);
    const name = (text: string) => app.request(`/names/${text}`, { method: "PUT" });
    assert.equal(((await (await name("ada")).json()) as { detail: string }).detail, "The name is taken.");
    const reserved = (await (await name("root")).json()) as { type: string; name: string };
    assert.deepEqual([reserved.type, reserved.name], ["https://example.com/problems/reserved", "root"]);
    assert.equal((await name("eve")).status, 204);
  });

  it("shows the request and ends what takes too long", async () => {
    const searched = await json(app, "/search?filter[sku]=TEA&limit=3");
    assert.deepEqual(searched, { names: ["sku"], limit: 3 });
    assert.equal(await json(app, "/totals?tea=2&coffee=3"), 5);
    const about = { route: "/about", host: "sabir.test", url: "http://sabir.test/about" };
    assert.deepEqual(await json(app, "/about"), about);
    assert.equal((await app.request("/slow")).status, 504);
  });
});

describe("the page on streams", () => {
  let app: Sabir;
  before(async () => void (app = await run("streams")));
  after(() => app.close());

  const answered = async (path: string, init?: RequestInit): Promise<[type: string | null, text: string]> => {
    const answer = await app.request(path, init);
    return [answer.headers.get("content-type"), await answer.text()];
  };

  it("sends streams", async () => {
    assert.deepEqual(await answered("/countdown"), ["text/plain; charset=utf-8", "3\n2\n1\n"]);
    const squares = '{"n":1,"square":1}\n{"n":2,"square":4}\n{"n":3,"square":9}\n';
    assert.deepEqual(await answered("/squares"), ["application/jsonl", squares]);
    assert.deepEqual(await answered("/export"), ["text/csv", "sku,sold\nTEA-0001,7\n"]);
    const sales = '{"sku":"TEA-0001","sold":7}\n{"sku":"TEA-0002","sold":0}\n';
    assert.deepEqual(await answered("/sales"), ["application/jsonl", sales]);
    assert.equal((await app.request("/orders/0/log")).status, 404);
  });

  it("sends events", async () => {
    const ticks = 'id: 3\ndata: {"n":3}\n\n';
    assert.deepEqual(await answered("/ticks", { headers: { "last-event-id": "2" } }), ["text/event-stream", ticks]);
    const words = 'event: first\ndata: {"word":"port"}\n\nretry: 2000\ndata: {"word":"sea"}\n\n';
    assert.deepEqual(await answered("/words"), ["text/event-stream", words]);
    assert.deepEqual(await answered("/chat", post({ text: "a b" })), ["text/event-stream", "data: a\n\ndata: b\n\n"]);
  });

  it("takes content while it arrives", async () => {
    const lines = {
      method: "POST",
      headers: { "content-type": "application/jsonl" },
      body: '{"sku":"TEA","sold":2}\n{"sku":"SEA","sold":3}',
    };
    assert.deepEqual(await json(app, "/imports", lines), { sold: 5 });
    const form = new FormData();
    form.append("a", "hello");
    form.append("b", new Blob(["x".repeat(1000)]), "b.txt");
    assert.deepEqual(await json(app, "/uploads", { method: "POST", body: form }), { a: 5, b: 1000 });
  });

  it("opens sockets", async () => {
    const socket = await app.connect("/echo");
    await socket.send("hello");
    assert.equal(await socket.receive(), "hello");
    await socket.close();
  });

  it("publishes on channels", async () => {
    const events = await app.request("/rooms/b/events");
    const [ada, bob] = [await app.connect("/rooms/b"), await app.connect("/rooms/b")];
    await eventually(() => app.presence("b") === 3);
    await ada.send({ kind: "say", text: "hi" });
    assert.deepEqual(await bob.receiveJson(), { from: "somebody", text: "hi" });
    await ada.close();
    assert.deepEqual(await bob.receiveJson(), { from: "somebody", text: "has left (1000)" });
    await bob.close();
    const chunk = await events.body?.getReader().read();
    assert.match(new TextDecoder().decode(chunk?.value), /^id: \S+-1\ndata: \{"from":"somebody","text":"hi"\}\n\n/);
  });

  it("sends files", async () => {
    const report = await app.request("/reports/2026", { headers: { range: "bytes=0-2" } });
    assert.deepEqual([report.status, await report.text()], [206, "sku"]);
    const saved = "attachment; filename*=UTF-8''Verk%C3%A4ufe%202026.csv";
    assert.equal(report.headers.get("content-disposition"), saved);
    assert.equal((await app.request("/reports/2025")).status, 404);
  });
});

describe("the page on hooks", () => {
  let app: Sabir;
  before(async () => void (app = await run("hooks")));
  after(() => app.close());

  it("answers", async () => {
    const secrets = await app.request("/secrets", { headers: { origin: "https://shop.example" } });
    assert.deepEqual([secrets.status, await secrets.text()], [404, "<h1>404: nothing is here</h1>"]);
    assert.match(secrets.headers.get("server-timing") ?? "", /^app;dur=/);
    assert.equal(secrets.headers.get("access-control-allow-origin"), "https://shop.example");
    assert.equal((await app.request("/nowhere")).headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal((await app.request("/dice/1")).status, 400);
    assert.equal((await app.request("/dice/6", { headers: { "x-banned": "1" } })).status, 403);
    assert.match(await (await app.request("/request")).text(), /^[0-9a-f]{16}$/);
    assert.equal((await app.request("/admin/users")).status, 403);
    const users = await app.request("/admin/users", { headers: { "x-admin": "1" } });
    assert.deepEqual([users.headers.get("cache-control"), await users.json()], ["no-store", ["ada"]]);
    const socket = await app.connect("/admin/log", { headers: { "x-admin": "1" } });
    assert.equal(await socket.receive(), "welcome");
    assert.deepEqual(await json(app, "/health"), { ok: true });
    assert.equal(await json(app, "/prices/TEA-0001"), 7);
  });
});

describe("the page on dependencies", () => {
  let app: Sabir;
  before(async () => void (app = await run("dependencies")));
  after(() => app.close());

  it("answers", async () => {
    const headers = { authorization: "s3cret" };
    assert.equal(await (await app.request("/me", { headers })).text(), "ada");
    assert.equal((await app.request("/me")).status, 401);
    assert.equal(await (await app.request("/public")).text(), "for all");
    assert.equal(await (await app.request("/members", { headers })).text(), "Hello, ada!");
    assert.equal((await app.request("/members")).status, 401);
    assert.equal((await app.request("/orders/TEA", { method: "PUT" })).status, 201);
    assert.equal((await app.request("/orders/odd", { method: "PUT" })).status, 500);
    assert.deepEqual([await json(app, "/count"), await json(app, "/count")], [1, 2]);
    assert.equal((await app.request("/mails", { method: "POST" })).status, 202);
    await eventually(() => app.backgroundCount === 0);
  });
});

/** A directory of a user's: it has the package and what else the pages import, and nothing of this project around it. */
async function project(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "sabir-docs-"));
  await mkdir(join(directory, "node_modules/@valibot"), { recursive: true });
  await symlink(PACKAGE, join(directory, "node_modules/sabir"));
  for (const name of ["zod", "arktype", "valibot", "@valibot/to-json-schema", "typebox"]) {
    const [found] = [join(PACKAGE, "node_modules", name), join(ROOT, "node_modules", name)].filter((path) => existsSync(path));
    await symlink(found ?? "", join(directory, "node_modules", name));
  }
  return directory;
}

/** A page as JavaScript, which ends when it has run. */
async function ending(page: Page): Promise<string> {
  const text = await readFile(join(BUILD, `${page}.js`), "utf8");
  return `${text.replace("export { app };", "")}\nawait app.close();\nconsole.log("The end.");\n`;
}

/** The same as a CommonJS module, which knows no await outside of functions. */
function commonjs(text: string): string {
  const required = text.replace(/^import (\{.*?\}|\w+) from ("[^"]+");$/gm, "const $1 = require($2);");
  assert.doesNotMatch(required, /^import /m);
  return `(async () => {\n${required}\n})();\n`;
}

describe("the guide to documents", () => {
  it("has an application that shows itself", async () => {
    const app = await run("documents");
    assert.equal((await app.request("/docs")).status, 200);
    const { paths } = (await json(app, "/openapi.json")) as { paths: Record<string, { get: { summary: string } }> };
    assert.equal(paths["/orders/{id}"]?.get.summary, "Show an order.");
    assert.deepEqual(await json(app, "/orders/7"), { id: 7 });
    await app.close();
  });
});

describe("the guide to security", () => {
  it("has an application that knows who asks", async () => {
    const app = await run("security");
    const refused = await app.request("/orders", { headers: { origin: "https://shop.example" } });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get("access-control-allow-origin"), "https://shop.example");
    assert.ok(refused.headers.has("ratelimit"));
    const headers = { "x-api-key": "s3cret" };
    assert.deepEqual(await json(app, "/orders", { headers }), { asked_by: "ci" });
    const health = await app.request("/health");
    assert.equal(await health.text(), "fine");
    assert.ok(!health.headers.has("ratelimit"));
    await app.close();
  });
});

describe("the guide to logs and traces", () => {
  it("has an application that knows its traces", async () => {
    const app = await run("observability");
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const answer = await json(app, "/orders/7", { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    // In memory nobody is of a private network.
    assert.match(String((answer as { trace_id: string }).trace_id), /^[0-9a-f]{32}$/);
    assert.equal(await (await app.request("/health")).text(), "fine");
    await app.close();
  });
});

describe("the guide to files", () => {
  it("has an application that sends them, and redirects", async () => {
    const app = await run("staticFiles");
    const page = await app.request("/cart", { headers: { accept: "text/html" } });
    assert.equal(await page.text(), "<h1>The shop</h1>");
    assert.deepEqual(await json(app, "/orders/7"), { id: 7 });
    const moved = await app.request("/articles/7", { redirect: "manual" });
    assert.deepEqual([moved.status, moved.headers.get("location")], [301, "/orders/7"]);
    assert.equal((await app.request("/app.js", { headers: { accept: "text/html" } })).status, 404);
    await app.close();
  });
});

describe("in a process and a directory of its own", () => {
  let directory: string;
  before(async () => void (directory = await project()));
  after(() => rm(directory, { recursive: true }));

  const runs = async (name: string, text: string): Promise<void> => {
    const path = join(directory, name);
    await writeFile(path, text);
    const { code, stdout, stderr } = await new Program([path], {}, directory).ended();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /The end\.\n$/);
  };
  for (const page of Object.keys(PAGES) as Page[]) {
    it(`the ${page} runs as an ES module`, async () => await runs(`${page}.mjs`, await ending(page)));
  }
  // Not the guide: some of the libraries that it shows are ES modules only.
  for (const page of ["package", "project"] as const) {
    it(`the ${page} runs as a CommonJS module`, async () => await runs(`${page}.cjs`, commonjs(await ending(page))));
  }
});
