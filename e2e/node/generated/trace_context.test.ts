// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, traceContext } from "sabir";
import { check } from "../support/index.js";

// Refusals, failures and event streams say their trace, too.
check("trace_context/every_answer", () => {
  const app = new Sabir();
  app.use(traceContext({ respond: true }));
  app.get("/items", () => ({ ok: true }));
  app.get("/fail", () => {
    throw new Error("a");
  });
  return app;
});

// A traceparent that is malformed, or of the version ff, begins a new trace.
check("trace_context/malformed_parents", () => {
  const app = new Sabir();
  app.use(traceContext({ respond: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// Where nobody is believed, every request begins a new trace; whether it is sampled is an option.
check("trace_context/nobody_is_believed", () => {
  const app = new Sabir();
  app.use(traceContext({ respond: true, acceptFrom: [], sampled: false }));
  app.get("/items", () => ({ ok: true }));
  return app;
});

// A request goes on with the trace of its caller, with a span of its own, and keeps the flags that are known.
check("trace_context/traces_go_on", () => {
  const app = new Sabir();
  app.use(traceContext({ respond: true }));
  app.get("/items", () => ({ ok: true }));
  return app;
});
