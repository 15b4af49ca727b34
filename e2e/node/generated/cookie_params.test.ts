// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// The default of the schema stands in for an absent cookie.
check("cookie_params/defaults", () => {
  const app = new Sabir();
  const options = {
    cookies: {
      type: "object",
      properties: {
        theme: { type: "string", default: "light", enum: ["light", "dark"] },
        size: { type: "integer", default: 10 },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The first equals sign ends the name; those after it belong to the value.
check("cookie_params/equals_signs_belong_to_the_value", () => {
  const app = new Sabir();
  const options = { cookies: { type: "object", properties: { token: { type: "string" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A declared cookie and the cookies of the request are read by one rule: without quotes, percent-decoded
// where that gives text.
check("cookie_params/escapes_of_a_cookie_are_decoded_everywhere", () => {
  const app = new Sabir();
  const declaredOptions = { cookies: z.object({ a: z.string().optional() }) };
  app.get("/declared", declaredOptions, (context) => echo(context, declaredOptions));
  app.get("/request", ({ request }) => ({ "cookie:a": request.cookies["a"] ?? null }));
  return app;
});

// A user agent sends the cookie of the longest path first, and that one counts.
check("cookie_params/first_of_a_name_counts", () => {
  const app = new Sabir();
  const options = { cookies: { type: "object", properties: { n: { type: "integer" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A cookie of another program that is not UTF-8 does not disturb a route that reads another one.
check("cookie_params/foreign_cookie_that_is_not_utf_8_is_ignored", () => {
  const app = new Sabir();
  const options = {
    cookies: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array without explode is one value cut at its commas; escapes are decoded.
check("cookie_params/lists_and_escapes", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "ids", in: "cookie", explode: false, schema: { type: "array", items: { type: "integer" } } },
      { name: "name", in: "cookie", schema: { type: "string" } },
      { name: "tags", in: "cookie", explode: false, schema: { type: "array", items: { type: "string" } } },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A required cookie that is missing is refused; an empty one is there.
check("cookie_params/missing_required_cookie", () => {
  const app = new Sabir();
  const options = { cookies: z.object({ session: z.string() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Cookie names are compared exactly, and whole.
check("cookie_params/names_are_case_sensitive", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "Session", in: "cookie", schema: { type: "string" } },
      { name: "session", in: "cookie", schema: { type: "string" } },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// HTTP/2 may split the cookies into several fields; they count as one.
check("cookie_params/several_cookie_fields", () => {
  const app = new Sabir();
  const options = {
    cookies: { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("cookie_params/several_types", () => {
  const app = new Sabir();
  const options = {
    cookies: {
      type: "object",
      properties: {
        int_or_bool: { anyOf: [{ type: "integer" }, { type: "boolean" }] },
        types: { type: ["integer", "boolean"] },
        one_of: { oneOf: [{ type: "boolean" }, { type: "integer", minimum: 5 }] },
        int_or_all: { anyOf: [{ const: "all" }, { type: "integer" }] },
        int_or_text: { anyOf: [{ type: "string" }, { type: "integer" }] },
        int_or_float: { anyOf: [{ type: "integer" }, { type: "number" }] },
        mixed: { enum: [1, "a", true, 2.5] },
        maybe: { anyOf: [{ type: "integer" }, { type: "boolean" }, { type: "null" }] },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A cookie is text unless its schema says more.
check("cookie_params/text", () => {
  const app = new Sabir();
  const options = {
    parameters: [{ name: "a", in: "cookie", schema: { type: "string" } }, { name: "b", in: "cookie" }],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The schema gives a cookie its type and refuses what does not fit.
check("cookie_params/typed_values", () => {
  const app = new Sabir();
  const options = {
    cookies: {
      type: "object",
      properties: { n: { type: "integer" }, on: { type: "boolean" }, id: { type: "string", format: "uuid" } },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Cookies that are not declared change nothing, and reach a handler that reads the request.
check("cookie_params/undeclared_cookies_are_ignored", () => {
  const app = new Sabir();
  const itemsOptions = { cookies: z.object({ a: z.int().optional() }) };
  app.get("/items", itemsOptions, (context) => echo(context, itemsOptions));
  app.get("/raw", ({ request }) => ({
    "cookie:b": request.cookies["b"] ?? null,
    "cookie:c": request.cookies["c"] ?? null,
  }));
  return app;
});

// White space around a pair and empty pieces are skipped.
check("cookie_params/white_space_and_empty_pieces", () => {
  const app = new Sabir();
  const options = { cookies: z.object({ a: z.string().optional(), b: z.string().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});
