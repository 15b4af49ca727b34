// Generated from testing_data by `./task generate`. Do not edit.
import { setTimeout as sleep } from "node:timers/promises";
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// An array of two numbers is an array, also when the second one could be a status.
check("response_values/a_pair_of_numbers_is_an_array", () => {
  const app = new Sabir();
  app.get("/position", () => [3, 404]);
  app.get("/named", () => ["created", 201]);
  return app;
});

// Any JSON value may stand at the top, also a bare string.
check("response_values/any_json_value_at_the_top", () => {
  const app = new Sabir();
  app.get("/null", () => null);
  app.get("/boolean", () => false);
  app.get("/number", () => 0);
  app.get("/string", (context) => context.json("a"));
  app.get("/array", () => []);
  app.get("/object", () => ({}));
  return app;
});

// Bytes are sent untouched as application/octet-stream.
check("response_values/bytes", () => {
  const app = new Sabir();
  app.get("/items", () =>
    Buffer.from(
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==",
      "base64",
    ),
  );
  return app;
});

// A wrong length that a handler gives is not sent, nor does it disturb the next answer.
check("response_values/content_length_is_the_runtimes_own", () => {
  const app = new Sabir();
  app.get("/short", (context) => context.text("abc", { headers: { "content-length": "1" } }));
  app.get("/long", (context) => context.text("abc", { headers: { "content-length": "100" } }));
  app.get("/empty", (context) => context.status(200).header("content-length", "5"));
  return app;
});

// An answer without content has the length 0 and no type.
check("response_values/empty", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.status(200));
  return app;
});

// An empty text has the length 0 and still a type.
check("response_values/empty_text", () => {
  const app = new Sabir();
  app.get("/items", () => "");
  return app;
});

// HEAD runs the handler of GET and sends its fields, the length included, without content.
check("response_values/head_has_the_fields_of_get", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.text("abcde", { headers: { etag: '"v1"' } }));
  return app;
});

// A route of its own answers HEAD instead of that of GET.
check("response_values/head_of_its_own", () => {
  const app = new Sabir();
  app.head("/items", (context) => context.status(200).header("x-from", "head"));
  app.get("/items", (context) => context.text("a", { headers: { "x-from": "get" } }));
  return app;
});

// A field value with a line end never reaches the client.
check("response_values/header_that_would_split_the_answer_is_a_failure", () => {
  const app = new Sabir();
  app.get("/lf", (context) => context.text("a", { headers: { "x-a": "1\r\nx-b: 2" } }));
  app.get("/nul", (context) => context.text("a", { headers: { "x-a": "1\u0000" } }));
  app.get("/name", (context) => context.text("a", { headers: { "x a": "1" } }));
  return app;
});

// Members keep their names, also empty ones and those outside ASCII.
check("response_values/json_member_names", () => {
  const app = new Sabir();
  app.get("/items", () => ({ "": 1, "a b": 2, "größe": 3, ["__proto__"]: 4 }));
  return app;
});

// Numbers keep their value.
check("response_values/json_numbers", () => {
  const app = new Sabir();
  app.get("/items", () => [0, -1, 9007199254740991, 1.5, -0.25, 1e-07]);
  return app;
});

// An object is sent as application/json with its length.
check("response_values/json_object", () => {
  const app = new Sabir();
  app.get("/items", () => ({ a: 1, b: { c: [true, null] } }));
  return app;
});

// Strings keep every character: quotes, control characters, and those outside ASCII and the basic plane.
check("response_values/json_strings", () => {
  const app = new Sabir();
  app.get("/items", () => ({
    text: '"\\/\u0008\u000c\n\r\t\u0000\u001f',
    name: "Löwe \u20ac",
    sign: "\u{1f600}",
    line: "a\u2028b",
  }));
  return app;
});

// A text of 300 000 bytes arrives whole.
check("response_values/large_text", () => {
  const app = new Sabir();
  app.get("/items", () => "abc".repeat(100000));
  return app;
});

// An answer that is declared in one media type is sent in it, whatever the client accepts.
check("response_values/one_type_is_not_negotiated", () => {
  const app = new Sabir();
  const options = {
    responses: {
      "200": { description: "Items.", content: { "application/json": { schema: { type: "array" } } } },
    },
  } as const;
  app.get("/items", options, () => [1]);
  return app;
});

// A content type of the handler replaces the usual one.
check("response_values/own_content_type", () => {
  const app = new Sabir();
  app.get("/json", (context) =>
    context.json({ a: 1 }, { headers: { "content-type": "application/vnd.api+json" } }),
  );
  app.get("/text", (context) => context.html("<p>a</p>"));
  app.get("/bytes", (context) =>
    context.bytes(Buffer.from("iVBORw==", "base64"), { headers: { "content-type": "image/png" } }),
  );
  app.get("/case", (context) => context.text("a,b", { headers: { "Content-Type": "text/csv" } }));
  return app;
});

