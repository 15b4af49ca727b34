// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, trustedProxies, trustedHosts, httpsRedirect } from "sabir";
import { check } from "../support/index.js";

// Nobody is sent to a host that is not served here.
check("https_redirect/hosts_come_first", () => {
  const app = new Sabir();
  app.use(httpsRedirect(), trustedHosts({ hosts: ["shop.example"] }), trustedProxies());
  app.get("/items", () => ({ ok: true }));
  return app;
});

// HTTPS may have a port of its own, and some paths are answered over HTTP.
check("https_redirect/port_and_exceptions", () => {
  const app = new Sabir();
  app.use(httpsRedirect({ port: 8443, exclude: ["/healthz"] }), trustedProxies());
  app.get("/items", () => ({ ok: true }));
  app.get("/healthz", () => ({ ok: true }));
  app.get("/healthz/live", () => ({ ok: true }));
  app.get("/healthzone", () => ({ ok: true }));
  return app;
});

// What has come over HTTP is sent to the same address over HTTPS.
check("https_redirect/redirect", () => {
  const app = new Sabir();
  app.use(httpsRedirect(), trustedProxies());
  app.get("/items", () => ({ ok: true }));
  app.post("/items", () => ({ ok: true }));
  return app;
});

// Sockets are opened over TLS alone.
check("https_redirect/sockets", () => {
  const app = new Sabir();
  app.use(httpsRedirect(), trustedProxies());
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});
