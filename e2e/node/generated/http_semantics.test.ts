// Generated from testing_data by `./task generate`. Do not edit.
import { setTimeout as sleep } from "node:timers/promises";
import { Sabir } from "sabir";
import { check } from "../support/index.js";

// A target in absolute form names the same resource as its path.
check("http_semantics/absolute_target", () => {
  const app = new Sabir();
  app.get("/items", ({ request }) => ({ path: request.path, query_string: request.queryString }));
  return app;
});

// The host of a target in absolute form counts, not that of the Host field.
check("http_semantics/absolute_target_names_the_host", () => {
  const app = new Sabir();
  app.get("/items", ({ request }) => ({
    "header:host": request.header("host") ?? null,
    "headers:host": request.headerList("host"),
    path: request.path,
  }));
  return app;
});

// OPTIONS may ask about the server as a whole; no other method may.
check("http_semantics/asterisk_belongs_to_options", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// Lines end with CR LF; neither a bare LF nor a bare CR stands for it.
check("http_semantics/bare_line_feeds", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A client that speaks another protocol is refused.
check("http_semantics/bytes_that_are_no_http", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Extensions of chunks and trailers after them are read and thrown away; the next request begins after them.
check("http_semantics/chunk_extensions_and_trailers", () => {
  const app = new Sabir();
  app.post("/items", async ({ request }) => ({
    text: await request.text(),
    "header:x-t": request.header("x-t") ?? null,
  }));
  return app;
});

// Extensions of chunks may be spaced, quoted and without a value.
check("http_semantics/chunk_extensions_in_every_form", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// What follows a chunk's size and is no extension is refused.
check("http_semantics/chunk_extensions_that_are_none", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Where chunked is not the last transfer coding the content has no end that both sides see.
check("http_semantics/chunked_is_not_the_last_coding", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// CONNECT is refused: this is no proxy.
check("http_semantics/connect_opens_no_tunnel", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// An HTTP/1.1 connection stays open until one side says close.
check("http_semantics/connections_stay_open", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// A request with both ways to frame its content is refused, whatever their order.
check("http_semantics/content_length_beside_transfer_encoding", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A length is digits and nothing else, and fits.
check("http_semantics/content_length_that_is_no_number", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Lengths that contradict each other are refused.
check("http_semantics/content_lengths_that_differ", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Field values hold neither NUL nor other control characters.
check("http_semantics/control_characters_in_a_value", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Every answer has one Date in the preferred format; that of a handler counts.
check("http_semantics/date", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.get("/old", (context) => context.text("ok", { headers: { date: "Sun, 06 Nov 1994 08:49:37 GMT" } }));
  return app;
});

// Empty lines before the request line are skipped.
check("http_semantics/empty_lines_before_a_request", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// A list of transfer codings with an empty element is refused.
check("http_semantics/empty_transfer_codings", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A client that asks before sending gets its answer; the interim one is not counted as it.
check("http_semantics/expect_100_continue", () => {
  const app = new Sabir();
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A field needs a name, and names are tokens.
check("http_semantics/field_names_that_are_no_tokens", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A field that goes on in the next line is refused.
check("http_semantics/folded_field", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// The answer to HEAD ends with its header section, also when it is a refusal.
check("http_semantics/head_sends_no_content", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// A host is a name, an IPv4 address or a literal in brackets, with or without a port.
check("http_semantics/host_in_every_form", () => {
  const app = new Sabir();
  app.get("/items", ({ request }) => ({
    "header:host": request.header("host") ?? null,
    "headers:host": request.headerList("host"),
    path: request.path,
  }));
  return app;
});

// Two Host fields are refused, equal or not.
check("http_semantics/host_is_given_twice", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A Host that is no host with an optional port is refused.
check("http_semantics/host_is_malformed", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// An HTTP/1.1 request without Host is refused.
check("http_semantics/host_is_missing", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// What is no host with an optional port is refused, on a connection and in memory.
check("http_semantics/host_that_is_none", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// An HTTP/1.0 connection closes after the answer unless the client asks otherwise, and such a request needs
// no Host.
check("http_semantics/http_1_0", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// Chunks that two readers may read differently are refused.
check("http_semantics/malformed_chunks", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A malformed request is refused after the answers to those before it, and nothing after it is looked at.
check("http_semantics/malformed_request_after_others", () => {
  const app = new Sabir();
  app.get("/slow", async () => {
    await sleep(100);
    return "slow";
  });
  app.get("/items", () => "ok");
  return app;
});

// A method that is longer than any that is implemented is refused as such.
check("http_semantics/methods_longer_than_any", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Pipelined requests are answered in their order, however long each takes.
check("http_semantics/pipelined_requests", () => {
  const app = new Sabir();
  app.get("/slow", async () => {
    await sleep(150);
    return "slow";
  });
  app.get("/items", () => "quick");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A request line is a method, a target and a version with single spaces between.
check("http_semantics/request_lines_that_are_none", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// White space between a name and its colon is refused.
check("http_semantics/space_before_the_colon", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A target is a path, an absolute URI or, for OPTIONS, an asterisk, in ASCII and without a fragment.
check("http_semantics/targets_that_are_none", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Several fields of transfer codings are one list.
check("http_semantics/transfer_codings_in_several_fields", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// A transfer coding that the server does not decode is refused.
check("http_semantics/unknown_transfer_codings", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Content that no handler reads is skipped, not taken for the next request.
check("http_semantics/unread_content_is_not_a_request", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  return app;
});

// Versions that the server does not speak are refused.
check("http_semantics/unsupported_versions", () => {
  const app = new Sabir();
  app.get("/items", () => "ok");
  app.post("/items", async ({ request }) => ({ text: await request.text() }));
  return app;
});

// Names ignore case, and spaces and tabs around a value are no part of it.
check("http_semantics/white_space_around_values", () => {
  const app = new Sabir();
  app.get("/items", ({ request }) => ({
    "header:x-a": request.header("x-a") ?? null,
    "header:x-b": request.header("x-b") ?? null,
    "header:x-c": request.header("x-c") ?? null,
  }));
  return app;
});
