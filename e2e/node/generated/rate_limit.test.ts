// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, cors, rateLimit } from "sabir";
import { z } from "zod";
import { check } from "../support/index.js";

// All clients may count together.
check("rate_limit/all_clients", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/day", key: "global" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// What is too much is refused before anything of it is decoded.
check("rate_limit/before_decoding", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/hour" }));
  app.post("/a", { body: { type: "object" } }, () => ({ ok: true }));
  return app;
});

// Fewer requests may come at once than in the whole time.
check("rate_limit/burst", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "60/hour", burst: 1 }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A stream of events counts once, when it is opened.
check("rate_limit/event_streams", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/hour" }));
  app.sse("/ticks", async function* () {
    yield { data: "a" };
    yield { data: "b" };
  });
  return app;
});

// Who sends the same value counts as one client, and who sends none by the address.
check("rate_limit/key_of_a_field", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/hour", key: "header:x-api-key" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// What is too much is answered 429, and answers say what is left.
check("rate_limit/limit", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "2/hour" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A route may have a limit where the application has none.
check("rate_limit/only_a_route", () => {
  const app = new Sabir();
  app.get("/a", () => ({ ok: true }));
  app.get("/own", { use: [rateLimit({ limit: "1/second", burst: 2 })] }, () => ({ ok: true }));
  return app;
});

// A limit of the application counts its routes together, HEAD and fallen validation too.
check("rate_limit/routes_count_together", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "3/hour" }));
  app.get("/a", () => ({ ok: true }));
  app.get("/b", { query: z.object({ n: z.int() }) }, () => ({ ok: true }));
  return app;
});

// A limit of a route counts that route alone, and a route may have none.
check("rate_limit/routes_differ", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "2/hour" }));
  app.get("/a", () => ({ ok: true }));
  app.get("/own", { use: [rateLimit({ limit: "1/minute" })] }, () => ({ ok: true }));
  app.get("/free", { use: [rateLimit(false)] }, () => ({ ok: true }));
  return app;
});

// Opening a WebSocket counts as a request.
check("rate_limit/sockets", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/hour" }));
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Requests without a route do not count, nor do preflights and OPTIONS.
check("rate_limit/without_a_route", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "1/hour" }), cors());
  app.get("/a", () => ({ ok: true }));
  return app;
});
