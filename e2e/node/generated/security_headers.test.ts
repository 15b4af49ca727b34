// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, securityHeaders } from "sabir";
import { check } from "../support/index.js";

// Answers say by themselves what browsers may do with them.
check("security_headers/defaults", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A stream of events has the fields.
check("security_headers/event_streams", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// A field that the handler has set stays as it is.
check("security_headers/handlers_come_first", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.get("/items", (context) => context.json(1, { headers: { "x-frame-options": "DENY" } }));
  return app;
});

// A nonce in the policy is a random number, of refusals too.
check("security_headers/nonces", () => {
  const app = new Sabir();
  app.use(securityHeaders({
    contentSecurityPolicy: "script-src 'nonce-{nonce}'; object-src 'none'; style-src 'nonce-{nonce}'",
  }));
  app.get("/", () => "page");
  app.get("/own", (context) =>
    context.text("page", { headers: { "content-security-policy": "default-src 'none'" } }),
  );
  app.get("/fixed", { use: [securityHeaders({ contentSecurityPolicy: "script-src 'self'" })] }, () => "page");
  app.get("/off", { use: [securityHeaders(false)] }, () => "page");
  return app;
});

// Each field has an option, and is left out where that is empty.
check("security_headers/options", () => {
  const app = new Sabir();
  app.use(securityHeaders({
    contentTypeOptions: false,
    frameOptions: "DENY",
    referrerPolicy: "no-referrer",
    hstsMaxAge: 31536000,
    hstsIncludeSubdomains: true,
    contentSecurityPolicy: "default-src 'self'",
    crossOriginOpenerPolicy: "",
  }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Refusals say it too.
check("security_headers/problems", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } }, required: ["limit"] },
  } as const;
  app.get("/items", options, () => ({ ok: true }));
  return app;
});

// A route says what differs from its application, or that it has no such stage.
check("security_headers/routes_differ", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.get("/frame", { use: [securityHeaders({ frameOptions: "" })] }, () => ({ ok: true }));
  app.get("/plain", { use: [securityHeaders(false)] }, () => ({ ok: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// The answer to a handshake has the fields, refused or not.
check("security_headers/sockets", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});
