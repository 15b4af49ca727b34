// Generated from testing_data by `./task generate`. Do not edit.
import { Problem, Sabir } from "sabir";
import { check } from "../support/index.js";

// 202 carries content like 200.
check("status_codes/accepted", () => {
  const app = new Sabir();
  app.post("/items", (context) => context.json({ job: "a" }, 202));
  return app;
});

// 201 names the new resource and may describe it.
check("status_codes/created_with_location", () => {
  const app = new Sabir();
  app.post("/items", (context) => context.json({ id: 7 }, 201, { location: "/items/7" }));
  return app;
});

// HEAD is answered with the status of GET, for errors too, without content.
check("status_codes/head_has_the_status_of_get", () => {
  const app = new Sabir();
  app.get("/gone", (context) => context.json({ a: 1 }, 410));
  app.get("/new", (context) => context.json({ a: 1 }, 203));
  app.get("/taken", () => {
    throw new Problem(409);
  });
  return app;
});

// A handler that answers with an interim status has failed: the client would wait for the final one for ever.
check("status_codes/interim_code_is_no_answer", () => {
  const app = new Sabir();
  app.get("/c100", (context) => context.status(100));
  app.get("/c103", (context) => context.status(103));
  return app;
});

// 204 has neither content nor a length of it.
check("status_codes/no_content", () => {
  const app = new Sabir();
  app.delete("/items", (context) => context.status(204));
  return app;
});

// Content that a handler returns with 204 is not sent.
check("status_codes/no_content_drops_what_is_returned", () => {
  const app = new Sabir();
  app.delete("/items", (context) => context.json({ a: 1 }, 204));
  app.get("/items", () => "ok");
  return app;
});

// 304 has no content but the fields that describe the stored answer.
check("status_codes/not_modified_keeps_its_validators", () => {
  const app = new Sabir();
  app.get("/items", (context) =>
    context.json({ a: 1 }, 304, { etag: '"v1"', "cache-control": "max-age=60" }),
  );
  app.get("/next", () => "ok");
  return app;
});

// 206 keeps the Content-Range that the handler gives.
check("status_codes/partial_content", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.text("cde", 206, { "content-range": "bytes 2-4/10" }));
  return app;
});

// Every redirection keeps its status and its Location as the handler wrote it.
check("status_codes/redirects", () => {
  const app = new Sabir();
  app.get("/r301", (context) => context.redirect("../items?a=1#b", 301));
  app.get("/r302", (context) => context.redirect("../items?a=1#b"));
  app.get("/r303", (context) => context.redirect("../items?a=1#b", 303));
  app.get("/r307", (context) => context.redirect("../items?a=1#b", 307));
  app.get("/r308", (context) => context.redirect("../items?a=1#b", 308));
  return app;
});

// 205 has no content, whatever the handler returns.
check("status_codes/reset_content_has_no_content", () => {
  const app = new Sabir();
  app.post("/items", (context) => context.json({ a: 1 }, 205));
  app.get("/items", () => "ok");
  return app;
});

// An error status that is returned, not raised, keeps the handler's own content.
check("status_codes/returned_errors_stay_as_they_are", () => {
  const app = new Sabir();
  app.get("/json", (context) => context.json({ error: "gone fishing" }, 404));
  app.get("/text", (context) => context.text("later", 503, { "retry-after": "120" }));
  app.get("/empty", (context) => context.status(410));
  return app;
});

// Codes without a registered meaning are sent as they are.
check("status_codes/unregistered_codes", () => {
  const app = new Sabir();
  app.get("/c299", (context) => context.text("a", 299));
  app.get("/c418", (context) => context.text("a", 418));
  app.get("/c499", (context) => context.text("a", 499));
  app.get("/c599", (context) => context.text("a", 599));
  return app;
});
