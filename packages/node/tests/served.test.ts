import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

import { apiKey, Router, Sabir, securityHeaders, SetupError } from "sabir";

describe("folders and redirects", () => {
  const directory = mkdtempSync(join(tmpdir(), "sabir-"));
  writeFileSync(join(directory, "a.txt"), "hello");
  after(() => rmSync(directory, { recursive: true }));

  it("stand in routers", async () => {
    const app = new Sabir();
    const key = app.security("key", apiKey({ header: "x-api-key", keys: { ci: "s3cret" } }));
    const router = new Router({ prefix: "/files", use: [securityHeaders()], security: [key] });
    router.static("/own", { directory });
    router.redirect("/old/{name}", "/api/files/own/{name}", { security: [{}], use: [securityHeaders(false)] });
    app.mount("/api", router);
    assert.equal((await app.request("/api/files/own/a.txt")).status, 401);
    const found = await app.request("/api/files/own/a.txt", { headers: { "x-api-key": "s3cret" } });
    assert.deepEqual([await found.text(), found.headers.get("x-content-type-options")], ["hello", "nosniff"]);
    const moved = await app.request("/api/files/old/a.txt", { redirect: "manual" });
    assert.equal(moved.headers.get("location"), "/api/files/own/a.txt");
    assert.equal(moved.headers.has("x-content-type-options"), false);
    assert.equal(app.handlerCalls, 0);
  });

  it("come with an application that is mounted", async () => {
    const inner = new Sabir();
    inner.use(securityHeaders());
    inner.static("/", { directory });
    const app = new Sabir();
    app.mount("/inner", inner);
    assert.equal((await app.request("/inner/a.txt")).headers.get("x-content-type-options"), "nosniff");
    assert.equal((await app.request("/a.txt")).status, 404);
  });

  it("show hooks on errors what is missing, and nothing else", async () => {
    const app = new Sabir();
    app.static("/", { directory });
    const seen: number[] = [];
    app.onError(404, (context) => {
      seen.push(404);
      return context.text("There is nothing here.", 404);
    });
    assert.equal(await (await app.request("/none.txt")).text(), "There is nothing here.");
    assert.equal(await (await app.request("/a.txt")).text(), "hello");
    assert.equal((await app.request("/a.txt", { method: "POST" })).status, 405);
    assert.deepEqual(seen, [404]);
  });

  it("refuse what does not fit", () => {
    const app = new Sabir();
    const mistakes: [() => unknown, string, string][] = [
      [() => app.static("assets", { directory }), "static assets", "path"],
      [() => app.static("/assets", { directory: join(directory, "none") }), "static /assets", "directory"],
      [() => app.static("/assets", { directory, cacheControl: "a\nb" }), "static /assets", "cacheControl"],
      [() => app.static("/assets", { directory, cache_control: "no-store" } as never), "static /assets", "cache_control"],
      [() => app.redirect("/old", "new"), "redirect /old", "to"],
      [() => app.redirect("/old", "/new", { status: 200 }), "redirect /old", "status"],
    ];
    for (const [add, route, field] of mistakes) {
      assert.throws(add, (error: unknown) => {
        assert.ok(error instanceof SetupError);
        assert.deepEqual([error.route, error.field], [route, field]);
        return true;
      });
    }
    app.static("/assets", { directory });
  });
});
