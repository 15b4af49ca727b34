// Generated from testing_data by `./task generate`. Do not edit.
import { setTimeout as sleep } from "node:timers/promises";
import { Sabir } from "sabir";
import { check, digested, echo, keep } from "../support/index.js";

// Chunked content is counted while it arrives: the framing and the trailers are no part of it.
check("limits/chunked_content", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  app.post("/small", { bodyLimit: 5 }, async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// Content that goes beyond its limit while it arrives ends the connection, though a handler holds it.
check("limits/chunked_content_that_becomes_too_much", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/whole", async ({ request }) => ({ size: (await request.bytes()).length }));
  const bytesOptions = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/bytes", bytesOptions, ({ body }) => {
    keep(body);
    return digested(body);
  });
  app.get("/items", () => "ok");
  return app;
});

// The limits of parts hold for chunked content too.
check("limits/chunked_multipart_content", () => {
  const app = new Sabir({ partLimit: 20 });
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A route's `x-sabir.body_limit` counts instead of the setting, be it smaller or larger.
check("limits/content_limit_of_a_route", () => {
  const app = new Sabir({ bodyLimit: 100 });
  app.post("/small", { bodyLimit: 5 }, async ({ request }) => ({ size: (await request.bytes()).length }));
  app.post("/large", { bodyLimit: 1000 }, async ({ request }) => ({ size: (await request.bytes()).length }));
  app.post("/usual", async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// Content above `body_limit` is refused also where the operation declares none; content of exactly that size
// is read.
check("limits/content_of_any_type", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// A Content-Length above the limit is refused before any content has arrived, and the connection closes.
check("limits/declared_length_is_enough_to_refuse", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// JSON deeper than `json_depth_limit` is refused whether or not it is complete.
check("limits/depth_of_json", () => {
  const app = new Sabir({ jsonDepthLimit: 2 });
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A number may have as many digits as the setting permits, in whichever place it is sent and however it is
// written.
check("limits/digits_of_a_number", () => {
  const app = new Sabir({ digitLimit: 20 });
  const itemsOptions = {
    parameters: [
      { name: "q", in: "query", schema: { type: "integer" } },
      { name: "x-n", in: "header", schema: { type: "number" } },
      { name: "c", in: "cookie", schema: { type: "array", items: { type: "integer" } }, explode: false },
    ],
  } as const;
  app.get("/items/{id:int}", itemsOptions, (context) =>
    echo(context, { ...itemsOptions, path: "/items/{id:int}" }),
  );
  const itemsOptions2 = { body: { type: "integer" } } as const;
  app.post("/items", itemsOptions2, (context) => echo(context, itemsOptions2));
  const formsOptions = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { n: { type: "integer" } } },
        },
      },
    },
  } as const;
  app.post("/forms", formsOptions, (context) => echo(context, formsOptions));
  return app;
});

// Without a setting, a number may have 640 digits.
check("limits/digits_of_a_number_by_default", () => {
  const app = new Sabir();
  app.get("/items/{id:int}", (context) => echo(context, { path: "/items/{id:int}" }));
  const itemsOptions2 = { body: { type: "integer" } } as const;
  app.post("/items", itemsOptions2, (context) => echo(context, itemsOptions2));
  return app;
});

// A target that goes on and on is refused before the line ends.
check("limits/endless_request_target", () => {
  const app = new Sabir({ targetLimit: 64 });
  app.get("/items", () => "ok");
  return app;
});

// The limits of the header section hold on a connection and in memory.
check("limits/fields_of_any_request", () => {
  const app = new Sabir({ headerCountLimit: 30, headerLimit: 1500, targetLimit: 500 });
  app.get("/items", () => "ok");
  return app;
});

// A header section above `header_limit` is refused and the connection closed, be it one long field or many
// short ones.
check("limits/header_section", () => {
  const app = new Sabir({ headerLimit: 256 });
  app.get("/items", () => "ok");
  return app;
});

// A client that goes on sending can still read the refusal.
check("limits/much_too_much_content_still_gets_an_answer", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// A form of more fields than `form_field_limit` is refused, also where one name repeats.
check("limits/number_of_form_fields", () => {
  const app = new Sabir({ formFieldLimit: 3 });
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// More fields than `header_count_limit` are refused, whatever their names.
check("limits/number_of_header_fields", () => {
  const app = new Sabir({ headerCountLimit: 5 });
  app.get("/items", () => "ok");
  return app;
});

// Each part may be as large as `part_limit`, all together as large as `body_limit`.
check("limits/parts_of_multipart_content", () => {
  const app = new Sabir({ partLimit: 20, bodyLimit: 400 });
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A refusal that closes the connection arrives also when a further request is waiting; that one is not
// answered.
check("limits/request_after_too_much_content", () => {
  const app = new Sabir({ bodyLimit: 10 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  app.get("/items", () => "ok");
  return app;
});

// A target above `target_limit` is refused; its path and its query count.
check("limits/request_target", () => {
  const app = new Sabir({ targetLimit: 20 });
  app.get("/items/{rest:path}", ({ request }) => ({ path: request.path }));
  return app;
});

// A handler that outlives its route's `x-sabir.timeout_ms` is answered for with 504.
check("limits/time_of_a_handler", () => {
  const app = new Sabir();
  const options = { timeoutMs: 50 } as const;
  app.get("/items", options, async () => {
    await sleep(2000);
    return "ok";
  });
  return app;
});

// A client that does not finish the header section in time is answered 408, also on a connection that has
// served it.
check("limits/time_of_a_header_section", () => {
  const app = new Sabir({ headerTimeoutMs: 150 });
  app.get("/items", () => "ok");
  return app;
});

// A connection without requests is closed after `idle_timeout_ms`, one with a handler at work is not.
check("limits/time_of_an_idle_connection", () => {
  const app = new Sabir({ idleTimeoutMs: 150 });
  app.get("/items", () => "ok");
  app.get("/slow", async () => {
    await sleep(700);
    return "ok";
  });
  return app;
});

// The setting `handler_timeout_ms` holds for routes that say nothing; theirs counts before it, and 0 is no
// limit.
check("limits/time_of_every_handler", () => {
  const app = new Sabir({ handlerTimeoutMs: 100 });
  app.get("/usual", async () => {
    await sleep(2000);
    return "ok";
  });
  app.get("/quick", async () => {
    await sleep(1);
    return "ok";
  });
  const patientOptions = { timeoutMs: 5000 } as const;
  app.get("/patient", patientOptions, async () => {
    await sleep(200);
    return "ok";
  });
  const endlessOptions = { timeoutMs: 0 } as const;
  app.get("/endless", endlessOptions, async () => {
    await sleep(200);
    return "ok";
  });
  return app;
});

// A client that pauses too long within the content is answered 408.
check("limits/time_of_the_content", () => {
  const app = new Sabir({ bodyTimeoutMs: 150 });
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  const formOptions = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  return app;
});
