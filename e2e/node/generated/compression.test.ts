// Generated from testing_data by `./task generate`. Do not edit.
import { join } from "node:path";
import { file, Problem, Sabir, cors, compression } from "sabir";
import { check } from "../support/index.js";

// Answers without content, and parts of content, stay as they are.
check("compression/answers_without_content", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", () => "abcdefgh ".repeat(300));
  app.get("/none", (context) => context.status(204));
  app.get("/part", (context) =>
    context.text("abcdefgh ".repeat(300), 206, { "content-range": "bytes 0-2699/9000" }),
  );
  return app;
});

// A client that refuses content without a coding gets one that it takes, whatever the content is, or is told
// that there is none before the handler runs.
check("compression/content_without_a_coding_may_be_refused", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/small", () => "a");
  return app;
});

// The tag of content that is compressed is weak, also where the client has it already.
check("compression/entity_tags_become_weak", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", (context) => context.text("abcdefgh ".repeat(300), { headers: { etag: '"v1"' } }));
  app.get("/weak", (context) => context.text("abcdefgh ".repeat(300), { headers: { etag: 'W/"v1"' } }));
  app.get("/same", (context) => context.status(304).header("etag", '"v1"'));
  return app;
});

// Events are compressed one by one.
check("compression/event_streams", () => {
  const app = new Sabir();
  app.use(compression());
  app.sse("/ticks", async function* () {
    yield { data: "a" };
    yield { data: "b" };
  });
  return app;
});

// Files are compressed by their size and their type while they are read, parts of them are not.
check("compression/files", (folder) => {
  const app = new Sabir();
  app.use(compression());
  app.get("/page", () => file(join(folder, "page.html"), { headers: { etag: '"v1"' } }));
  app.get("/small", () => file(join(folder, "small.html")));
  app.get("/image", () => file(join(folder, "image.png")));
  return app;
});

// The answer to HEAD says what that to GET would.
check("compression/head_has_the_same_fields", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", (context) => context.text("abcdefgh ".repeat(300), { headers: { etag: '"v1"' } }));
  return app;
});

// How hard a coding tries is an option.
check("compression/levels", () => {
  const app = new Sabir();
  app.use(compression({ gzipLevel: 9, brotliLevel: 0, zstdLevel: 1 }));
  app.get("/items", () => "abcdefgh ".repeat(300));
  return app;
});

// Which media types are compressed is an option.
check("compression/media_types_are_an_option", () => {
  const app = new Sabir();
  app.use(compression({ mediaTypes: ["text/csv", "model/*+json"] }));
  app.get("/json", () => ({ text: "abcdefgh ".repeat(300) }));
  app.get("/csv", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "text/csv" } }),
  );
  app.get("/model", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "model/gltf+json" } }),
  );
  return app;
});

// Text, JSON and the like are compressed, images and archives are not.
check("compression/media_types_that_are_worth_it", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/json", () => ({ text: "abcdefgh ".repeat(300) }));
  app.get("/html", (context) => context.html("abcdefgh ".repeat(300)));
  app.get("/feed", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "application/atom+xml" } }),
  );
  app.get("/svg", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "image/svg+xml" } }),
  );
  app.get("/script", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "application/javascript" } }),
  );
  app.get("/png", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "image/png" } }),
  );
  app.get("/zip", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "application/zip" } }),
  );
  app.get("/video", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-type": "video/mp4" } }),
  );
  return app;
});

// A route may be the only one whose answers are compressed.
check("compression/only_a_route", () => {
  const app = new Sabir();
  app.get("/own", { use: [compression()] }, () => "abcdefgh ".repeat(300));
  app.get("/items", () => "abcdefgh ".repeat(300));
  return app;
});

// Problems are compressed as other answers are, those of the runtime too.
check("compression/problems", () => {
  const app = new Sabir();
  app.use(compression({ minimumSize: 1 }));
  const itemsOptions = { query: { type: "object", properties: { limit: { type: "integer" } } } } as const;
  app.get("/items/{id:int}", itemsOptions, () => "abcdefgh ".repeat(300));
  app.get("/raise", () => {
    throw new Problem(409, { detail: "taken" });
  });
  app.get("/fail", () => {
    throw new Error("broken");
  });
  return app;
});

// A route has options of its own, or nothing is compressed on it.
check("compression/routes_differ", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", () => "abcdefgh ".repeat(300));
  app.get("/own", { use: [compression({ encodings: ["deflate"] })] }, () => "abcdefgh ".repeat(300));
  app.get("/secret", { use: [compression(false)] }, () => "abcdefgh ".repeat(300));
  return app;
});

// Content below a size is sent as it is, and caches may give it to everybody.
check("compression/small_content_stays", () => {
  const app = new Sabir();
  app.use(compression({ minimumSize: 40 }));
  app.get("/large", () => "a".repeat(40));
  app.get("/small", () => "a".repeat(39));
  return app;
});

// Content that is made while it is sent is compressed meanwhile.
check("compression/streams", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/lines", async function* () {
    yield 1;
    yield { a: "abcdefgh ".repeat(300) };
    yield 3;
  });
  app.get("/text", async function* () {
    yield "a";
    yield "b";
  });
  app.get("/bytes", async function* () {
    yield Buffer.from("AAEC", "base64");
  });
  return app;
});

// An answer has the coding that the client likes best, the runtime's first choice where it likes several, and
// caches are told.
check("compression/the_client_chooses", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", () => "abcdefgh ".repeat(300));
  return app;
});

// The codings that are offered, and which of them comes first, are options.
check("compression/the_order_is_an_option", () => {
  const app = new Sabir();
  app.use(compression({ encodings: ["gzip"] }));
  app.get("/items", () => "abcdefgh ".repeat(300));
  return app;
});

// Content that has a coding already, and what may not be transformed, stays as it is.
check("compression/what_is_encoded_stays", () => {
  const app = new Sabir();
  app.use(compression());
  app.get("/items", () => "abcdefgh ".repeat(300));
  app.get("/coded", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-encoding": "x-own" } }),
  );
  app.get("/fixed", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "cache-control": "public, no-transform" } }),
  );
  app.get("/digest", (context) =>
    context.text("abcdefgh ".repeat(300), { headers: { "content-digest": "sha-256=:AA==:" } }),
  );
  return app;
});

// Pages of other origins get compressed answers, and caches are told of both.
check("compression/with_other_stages", () => {
  const app = new Sabir();
  app.use(compression(), cors({ allowOrigins: ["https://shop.example"] }));
  app.get("/items", () => "abcdefgh ".repeat(300));
  return app;
});
