// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// The field Authorization may be read like any other, as text.
check("header_params/authorization", () => {
  const app = new Sabir();
  const options = { headers: { type: "object", properties: { authorization: { type: "string" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Enumeration, pattern and length hold for field values.
check("header_params/constraints", () => {
  const app = new Sabir();
  const options = {
    headers: {
      type: "object",
      properties: {
        "x-mode": { type: "string", enum: ["fast", "safe"] },
        "x-code": { type: "string", pattern: "^[A-Z]{3}$" },
        "x-name": { type: "string", minLength: 2 },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The default of the schema stands in for an absent field.
check("header_params/defaults", () => {
  const app = new Sabir();
  const options = {
    headers: {
      type: "object",
      properties: {
        "x-level": { type: "integer", default: 3, maximum: 5 },
        "x-lang": { type: "string", default: "en" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Field values are not percent-encoded: a percent sign and a plus sign are data.
check("header_params/escapes_are_data", () => {
  const app = new Sabir();
  const options = { headers: { type: "object", properties: { "x-a": { type: "string" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array in style simple is cut at its commas; white space around items is no part of them.
check("header_params/list_in_one_field", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "x-tags", in: "header", schema: { type: "array", items: { type: "string" } } },
      {
        name: "x-ids",
        in: "header",
        explode: true,
        schema: { type: "array", items: { type: "integer" }, maxItems: 3 },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Fields of one name are one list, in the order in which they were sent.
check("header_params/list_in_several_fields", () => {
  const app = new Sabir();
  const options = { headers: z.object({ "x-ids": z.array(z.int()).optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A required field that is missing is refused; an empty one is there.
check("header_params/missing_required_header", () => {
  const app = new Sabir();
  const options = {
    headers: { type: "object", properties: { "x-key": { type: "string" } }, required: ["x-key"] },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Field names are case-insensitive, on both sides; the declared name is the one the handler sees.
check("header_params/names_ignore_case", () => {
  const app = new Sabir();
  const options = { headers: z.object({ "X-Request-Level": z.int() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An object in style simple alternates names and values, and is pairs when exploded.
check("header_params/objects", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "x-color",
        in: "header",
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
      {
        name: "x-pairs",
        in: "header",
        explode: true,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A field of one value that is sent twice is refused rather than cut to one of them.
check("header_params/repeated_single_value_is_refused", () => {
  const app = new Sabir();
  const options = { headers: z.object({ "x-n": z.int().optional(), "x-name": z.string().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("header_params/several_types", () => {
  const app = new Sabir();
  const options = {
    headers: {
      type: "object",
      properties: {
        "x-int-or-bool": { anyOf: [{ type: "integer" }, { type: "boolean" }] },
        "x-types": { type: ["integer", "boolean"] },
        "x-one-of": { oneOf: [{ type: "boolean" }, { type: "integer", minimum: 5 }] },
        "x-int-or-all": { anyOf: [{ const: "all" }, { type: "integer" }] },
        "x-int-or-text": { anyOf: [{ type: "string" }, { type: "integer" }] },
        "x-int-or-float": { anyOf: [{ type: "integer" }, { type: "number" }] },
        "x-mixed": { enum: [1, "a", true, 2.5] },
        "x-maybe": { anyOf: [{ type: "integer" }, { type: "boolean" }, { type: "null" }] },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A header parameter is text unless its schema says more; white space around it is no part of it.
check("header_params/text", () => {
  const app = new Sabir();
  const options = {
    parameters: [{ name: "x-a", in: "header", schema: { type: "string" } }, { name: "x-b", in: "header" }],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The schema gives a header parameter its type.
check("header_params/typed_values", () => {
  const app = new Sabir();
  const options = {
    headers: {
      type: "object",
      properties: {
        "x-n": { type: "integer" },
        "x-f": { type: "number" },
        "x-on": { type: "boolean" },
        "x-id": { type: "string", format: "uuid" },
        "x-at": { type: "string", format: "date-time" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Fields that are not declared change nothing, and reach a handler that reads the request.
check("header_params/undeclared_headers_are_ignored", () => {
  const app = new Sabir();
  const itemsOptions = { headers: z.object({ "x-a": z.int().optional() }) };
  app.get("/items", itemsOptions, (context) => echo(context, itemsOptions));
  app.get("/raw", ({ request }) => ({
    "header:x-b": request.header("x-b") ?? null,
    "headers:x-b": request.headerList("x-b"),
    "header:x-c": request.header("x-c") ?? null,
  }));
  return app;
});
