/** Files as answers. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { file, Sabir } from "sabir";

import { begin, eventually, Log, serving, TIMEOUT_MS } from "./serving.js";

const directory = mkdtempSync(join(tmpdir(), "sabir-files-"));
after(() => rmSync(directory, { recursive: true }));

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** Asks `app` in memory, and then over a socket. */
async function twice(app: Sabir, use: (ask: Ask) => Promise<void>): Promise<void> {
  await use((path, init) => app.request(path, init));
  await serving(app, (url) => use((path, init) => fetch(url + path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init })));
}

/** A file with the bytes from 0 to 250, again and again. */
function numbered(name: string, size: number): [path: string, content: Buffer] {
  const path = join(directory, name);
  const content = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251));
  writeFileSync(path, content);
  return [path, content];
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

for (const size of [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000]) {
  test(`sends a file of ${size} bytes`, async () => {
    const [path, content] = numbered("a b.TXT", size);
    const app = new Sabir();
    app.get("/file", () => file(path));
    app.get("/url", async ({ file }) =>
      file(pathToFileURL(path), { status: 203, headers: { etag: '"mine"' }, mediaType: "text/x" }),
    );
    app.get("/prepared", (context) => {
      context.header("x-a", "1").setCookie("a", "1");
      return context.file(path, { filename: "é.txt", disposition: "inline" });
    });
    await twice(app, async (ask) => {
      const found = await ask("/file");
      assert.deepEqual([found.status, found.headers.get("content-type")], [200, "text/plain; charset=utf-8"]);
      assert.equal(found.headers.get("content-length"), String(size));
      assert.match(found.headers.get("etag") ?? "", /^"/);
      assert.match(found.headers.get("last-modified") ?? "", /GMT$/);
      assert.ok((await bytesOf(found)).equals(content));
      const head = await ask("/file", { method: "HEAD" });
      assert.deepEqual([head.headers.get("content-length"), await head.text()], [String(size), ""]);
      const url = await ask("/url");
      const said = ["etag", "content-type"].map((name) => url.headers.get(name));
      assert.deepEqual([url.status, ...said, (await bytesOf(url)).equals(content)], [203, '"mine"', "text/x", true]);
      const prepared = await ask("/prepared");
      const fields = ["x-a", "set-cookie", "content-disposition"].map((name) => prepared.headers.get(name));
      assert.deepEqual(fields, ["1", "a=1; Path=/", "inline; filename*=UTF-8''%C3%A9.txt"]);
      await prepared.arrayBuffer();
    });
  });
}

test("sends parts of files and answers conditions", async () => {
  const [path, content] = numbered("film.mp4", 200_000);
  const app = new Sabir();
  app.get("/film", () => file(path));
  app.get("/missing", { status: 404 }, () => file(path));
  await twice(app, async (ask) => {
    const whole = await ask("/film");
    await whole.arrayBuffer();
    assert.equal(whole.headers.get("accept-ranges"), "bytes");
    const etag = whole.headers.get("etag") ?? "";
    const modified = whole.headers.get("last-modified") ?? "";
    const part = await ask("/film", { headers: { range: "bytes=1000-150000" } });
    assert.deepEqual([part.status, part.headers.get("content-range")], [206, "bytes 1000-150000/200000"]);
    assert.ok((await bytesOf(part)).equals(content.subarray(1000, 150_001)));
    const several = await ask("/film", { headers: { range: "bytes=0-1,-2" } });
    assert.equal(several.status, 206);
    assert.match(several.headers.get("content-type") ?? "", /^multipart\/byteranges; boundary=/);
    assert.equal((await bytesOf(several)).length, Number(several.headers.get("content-length")));
    const beyond = await ask("/film", { headers: { range: "bytes=200000-" } });
    assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, "bytes */200000"]);
    assert.equal(((await beyond.json()) as { type: string }).type, "urn:sabir:problem:range-not-satisfiable");
    for (const [headers, status] of [
      [{ "if-none-match": etag }, 304],
      [{ "if-modified-since": modified }, 304],
      [{ "if-match": '"other"' }, 412],
      [{ "if-unmodified-since": "Thu, 01 Jan 1970 00:00:01 GMT" }, 412],
      [{ range: "bytes=0-0", "if-range": etag }, 206],
      [{ range: "bytes=0-0", "if-range": '"other"' }, 200],
    ] as [Record<string, string>, number][]) {
      const answer = await ask("/film", { headers });
      assert.equal(answer.status, status, JSON.stringify(headers));
      const sent = await answer.text();
      if (status === 304) assert.deepEqual([sent, answer.headers.get("etag")], ["", etag]);
    }
    // What is said beside another status is not about the file as it is.
    const missing = await ask("/missing", { headers: { range: "bytes=0-0", "if-none-match": "*" } });
    assert.deepEqual([missing.status, (await bytesOf(missing)).length], [404, 200_000]);
  });
});

