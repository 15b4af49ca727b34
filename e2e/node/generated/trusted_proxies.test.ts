// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, trustedProxies, rateLimit } from "sabir";
import { check } from "../support/index.js";

// The client is the nearest sender that is not trusted, and its proxy knows what it has asked for.
check("trusted_proxies/chain_of_proxies", () => {
  const app = new Sabir();
  app.use(trustedProxies({ trust: ["loopback", "unix", "10.0.0.0/8"] }));
  app.get("/items", ({ request }) => ({ url: request.url, client: request.client?.address ?? null }));
  return app;
});

// A proxy that is trusted says who the client is and which scheme it has used.
check("trusted_proxies/client_and_scheme", () => {
  const app = new Sabir();
  app.use(trustedProxies());
  app.get("/items", ({ request }) => ({ url: request.url, client: request.client?.address ?? null }));
  return app;
});

// The field of the standard says all of it at once, and the other fields are not looked at.
check("trusted_proxies/forwarded", () => {
  const app = new Sabir();
  app.use(trustedProxies({ trust: ["loopback", "unix", "10.0.0.0/8"], fields: ["forwarded"] }));
  app.get("/items", ({ request }) => ({ url: request.url, client: request.client?.address ?? null }));
  return app;
});

// A proxy that is trusted may say the host and the port as well.
check("trusted_proxies/host_and_port", () => {
  const app = new Sabir();
  app.use(trustedProxies({
    fields: ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"],
  }));
  app.get("/items", ({ request }) => ({ url: request.url, "header:host": request.header("host") ?? null }));
  return app;
});

// A field that nobody can read in one way alone is refused: its client may have written it.
check("trusted_proxies/malformed_forwarded", () => {
  const app = new Sabir();
  app.use(trustedProxies({ fields: ["forwarded"] }));
  app.get("/items", ({ request }) => ({ client: request.client?.address ?? null }));
  return app;
});

// A sender without an address ends the search, and values that are none are not looked at.
check("trusted_proxies/not_an_address", () => {
  const app = new Sabir();
  app.use(trustedProxies({
    trust: ["loopback", "unix", "10.0.0.0/8"],
    fields: ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"],
  }));
  app.get("/items", ({ request }) => ({ url: request.url, client: request.client?.address ?? null }));
  return app;
});

// Clients behind a proxy that is trusted are counted each for itself.
check("trusted_proxies/rate_limits", () => {
  const app = new Sabir();
  app.use(trustedProxies(), rateLimit({ limit: "1/hour" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Pages of the host that the client has asked for may open sockets.
check("trusted_proxies/sockets", () => {
  const app = new Sabir();
  app.use(trustedProxies({ fields: ["x-forwarded-host"] }));
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});
