// Generated from testing_data by `./task generate`. Do not edit.
import { Problem, Sabir, cors } from "sabir";
import { check } from "../support/index.js";

// By default pages of every origin may read answers, which are the same for all of them.
check("cors/any_origin", () => {
  const app = new Sabir();
  app.use(cors());
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Where requests may carry credentials the answer says so to permitted origins alone.
check("cors/credentials", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example"], allowCredentials: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A page may read the problems of handlers, and that one has failed.
check("cors/errors", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/raise", () => {
    throw new Problem(409);
  });
  app.get("/fail", () => {
    throw new Error("no");
  });
  return app;
});

// Pages of permitted origins may read a stream of events.
check("cors/event_streams", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// Pages may read the fields that are named.
check("cors/exposed_fields", () => {
  const app = new Sabir();
  app.use(cors({ exposeHeaders: ["X-Total-Count", "ETag"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// What a handler says of origins itself stays.
check("cors/handlers_come_first", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/own", (context) =>
    context.json(1, { headers: { "access-control-allow-origin": "https://other.example" } }),
  );
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Listed methods and fields are those that a preflight is granted, whatever it asks for.
check("cors/listed_methods_and_fields", () => {
  const app = new Sabir();
  app.use(cors({ allowMethods: ["GET", "POST"], allowHeaders: ["Content-Type"], maxAge: 60 }));
  app.get("/items", () => ({ ok: true }));
  app.delete("/items", () => ({ ok: true }));
  return app;
});

// Pages of the named origins may read answers, and caches learn that these differ.
check("cors/named_origins", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// The origin of sandboxed pages is a name like others, which has to be permitted.
check("cors/null_origin", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["null"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A route has the stage though its application has not.
check("cors/only_a_route", () => {
  const app = new Sabir();
  app.get("/open", { use: [cors({ allowOrigins: ["https://shop.example"] })] }, () => ({ ok: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A star in front of a host is every host below it, with the same scheme and port.
check("cors/origins_below_a_host", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A preflight is answered with the methods that the path has, and never enters the host language.
check("cors/preflight", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/items", () => ({ ok: true }));
  app.put("/items", () => ({ ok: true }));
  app.delete("/items/{id:int}", () => ({ ok: true }));
  return app;
});

// Without a list a preflight is granted the fields that it asks for, and caches learn that the answer depends
// on them.
check("cors/preflight_asks_for_fields", () => {
  const app = new Sabir();
  app.use(cors());
  app.post("/items", () => ({ ok: true }));
  return app;
});

// A preflight of a path that does not exist is a problem that its page may read.
check("cors/preflight_of_no_path", () => {
  const app = new Sabir();
  app.use(cors());
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A page of a public network is let into a private one where that is allowed, and asked for.
check("cors/private_network", () => {
  const app = new Sabir();
  app.use(cors({ allowPrivateNetwork: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A page may read why its request was refused.
check("cors/problems", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } }, required: ["limit"] },
  } as const;
  app.get("/items", options, () => ({ ok: true }));
  return app;
});

// A route says what differs from its application, or that it has no such stage.
check("cors/routes_differ", () => {
  const app = new Sabir();
  app.use(cors({ allowOrigins: ["https://shop.example", "https://*.partner.example"] }));
  app.get("/open", { use: [cors()] }, () => ({ ok: true }));
  app.get("/closed", { use: [cors(false)] }, () => ({ ok: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// The answer to a handshake has the fields too, also where it is refused.
check("cors/sockets", () => {
  const app = new Sabir();
  app.use(cors());
  const options = { allowedOrigins: ["https://shop.example"] } as const;
  app.websocket("/echo", options, { message: (ws, message) => ws.send(message) });
  return app;
});