test("names what is saved, in the words of RFC 6266", async () => {
  const [path] = numbered("x", 1);
  const app = new Sabir();
  const NAMES: [name: string, field: string][] = [
    ["a.txt", 'attachment; filename="a.txt"'],
    ["a b.pdf", 'attachment; filename="a b.pdf"'],
    ["it's (1)*!.txt", 'attachment; filename="it\'s (1)*!.txt"'],
    ['a"b', "attachment; filename*=UTF-8''a%22b"],
    ["a\r\nb", "attachment; filename*=UTF-8''a%0D%0Ab"],
    ["50%.txt", "attachment; filename*=UTF-8''50%25.txt"],
    ["a\\b", "attachment; filename*=UTF-8''a%5Cb"],
    ["'(é)*!.txt", "attachment; filename*=UTF-8''%27%28%C3%A9%29%2A%21.txt"],
  ];
  const headers = { "Content-Disposition": "inline", "x-a": "1" };
  for (const [index, [filename]] of NAMES.entries()) app.get(`/${index}`, () => file(path, { filename, headers }));
  for (const [index, [, field]] of NAMES.entries()) {
    const answer = await app.request(`/${index}`);
    assert.deepEqual([answer.headers.get("content-disposition"), answer.headers.get("x-a")], [field, "1"]);
  }
});

test("what is no regular file is not found", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  const [pipe, listening, link, folder] = ["pipe", "socket", "link", "folder"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  execFileSync("mkfifo", [pipe]);
  mkdirSync(folder);
  symlinkSync(join(directory, "nowhere"), link);
  const server = createServer().listen(listening);
  await once(server, "listening");
  const paths = [folder, join(folder, "missing"), pipe, listening, link, "/dev/zero", "", "a\0b", "a".repeat(5000), "\ud800"];
  for (const [index, path] of paths.entries()) app.get(`/${index}`, () => file(path));
  await twice(app, async (ask) => {
    for (const index of paths.keys()) {
      const answer = await ask(`/${index}`);
      const type = answer.headers.get("content-type");
      assert.deepEqual([answer.status, type], [404, "application/problem+json"], paths[index]);
      assert.ok(!(await answer.text()).includes(directory));
    }
  });
  server.close();
  assert.deepEqual(logger.entries, []);
});

test("what is no path is a failure", async () => {
  const logger = new Log();
  const app = new Sabir({}, { logger });
  app.get("/url", () => file(new URL("http://a/b")));
  app.get("/number", () => file(7 as never));
  app.get("/status", () => file("a", { status: 99 }));
  app.get("/field", () => file("a", { headers: { "bad name": "1" } }));
  for (const path of ["url", "number", "status", "field"]) assert.equal((await app.request(`/${path}`)).status, 500);
  assert.equal(logger.entries.length, 4);
});

test("a client that leaves a file leaves no descriptor behind", async () => {
  const [path] = numbered("large", 20_000_000);
  const app = new Sabir();
  app.get("/", () => file(path));
  const descriptors = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
  await serving(app, async (url) => {
    const before = descriptors();
    const sockets = await Promise.all(Array.from({ length: 50 }, () => begin(url, "/")));
    await Promise.all(sockets.map((socket) => once(socket, "data")));
    for (const socket of sockets) socket.destroy();
    await eventually(() => descriptors() <= before + 2);
  });
});
