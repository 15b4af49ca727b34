// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, serverTiming } from "sabir";
import { check } from "../support/index.js";

// Answers of handlers say how long they have taken, and so do problems.
check("server_timing/answers", () => {
  const app = new Sabir();
  app.use(serverTiming());
  const itemsOptions = { query: { type: "object", properties: { n: { type: "integer" } } } } as const;
  app.get("/items", itemsOptions, () => ({ ok: true }));
  app.get("/fail", () => {
    throw new Error("a");
  });
  return app;
});

// Streams say how long it took until they began.
check("server_timing/event_streams", () => {
  const app = new Sabir();
  app.use(serverTiming());
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// What a handler has measured stays.
check("server_timing/handlers_measure_too", () => {
  const app = new Sabir();
  app.use(serverTiming({ metric: "runtime" }));
  app.get("/items", (context) => context.json({}, { headers: { "server-timing": "db;dur=1" } }));
  return app;
});

// A route may have it, and another may not.
check("server_timing/routes_differ", () => {
  const app = new Sabir();
  app.use(serverTiming());
  app.get("/items", () => ({ ok: true }));
  app.get("/silent", { use: [serverTiming(false)] }, () => ({ ok: true }));
  return app;
});
