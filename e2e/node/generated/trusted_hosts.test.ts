// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, trustedProxies, trustedHosts, cors } from "sabir";
import { check } from "../support/index.js";

// It is looked at before routes are, and the answer meets the other stages.
check("trusted_hosts/before_routes", () => {
  const app = new Sabir();
  app.use(trustedHosts({ hosts: ["shop.example"] }), cors());
  app.get("/items", () => ({ ok: true }));
  return app;
});

// The host is the one that a proxy which is trusted says.
check("trusted_hosts/forwarded_hosts", () => {
  const app = new Sabir();
  app.use(trustedHosts({ hosts: ["shop.example"] }), trustedProxies({ fields: ["x-forwarded-host"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A request for another host is misdirected.
check("trusted_hosts/hosts", () => {
  const app = new Sabir();
  app.use(trustedHosts({ hosts: ["shop.example", "*.cdn.example", "api.example:8443"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A request that says no host is for none.
check("trusted_hosts/no_host", () => {
  const app = new Sabir();
  app.use(trustedHosts({ hosts: ["shop.example"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Sockets of other hosts are refused as well.
check("trusted_hosts/sockets", () => {
  const app = new Sabir();
  app.use(trustedHosts({ hosts: ["shop.example"] }));
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});
