// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, requestId } from "sabir";
import { check } from "../support/index.js";

// The field may have another name, which is then the only one.
check("request_id/another_field", () => {
  const app = new Sabir();
  app.use(requestId({ header: "X-Correlation-ID" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Streams say it as well.
check("request_id/event_streams", () => {
  const app = new Sabir();
  app.use(requestId());
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// Every answer says the id of its request, which is taken over from whom is trusted.
check("request_id/every_answer", () => {
  const app = new Sabir();
  app.use(requestId());
  app.get("/items", () => ({ ok: true }));
  app.get("/fail", () => {
    throw new Error("a");
  });
  return app;
});

// Where nobody is trusted every id is new.
check("request_id/nobody_is_believed", () => {
  const app = new Sabir();
  app.use(requestId({ acceptFrom: [] }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Handshakes say it as well.
check("request_id/sockets", () => {
  const app = new Sabir();
  app.use(requestId());
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Ids may be random UUIDs.
check("request_id/uuids", () => {
  const app = new Sabir();
  app.use(requestId({ format: "uuid" }));
  app.get("/items", () => ({ ok: true }));
  return app;
});
