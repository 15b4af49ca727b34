// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// Every parameter that fails is named, in the order of declaration.
check("query_params/all_failures_are_reported", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        c: { type: "integer" },
        a: { type: "integer" },
        b: { type: "string", maxLength: 1, pattern: "^x" },
      },
      required: ["c", "a"],
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A boolean is true or false; other words for them are refused.
check("query_params/boolean", () => {
  const app = new Sabir();
  const options = { query: z.object({ on: z.boolean().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The bounds of a number hold, with and without their ends.
check("query_params/bounds", () => {
  const app = new Sabir();
  const options = {
    query: z.object({
      page: z.int().min(1).max(100).optional(),
      ratio: z.number().gt(0).lt(1).optional(),
      step: z.int().multipleOf(5).optional(),
    }),
  };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Formats of RFC 3339 give dates, times and points in time; days and hours that do not exist are refused.
check("query_params/dates_and_times", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        day: { type: "string", format: "date" },
        at: { type: "string", format: "date-time" },
        t: { type: "string", format: "time" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A decimal keeps its digits.
check("query_params/decimals", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { price: { type: "string", format: "decimal" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A deep object takes its properties from brackets, escaped or not.
check("query_params/deep_object", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "color",
        in: "query",
        style: "deepObject",
        explode: true,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
          required: ["R"],
        },
      },
      {
        name: "filter",
        in: "query",
        style: "deepObject",
        explode: true,
        schema: { type: "object", properties: { name: { type: "string" } } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A deep object takes properties of any name, each as its schema says of further members.
check("query_params/deep_object_of_free_names", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "stock",
        in: "query",
        style: "deepObject",
        schema: { type: "object", additionalProperties: { type: "integer" } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A required deep object of which no property is there is missing; a closed one takes no other.
check("query_params/deep_object_that_is_required", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "f",
        in: "query",
        required: true,
        style: "deepObject",
        explode: true,
        schema: { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The default of the schema stands in for an absent parameter, and not for an empty or a wrong one.
check("query_params/defaults", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        limit: { type: "integer", default: 10 },
        sort: { type: "string", default: "name" },
        all: { type: "boolean", default: false },
        tags: { type: "array", items: { type: "string" }, default: ["new", "hot"] },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Objects in the styles spaceDelimited and pipeDelimited alternate names and values.
check("query_params/delimited_objects", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "a",
        in: "query",
        style: "spaceDelimited",
        explode: false,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
      {
        name: "b",
        in: "query",
        style: "pipeDelimited",
        explode: false,
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

// The first equals sign ends the name; a semicolon, a slash and a question mark are data.
check("query_params/delimiters_of_pairs", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A duration of ISO 8601 arrives as its seconds.
check("query_params/durations", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { every: { type: "string", format: "duration" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Seconds of a duration may have a fraction.
check("query_params/durations_with_fractions", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { d: { type: "string", format: "duration" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Only the values of an enumeration are taken; integers are compared as integers.
check("query_params/enumeration", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        sort: { type: "string", enum: ["asc", "desc"] },
        size: { type: "integer", enum: [10, 20, 50] },
        v: { const: 2 },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Each property of an exploded object is a pair of its own.
check("query_params/exploded_object", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        color: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
          required: ["R"],
        },
        name: { type: "string" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An exploded object whose schema permits anything as further members has the pairs that no parameter names,
// as text.
check("query_params/exploded_object_of_any_names", () => {
  const app = new Sabir();
  const itemsOptions = {
    query: {
      type: "object",
      properties: { page: { type: "integer" }, filter: { type: "object", additionalProperties: {} } },
    },
  } as const;
  app.get("/items", itemsOptions, (context) => echo(context, itemsOptions));
  const deepOptions = {
    parameters: [
      {
        name: "filter",
        in: "query",
        style: "deepObject",
        schema: { type: "object", additionalProperties: {} },
      },
    ],
  } as const;
  app.get("/deep", deepOptions, (context) => echo(context, deepOptions));
  return app;
});

// A required exploded object of which no member is there is empty: its members are missing, it is not.
check("query_params/exploded_object_that_is_required", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        window: {
          type: "object",
          properties: { limit: { type: "integer" }, offset: { type: "integer" } },
          required: ["limit"],
        },
        tag: { type: "string" },
      },
      required: ["window"],
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Members of an exploded object may be lists, which repeat the pair; every mistake in them is told at once.
check("query_params/exploded_object_with_lists", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "filter",
        in: "query",
        schema: {
          type: "object",
          properties: { tag: { type: "array", items: { type: "string" } } },
          additionalProperties: { type: "integer", minimum: 0 },
        },
      },
      { name: "page", in: "query", schema: { type: "integer" } },
      {
        name: "sort",
        in: "query",
        style: "deepObject",
        schema: { type: "object", properties: { by: { type: "string" } } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An exploded object whose schema describes other members has the pairs that no parameter names.
check("query_params/exploded_object_with_other_names", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        page: { type: "integer" },
        filter: {
          type: "object",
          properties: { sku: { type: "string" } },
          additionalProperties: { type: "integer", minimum: 1 },
        },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An exploded object whose schema permits no other members refuses the pairs that no parameter names.
check("query_params/exploded_object_without_other_names", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        page: { type: "integer" },
        filter: { type: "object", properties: { sku: { type: "string" } }, additionalProperties: false },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A pair that nobody declares may be malformed.
check("query_params/foreign_malformed_pairs_are_ignored", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "name", in: "query", schema: { type: "string" } },
      {
        name: "filter",
        in: "query",
        style: "deepObject",
        schema: { type: "object", properties: { a: { type: "string" } } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array in style form without explode is one value, cut at its commas; an escaped comma is data.
check("query_params/form_without_explode", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "tag",
        in: "query",
        style: "form",
        explode: false,
        schema: { type: "array", items: { type: "string" } },
      },
      { name: "n", in: "query", explode: false, schema: { type: "array", items: { type: "integer" } } },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An integer is read as JSON writes integers; other text is refused.
check("query_params/integer", () => {
  const app = new Sabir();
  const options = { query: z.object({ n: z.int().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Integers keep every digit, however large they are.
check("query_params/integer_beyond_double_precision_is_exact", () => {
  const app = new Sabir();
  const options = { query: { type: "object", properties: { n: { type: "integer" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Digits of other scripts do not make a number.
check("query_params/integer_digits_are_ascii", () => {
  const app = new Sabir();
  const options = { query: z.object({ n: z.int().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The length of a text is counted in characters after decoding.
check("query_params/lengths_count_characters", () => {
  const app = new Sabir();
  const options = { query: z.object({ name: z.string().min(2).max(3).optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// The number of items and their difference are checked.
check("query_params/limits_of_a_list", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        id: {
          type: "array",
          items: { type: "integer", minimum: 1 },
          minItems: 2,
          maxItems: 3,
          uniqueItems: true,
        },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array beside another type, and arrays whose items differ, are read by the same rule.
check("query_params/lists_of_several_types", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        list_or_int: { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "integer" }] },
        int_or_list: { anyOf: [{ type: "integer" }, { type: "array", items: { type: "integer" } }] },
        ints_or_words: {
          anyOf: [
            { type: "array", items: { type: "integer" } },
            { type: "array", items: { type: "string" } },
          ],
        },
        mixed_items: { type: "array", items: { anyOf: [{ type: "integer" }, { type: "boolean" }] } },
        tuple: {
          type: "array",
          prefixItems: [{ type: "integer" }, { type: "boolean" }],
          items: false,
          minItems: 2,
        },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array beside another type, and arrays whose items differ, in one pair.
check("query_params/lists_of_several_types_without_explode", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "list_or_int",
        in: "query",
        explode: false,
        schema: { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "integer" }] },
      },
      {
        name: "int_or_list",
        in: "query",
        explode: false,
        schema: { anyOf: [{ type: "integer" }, { type: "array", items: { type: "integer" } }] },
      },
      {
        name: "ints_or_words",
        in: "query",
        explode: false,
        schema: {
          anyOf: [
            { type: "array", items: { type: "integer" } },
            { type: "array", items: { type: "string" } },
          ],
        },
      },
      {
        name: "mixed_items",
        in: "query",
        explode: false,
        schema: { type: "array", items: { anyOf: [{ type: "integer" }, { type: "boolean" }] } },
      },
      {
        name: "tuple",
        in: "query",
        explode: false,
        schema: {
          type: "array",
          prefixItems: [{ type: "integer" }, { type: "boolean" }],
          items: false,
          minItems: 2,
        },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An incomplete escape or octets that are not UTF-8 make the request malformed.
check("query_params/malformed_escapes_are_refused", () => {
  const app = new Sabir();
  const options = { query: z.object({ name: z.string().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A required parameter that is missing is refused; an empty one is not missing.
check("query_params/missing_required_parameter", () => {
  const app = new Sabir();
  const options = { query: z.object({ name: z.string(), limit: z.int() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Names are compared exactly, and parameters that are not declared are ignored.
check("query_params/names_are_case_sensitive", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "limit", in: "query", schema: { type: "integer" } },
      { name: "Limit", in: "query", schema: { type: "integer" } },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Brackets, dots and hyphens are part of a name outside of deep objects.
check("query_params/names_with_brackets_and_dots", () => {
  const app = new Sabir();
  const options = {
    query: z.object({
      "page[size]": z.int().optional(),
      "user.name": z.string().optional(),
      "x-y": z.string().optional(),
      "ids[]": z.array(z.int()).optional(),
    }),
  };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Where any text is permitted, `null` and the empty text are text; null is what they mean where they are
// refused as text.
check("query_params/null_is_text_for_a_nullable_string", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        q: { type: ["string", "null"] },
        choice: { anyOf: [{ enum: ["a", "b"] }, { type: "null" }] },
        tags: { anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Where null is permitted an empty number is null; elsewhere it is refused.
check("query_params/nullable", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        n: { type: ["integer", "null"] },
        d: { anyOf: [{ type: "string", format: "date" }, { type: "null" }] },
        m: { type: "integer" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A number may have a fraction and an exponent; words for numbers are refused.
check("query_params/number", () => {
  const app = new Sabir();
  const options = { query: { type: "object", properties: { x: { type: "number" } } } } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An object in style form without explode alternates names and values.
check("query_params/object_without_explode", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "color",
        in: "query",
        explode: false,
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

// An absent optional parameter without a default has no value at all.
check("query_params/optional_parameter_is_left_out", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { a: { type: "string" }, b: { type: "integer" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Formats without a host type are checked and stay text.
check("query_params/other_formats_are_checked", () => {
  const app = new Sabir();
  const options = {
    query: {
      type: "object",
      properties: {
        mail: { type: "string", format: "email" },
        ip: { type: "string", format: "ipv4" },
        link: { type: "string", format: "uri" },
      },
    },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A pattern is searched for in the decoded text; it is not anchored.
check("query_params/pattern", () => {
  const app = new Sabir();
  const options = {
    query: z.object({
      code: z.string().regex(/^[A-Z]{2}-[0-9]+$/).optional(),
      word: z.string().regex(/b+/).optional(),
    }),
  };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Names and values are decoded once, as UTF-8, and what is escaped does not delimit.
check("query_params/percent_escapes", () => {
  const app = new Sabir();
  const options = { query: z.object({ name: z.string().optional(), "straße": z.string().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// An array in style pipeDelimited is cut at its vertical bars, escaped or not.
check("query_params/pipe_delimited", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "tag",
        in: "query",
        style: "pipeDelimited",
        explode: false,
        schema: { type: "array", items: { type: "string" } },
      },
      {
        name: "n",
        in: "query",
        style: "pipeDelimited",
        explode: false,
        schema: { type: "array", items: { type: "integer" } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A plus sign is a space, an escaped one is a plus sign.
check("query_params/plus_is_a_space", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { name: { type: "string" }, "two words": { type: "string" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A plus sign that is not escaped is a space, so an offset written with it is no date-time.
check("query_params/plus_sign_in_an_offset", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { at: { type: "string", format: "date-time" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A handler that reads the request sees the query as it was sent.
check("query_params/raw_query_string", () => {
  const app = new Sabir();
  app.get("/items", ({ request }) => ({ path: request.path, query_string: request.queryString }));
  return app;
});

// An exploded array takes one pair for each item, in order, with others in between.
check("query_params/repeated_pairs_are_a_list", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "tag", in: "query", schema: { type: "array", items: { type: "string" } } },
      { name: "n", in: "query", explode: true, schema: { type: "array", items: { type: "integer" } } },
      { name: "o", in: "query", schema: { type: "string" } },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A parameter of one value that is given twice is refused rather than cut to one of them.
check("query_params/repeated_single_value_is_refused", () => {
  const app = new Sabir();
  const options = { query: z.object({ n: z.int().optional(), name: z.string().optional() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A parameter may take its schema from the components, also by way of another.
check("query_params/schema_of_a_component", () => {
  const components = {
    Limit: { $ref: "#/components/schemas/Count", maximum: 50, default: 20 },
    Count: { type: "integer", minimum: 1, default: 1 },
    Id: { type: "integer" },
  } as const;
  const app = new Sabir({}, { components });
  const options = {
    parameters: [
      { name: "limit", in: "query", schema: { $ref: "#/components/schemas/Limit" } },
      {
        name: "ids",
        in: "query",
        explode: false,
        schema: { type: "array", items: { $ref: "#/components/schemas/Id" } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, { ...options, components }));
  return app;
});

// A parameter is what its schema says, also where that is behind an anchor or the URI of a schema inside it.
check("query_params/schemas_behind_anchors_and_uris", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "count",
        in: "query",
        schema: { $ref: "#count", $defs: { count: { $anchor: "count", type: "integer", minimum: 1 } } },
      },
      {
        name: "tags",
        in: "query",
        schema: {
          type: "array",
          items: { $ref: "https://example.org/tag" },
          $defs: {
            tag: {
              $id: "https://example.org/tag",
              anyOf: [{ type: "boolean" }, { $ref: "#word" }],
              $defs: { word: { $anchor: "word", type: "string", minLength: 2 } },
            },
          },
        },
      },
      {
        name: "point",
        in: "query",
        schema: {
          $ref: "point",
          $id: "https://example.org/shapes/root",
          $defs: {
            p: {
              $id: "point",
              type: "object",
              properties: { x: { $ref: "#number" }, y: { $ref: "#number" } },
              $defs: { n: { $anchor: "number", type: "number" } },
            },
          },
        },
        style: "deepObject",
        explode: true,
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("query_params/several_types", () => {
  const app = new Sabir();
  const options = {
    query: {
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

// An array in style spaceDelimited is cut at its spaces, in either escape.
check("query_params/space_delimited", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      {
        name: "tag",
        in: "query",
        style: "spaceDelimited",
        explode: false,
        schema: { type: "array", items: { type: "string" } },
      },
      {
        name: "n",
        in: "query",
        style: "spaceDelimited",
        explode: false,
        schema: { type: "array", items: { type: "integer" } },
      },
    ],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// Without a narrower schema a value stays text, whatever it looks like.
check("query_params/text", () => {
  const app = new Sabir();
  const options = {
    parameters: [{ name: "a", in: "query", schema: { type: "string" } }, { name: "b", in: "query" }],
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// A UUID is taken in either case and arrives in lower case.
check("query_params/uuids", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { id: { type: "string", format: "uuid" } } },
  } as const;
  app.get("/items", options, (context) => echo(context, options));
  return app;
});
