// Generated from testing_data by `./task generate`. Do not edit.
import { Problem, reply, Sabir } from "sabir";
import { check } from "../support/index.js";

// 202 carries content like 200.
check("status_codes/accepted", () => {
  const app = new Sabir();
  app.post("/items", () => reply({ job: "a" }, { status: 202 }));
  return app;
});

// 201 names the new resource and may describe it.
check("status_codes/created_with_location", () => {
  const app = new Sabir();
  app.post("/items", () => reply({ id: 7 }, { status: 201, headers: { location: "/items/7" } }));
  return app;
});

// HEAD is answered with the status of GET, for errors too, without content.
check("status_codes/head_has_the_status_of_get", () => {
  const app = new Sabir();
  app.get("/gone", () => reply({ a: 1 }, { status: 410 }));
  app.get("/new", () => reply({ a: 1 }, { status: 203 }));
  app.get("/taken", () => {
    throw new Problem(409);
  });
  return app;
});

// A handler that answers with an interim status has failed: the client would wait for the final one for ever.
check("status_codes/interim_code_is_no_answer", () => {
  const app = new Sabir();
  app.get("/c100", () => reply(undefined, { status: 100 }));
  app.get("/c103", () => reply(undefined, { status: 103 }));
  return app;
});

// 204 has neither content nor a length of it.
check("status_codes/no_content", () => {
  const app = new Sabir();
  app.delete("/items", () => reply(undefined, { status: 204 }));
  return app;
});

// Content that a handler returns with 204 is not sent.
check("status_codes/no_content_drops_what_is_returned", () => {
  const app = new Sabir();
  app.delete("/items", () => reply({ a: 1 }, { status: 204 }));
  app.get("/items", () => "ok");
  return app;
});

// 304 has no content but the fields that describe the stored answer.
check("status_codes/not_modified_keeps_its_validators", () => {
  const app = new Sabir();
  app.get("/items", () =>
    reply({ a: 1 }, { status: 304, headers: { etag: '"v1"', "cache-control": "max-age=60" } }),
  );
  app.get("/next", () => "ok");
  return app;
});

// 206 keeps the Content-Range that the handler gives.
check("status_codes/partial_content", () => {
  const app = new Sabir();
  app.get("/items", () => reply("cde", { status: 206, headers: { "content-range": "bytes 2-4/10" } }));
  return app;
});

// Every redirection keeps its status and its Location as the handler wrote it.
check("status_codes/redirects", () => {
  const app = new Sabir();
  app.get("/r301", () => reply(undefined, { status: 301, headers: { location: "../items?a=1#b" } }));
  app.get("/r302", () => reply(undefined, { status: 302, headers: { location: "../items?a=1#b" } }));
  app.get("/r303", () => reply(undefined, { status: 303, headers: { location: "../items?a=1#b" } }));
  app.get("/r307", () => reply(undefined, { status: 307, headers: { location: "../items?a=1#b" } }));
  app.get("/r308", () => reply(undefined, { status: 308, headers: { location: "../items?a=1#b" } }));
  return app;
});

// 205 has no content, whatever the handler returns.
check("status_codes/reset_content_has_no_content", () => {
  const app = new Sabir();
  app.post("/items", () => reply({ a: 1 }, { status: 205 }));
  app.get("/items", () => "ok");
  return app;
});

// An error status that is returned, not raised, keeps the handler's own content.
check("status_codes/returned_errors_stay_as_they_are", () => {
  const app = new Sabir();
  app.get("/json", () => reply({ error: "gone fishing" }, { status: 404 }));
  app.get("/text", () => reply("later", { status: 503, headers: { "retry-after": "120" } }));
  app.get("/empty", () => reply(undefined, { status: 410 }));
  return app;
});

// Codes without a registered meaning are sent as they are.
check("status_codes/unregistered_codes", () => {
  const app = new Sabir();
  app.get("/c299", () => reply("a", { status: 299 }));
  app.get("/c418", () => reply("a", { status: 418 }));
  app.get("/c499", () => reply("a", { status: 499 }));
  app.get("/c599", () => reply("a", { status: 599 }));
  return app;
});
