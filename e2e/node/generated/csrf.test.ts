// Generated from testing_data by `./task generate`. Do not edit.
import { join } from "node:path";
import { file, Sabir, cors, csrf } from "sabir";
import { check } from "../support/index.js";

// With require_source, clients that say nothing of a page are refused.
check("csrf/a_source_may_be_required", () => {
  const app = new Sabir();
  app.use(csrf({ requireSource: true }));
  app.post("/orders", () => "done");
  return app;
});

// Of browsers that say the page alone, its origin is compared with the host.
check("csrf/browsers_that_name_the_page", () => {
  const app = new Sabir();
  app.use(csrf({ trustedOrigins: ["https://partner.example"] }));
  app.post("/orders", () => "done");
  return app;
});

// Of browsers that do not say where a request comes from, the origin is compared with the host.
check("csrf/browsers_without_fetch_metadata", () => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/orders", () => "done");
  return app;
});

// Clients that say nothing of a page are no browsers.
check("csrf/clients_that_are_no_browsers", () => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/orders", () => "done");
  return app;
});

// What is refused is not decoded or validated, and no path that is not there is hidden.
check("csrf/content_is_not_read", () => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/orders", { body: { type: "object" } }, () => "done");
  return app;
});

// A route may be the only one that is protected.
check("csrf/only_a_route", () => {
  const app = new Sabir();
  app.post("/orders", () => "done");
  app.post("/own", { use: [csrf()] }, () => "done");
  return app;
});

// A page of another site may not change anything, which browsers say of it.
check("csrf/pages_of_other_sites", () => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/orders", () => "done");
  return app;
});

// A route trusts other origins, or all of them.
check("csrf/routes_differ", () => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/orders", () => "done");
  app.post("/partner", { use: [csrf({ trustedOrigins: ["https://partner.example"] })] }, () => "done");
  app.post("/hook", { use: [csrf(false)] }, () => "done");
  return app;
});

// Safe methods change nothing, so that every page may use them.
check("csrf/safe_methods", () => {
  const app = new Sabir();
  app.use(csrf());
  app.get("/orders", () => "done");
  app.delete("/orders", () => "done");
  app.put("/orders", () => "done");
  app.patch("/orders", () => "done");
  return app;
});

// Handshakes of sockets are left to the origins of sockets.
check("csrf/sockets", () => {
  const app = new Sabir();
  app.use(csrf());
  const echoOptions = { allowedOrigins: ["https://partner.example"] } as const;
  app.websocket("/echo", echoOptions, { message: (ws, message) => ws.send(message) });
  app.post("/orders", () => "done");
  return app;
});

// Streams and files that answer an unsafe method are protected, too.
check("csrf/streams_and_files", (folder) => {
  const app = new Sabir();
  app.use(csrf());
  app.post("/lines", async function* () {
    yield "a";
  });
  app.post("/file", () => file(join(folder, "a.txt")));
  return app;
});

// Pages of origins that are named may.
check("csrf/trusted_origins", () => {
  const app = new Sabir();
  app.use(csrf({ trustedOrigins: ["https://partner.example", "https://*.shop.example"] }));
  app.post("/orders", () => "done");
  return app;
});

// A page of a permitted origin may read why it is refused.
check("csrf/with_cors", () => {
  const app = new Sabir();
  app.use(csrf(), cors({ allowOrigins: ["https://evil.example"] }));
  app.post("/orders", () => "done");
  return app;
});
