// Generated from testing_data by `./task generate`. Do not edit.
import { join } from "node:path";
import { file, Problem, Sabir, compression, etag } from "sabir";
import { check } from "../support/index.js";

// Content that is at hand has a tag, the same for the same content, and a client that has it is told so.
check("etag/answers_have_tags", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/a", () => "hello");
  app.get("/b", () => "other");
  app.get("/json", () => ({ a: 1 }));
  return app;
});

// A client that wants another version than there is gets none.
check("etag/conditions_that_do_not_hold", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/a", () => "hello");
  return app;
});

// Files have tags of their own, which conditions are about.
check("etag/files", (folder) => {
  const app = new Sabir();
  app.use(etag());
  app.get("/file", () => file(join(folder, "a.txt"), { headers: { etag: '"v1"' } }));
  app.get("/plain", () => "hello");
  return app;
});

// A tag and a date of the handler stay, and conditions are about them.
check("etag/handlers_come_first", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/tag", (context) => context.text("hello", { headers: { etag: '"v1"' } }));
  app.get("/date", (context) =>
    context.text("hello", {
      headers: { "last-modified": "Sun, 06 Nov 1994 08:49:37 GMT", "cache-control": "no-store" },
    }),
  );
  app.get("/plain", () => "hello");
  return app;
});

// HEAD has the tag of GET, and conditions count for it.
check("etag/head_has_the_same_tag", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/a", () => "hello");
  return app;
});

// A route may be the only one whose answers have tags.
check("etag/only_a_route", () => {
  const app = new Sabir();
  app.get("/a", () => "hello");
  app.get("/own", { use: [etag()] }, () => "hello");
  return app;
});

// Answers to other methods, other statuses, streams, and what nobody may keep have no tag, and no condition.
check("etag/other_answers_have_none", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/a", () => "hello");
  app.post("/a", () => "hello");
  app.get("/made", (context) => context.text("hello", 201));
  app.get("/secret", (context) =>
    context.text("hello", { headers: { "cache-control": "private, no-store" } }),
  );
  app.get("/lines", async function* () {
    yield 1;
  });
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  app.get("/raise", () => {
    throw new Problem(409);
  });
  return app;
});

// A route has weak tags, or none.
check("etag/routes_differ", () => {
  const app = new Sabir();
  app.use(etag());
  app.get("/a", () => "hello");
  app.get("/weak", { use: [etag({ weak: true })] }, () => "hello");
  app.get("/none", { use: [etag(false)] }, () => "hello");
  return app;
});

// Tags may be weak.
check("etag/weak_tags", () => {
  const app = new Sabir();
  app.use(etag({ weak: true }));
  app.get("/a", () => "hello");
  return app;
});

// The tag is that of the content before it is compressed, and weak then.
check("etag/with_compression", () => {
  const app = new Sabir();
  app.use(etag(), compression());
  app.get("/a", () => "abcdefgh ".repeat(300));
  return app;
});