// Fields of one name are sent apart and in their order.
check("response_values/repeated_headers", () => {
  const app = new Sabir();
  app.get("/items", (context) =>
    context.text("a", {
      headers: [
        ["x-a", "1"],
        ["link", '</b>; rel="next"'],
        ["x-a", "2"],
        ["X-A", "1"],
        ["link", '</a>; rel="prev"'],
      ],
    }),
  );
  return app;
});

// A handler that waits answers as one that does not.
check("response_values/returned_after_waiting", () => {
  const app = new Sabir();
  app.get("/items", async (context) => {
    await sleep(20);
    return context.json({ a: 1 }, 201, { "x-a": "1" });
  });
  return app;
});

// A string is sent as UTF-8 text, byte by byte.
check("response_values/text", () => {
  const app = new Sabir();
  app.get("/items", () => "line one\nline two\r\n");
  return app;
});

// Content-Length counts bytes, not characters.
check("response_values/text_length_counts_bytes", () => {
  const app = new Sabir();
  app.get("/items", () => "Löwe \u20ac\u{1f600}");
  return app;
});

// A transfer coding that a handler claims is not sent.
check("response_values/transfer_encoding_is_the_runtimes_own", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.text("abc", { headers: { "transfer-encoding": "chunked" } }));
  return app;
});

// With response_validation enforced, undeclared members are left out, and JSON that does not fit its schema
// is a failure.
check("response_values/validation_is_enforced", () => {
  const app = new Sabir({ responseValidation: "enforce" });
  const ordersOptions = {
    query: z.object({ note: z.string().optional() }),
    responses: {
      "200": {
        description: "An order.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                path: {
                  type: "object",
                  properties: {
                    id: {
                      type: "object",
                      properties: { int: { type: "integer", maximum: 9 } },
                      required: ["int"],
                    },
                  },
                },
              },
              required: ["path"],
            },
          },
        },
      },
    },
  } as const;
  app.get("/orders/{id:int}", ordersOptions, (context) =>
    echo(context, { ...ordersOptions, path: "/orders/{id:int}" }),
  );
  const ordersOptions2 = {
    responses: {
      "200": { description: "A number.", content: { "application/json": { schema: { type: "integer" } } } },
      "2XX": {
        description: "What was asked for.",
        content: {
          "application/json": {
            schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
          },
        },
      },
    },
  } as const;
  app.post("/orders", ordersOptions2, (context) => context.json({ sku: "tea", price: 3 }, 201));
  const undeclaredOptions = {
    responses: {
      "404": {
        description: "There is none.",
        content: { "application/json": { schema: { type: "integer" } } },
      },
    },
  } as const;
  app.get("/undeclared", undeclaredOptions, ({ request }) => ({
    method: request.method,
    "header:x-note": request.header("x-note") ?? null,
  }));
  return app;
});

// With response_validation set to warn, JSON that does not fit its schema is sent as the handler made it.
check("response_values/validation_warns", () => {
  const app = new Sabir({ responseValidation: "warn" });
  const ordersOptions = {
    query: z.object({ note: z.string().optional() }),
    responses: {
      "200": {
        description: "An order.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                path: {
                  type: "object",
                  properties: {
                    id: {
                      type: "object",
                      properties: { int: { type: "integer", maximum: 9 } },
                      required: ["int"],
                    },
                  },
                },
              },
              required: ["path"],
            },
          },
        },
      },
    },
  } as const;
  app.get("/orders/{id:int}", ordersOptions, (context) =>
    echo(context, { ...ordersOptions, path: "/orders/{id:int}" }),
  );
  const ordersOptions2 = {
    responses: {
      "200": { description: "A number.", content: { "application/json": { schema: { type: "integer" } } } },
      "2XX": {
        description: "What was asked for.",
        content: {
          "application/json": {
            schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
          },
        },
      },
    },
  } as const;
  app.post("/orders", ordersOptions2, (context) => context.json({ sku: "tea", price: 3 }, 201));
  const undeclaredOptions = {
    responses: {
      "404": {
        description: "There is none.",
        content: { "application/json": { schema: { type: "integer" } } },
      },
    },
  } as const;
  app.get("/undeclared", undeclaredOptions, ({ request }) => ({
    method: request.method,
    "header:x-note": request.header("x-note") ?? null,
  }));
  return app;
});
