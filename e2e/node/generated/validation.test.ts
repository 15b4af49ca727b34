// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// Members that match a pattern are not additional.
check("validation/additional_properties_beside_patterns", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: { type: "object", patternProperties: { "^x-": {} }, additionalProperties: false },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A closed object refuses every member that it does not name, one failure for each.
check("validation/additional_properties_refused", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", properties: { a: {} }, additionalProperties: false } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Members that are not named must fit the schema of the others.
check("validation/additional_properties_schema", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          type: "object",
          properties: { name: { type: "string" } },
          additionalProperties: { type: "integer" },
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must fit every schema; each failure is reported by its own keyword.
check("validation/all_of", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { allOf: [{ type: "string", minLength: 2 }, { pattern: "^[a-z]*$" }] } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Titles, descriptions, examples and comments describe; they refuse nothing.
check("validation/annotations_do_not_refuse", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          type: "string",
          title: "T",
          description: "D",
          examples: ["e"],
          deprecated: true,
          $comment: "C",
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must fit one schema at least.
check("validation/any_of", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { anyOf: [{ type: "integer", minimum: 10 }, { type: "string" }] } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The schema true takes everything.
check("validation/boolean_schema_true", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", properties: { a: true } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Bounds are compared exactly beyond 64 bits of precision of a double.
check("validation/bounds_of_big_integers", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "integer", maximum: 9007199254740992 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must be this one.
check("validation/const_keyword", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { const: "v1" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Objects are equal whatever the order of their members.
check("validation/const_object", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { const: { a: 1, b: 2 } } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// At least one element must fit.
check("validation/contains", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", contains: { type: "string" } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A member may require others.
check("validation/dependent_required", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", dependentRequired: { card: ["address"] } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A member may bring a schema for the whole object.
check("validation/dependent_schemas", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: { type: "object", dependentSchemas: { card: { properties: { limit: { type: "integer" } } } } },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must be one of those listed.
check("validation/enum_keyword", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { enum: ["red", "green"] } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The listed values may be of any type.
check("validation/enum_of_mixed_types", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { enum: [1, "a", null, [2]] } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The exclusive maximum itself is not permitted.
check("validation/exclusive_maximum", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "integer", exclusiveMaximum: 10 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The exclusive minimum itself is not permitted.
check("validation/exclusive_minimum", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.int().gt(0) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format date is asserted.
check("validation/format_date", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "date" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format date-time is asserted.
check("validation/format_date_time", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "date-time" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format decimal takes a number as text and keeps its digits.
check("validation/format_decimal", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "decimal" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format duration is asserted.
check("validation/format_duration", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "duration" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format email is asserted.
check("validation/format_email", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "email" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format hostname is asserted.
check("validation/format_hostname", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "hostname" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format idn-email is asserted.
check("validation/format_idn_email", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "idn-email" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format idn-hostname is asserted.
check("validation/format_idn_hostname", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "idn-hostname" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format ipv4 is asserted.
check("validation/format_ipv4", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "ipv4" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format ipv6 is asserted.
check("validation/format_ipv6", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "ipv6" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format iri is asserted.
check("validation/format_iri", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "iri" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format iri-reference is asserted.
check("validation/format_iri_reference", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "iri-reference" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format json-pointer is asserted.
check("validation/format_json_pointer", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "json-pointer" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A format for strings says nothing of numbers.
check("validation/format_of_another_type_is_ignored", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: ["string", "integer"], format: "email" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format regex is asserted.
check("validation/format_regex", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "regex" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format relative-json-pointer is asserted.
check("validation/format_relative_json_pointer", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "relative-json-pointer" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format time is asserted.
check("validation/format_time", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "time" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format uri is asserted.
check("validation/format_uri", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "uri" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format uri-reference is asserted.
check("validation/format_uri_reference", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "uri-reference" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format uri-template is asserted.
check("validation/format_uri_template", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "uri-template" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The format uuid is asserted.
check("validation/format_uuid", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", format: "uuid" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A value that does not fit the condition must fit `else`.
check("validation/if_else", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          type: "object",
          if: { properties: { country: { const: "US" } }, required: ["country"] },
          then: { properties: { zip: { pattern: "^[0-9]{5}$" } } },
          else: { properties: { zip: { maxLength: 8 } } },
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A value that fits the condition must fit `then`.
check("validation/if_then", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          type: "object",
          if: { properties: { country: { const: "US" } }, required: ["country"] },
          then: { properties: { zip: { pattern: "^[0-9]{5}$" } } },
          else: { properties: { zip: { maxLength: 8 } } },
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type number takes whole numbers as well.
check("validation/integer_is_a_number", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.number() }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every element must fit.
check("validation/items", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", items: { type: "integer" } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// With `prefixItems`, `items` describes the elements after them.
check("validation/items_after_prefix_items", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", prefixItems: [{ type: "string" }], items: { type: "integer" } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A keyword for another type than the value's has no effect.
check("validation/keywords_of_other_types_are_ignored", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { minLength: 5, minimum: 10, minItems: 2 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// No more elements than the maximum may fit.
check("validation/max_contains", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", contains: { type: "string" }, maxContains: 1 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array may have as many elements as the maximum.
check("validation/max_items", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.array(z.int()).max(2) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A string may have as many characters as the maximum.
check("validation/max_length", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", maxLength: 3 } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Characters are counted, not bytes or UTF-16 units.
check("validation/max_length_counts_code_points", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", maxLength: 2 } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An object may have as many members as the maximum.
check("validation/max_properties", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", maxProperties: 1 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The maximum itself is permitted, more is not.
check("validation/maximum", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.int().max(10) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// As many elements as the minimum must fit.
check("validation/min_contains", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", contains: { type: "string" }, minContains: 2 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// With a minimum of zero no element has to fit.
check("validation/min_contains_of_zero", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", contains: { type: "string" }, minContains: 0 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array must have as many elements as the minimum.
check("validation/min_items", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.array(z.int()).min(1) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A string must have as many characters as the minimum.
check("validation/min_length", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.string().min(2) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// One character outside the basic plane is one character.
check("validation/min_length_counts_code_points", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", minLength: 2 } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An object must have as many members as the minimum.
check("validation/min_properties", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", minProperties: 1 } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The minimum itself is permitted, less is not.
check("validation/minimum", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.int().min(1) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An integer must be a multiple.
check("validation/multiple_of", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "integer", multipleOf: 5 } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A fraction counts as it is written in decimal.
check("validation/multiple_of_a_fraction", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.number().multipleOf(0.01) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must not fit the schema.
check("validation/not_keyword", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { not: { type: "string" } } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Numbers are held against bounds, multiples and other numbers by their mathematical value, at any size.
check("validation/numbers_are_compared_exactly", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "array",
      prefixItems: [
        { type: "integer" },
        { maximum: 1 },
        { exclusiveMinimum: -9007199254740993n },
        { multipleOf: 0.01 },
        { enum: [0.1, 9007199254740993n] },
        { type: "array", uniqueItems: true },
      ],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The value must fit exactly one schema.
check("validation/one_of", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: { oneOf: [{ type: "integer", multipleOf: 3 }, { type: "integer", multipleOf: 5 }] },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Alternatives of objects are told apart by a constant member.
check("validation/one_of_objects", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          oneOf: [
            {
              type: "object",
              properties: { kind: { const: "a" }, n: { type: "integer" } },
              required: ["kind", "n"],
            },
            {
              type: "object",
              properties: { kind: { const: "b" }, s: { type: "string" } },
              required: ["kind", "s"],
            },
          ],
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A string must match the pattern.
check("validation/pattern", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.string().regex(/^[A-Z]{3}-[0-9]+$/) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A pattern matches anywhere in the string unless it says otherwise.
check("validation/pattern_is_not_anchored", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "string", pattern: "b+" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Members whose names match a pattern must fit its schema.
check("validation/pattern_properties", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", patternProperties: { "^x-": { type: "string" } } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Patterns are regular expressions of ECMA-262: a dot is no line end, classes are of ASCII, anchors are those
// of the text; look-ahead at the beginning is matched in linear time.
check("validation/patterns_mean_what_ecma_262_says", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "array",
      prefixItems: [
        { pattern: "^.$" },
        { pattern: "^\\d+$" },
        { pattern: "^\\w+$" },
        { pattern: "^\\s$" },
        { pattern: "^a\\/\\cJ$" },
        { pattern: "^(?=.*[A-Z])(?!.*\\s).{3,}$" },
        { pattern: "^(?<x>.)\\k<x>$" },
        { pattern: "^\\p{Lu}$" },
      ],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Names with slashes and tildes are escaped in pointers.
check("validation/pointer_escapes", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", additionalProperties: { type: "integer" } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A pointer names every step down to the value that does not fit.
check("validation/pointer_into_nested_arrays", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.array(z.array(z.int().min(0))) }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The first elements have schemas of their own.
check("validation/prefix_items", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }] } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Each named member must fit its own schema.
check("validation/properties", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: { type: "object", properties: { a: { type: "integer" }, b: { type: "string" } } },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The names of members must fit a schema.
check("validation/property_names", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", propertyNames: { pattern: "^[a-z]+$" } } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A schema that contains itself holds at every depth.
check("validation/recursive_ref", () => {
  const components = {
    Node: {
      type: "object",
      properties: {
        n: { type: "integer" },
        children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
      },
    },
  } as const;
  const app = new Sabir({}, { components });
  const options = {
    body: {
      type: "object",
      properties: { value: { $ref: "#/components/schemas/Node" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, { ...options, components }));
  return app;
});

// Keywords beside a reference count as well.
check("validation/ref_beside_other_keywords", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { $ref: "#/$defs/Name", maxLength: 3 } },
      required: ["value"],
      $defs: { Name: { type: "string", minLength: 1 } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Components may refer to one another.
check("validation/ref_between_components", () => {
  const components = {
    Order: {
      type: "object",
      properties: { lines: { type: "array", items: { $ref: "#/components/schemas/Line" } } },
    },
    Line: { type: "object", properties: { n: { type: "integer", minimum: 1 } } },
  } as const;
  const app = new Sabir({}, { components });
  const options = {
    body: {
      type: "object",
      properties: { value: { $ref: "#/components/schemas/Order" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, { ...options, components }));
  return app;
});

// A reference to the components of the application is followed.
check("validation/ref_to_components", () => {
  const components = {
    Order: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } },
  } as const;
  const app = new Sabir({}, { components });
  const options = {
    body: {
      type: "object",
      properties: { value: { $ref: "#/components/schemas/Order" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, { ...options, components }));
  return app;
});

// A reference to `$defs` of the same schema is followed.
check("validation/ref_to_definitions", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { $ref: "#/$defs/Quantity" } },
      required: ["value"],
      $defs: { Quantity: { type: "integer", minimum: 1 } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every required member that is missing is reported at the object that lacks it.
check("validation/required", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "object", required: ["a", "b"] } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every keyword that one value fails is reported.
check("validation/several_keywords_of_one_value", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", minLength: 3, pattern: "^[a-z]+$" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type array takes arrays only.
check("validation/type_array", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "array" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type boolean takes true and false; 0 and 1 are none.
check("validation/type_boolean", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.boolean() }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type integer takes whole numbers and no strings of digits.
check("validation/type_integer", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "integer" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types the value must have one.
check("validation/type_list", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: ["string", "null"] } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type null takes null only.
check("validation/type_null", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "null" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type number takes numbers with a fraction; a boolean is none.
check("validation/type_number", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type object takes objects only.
check("validation/type_object", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "object" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The type string takes strings only.
check("validation/type_string", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ value: z.string() }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Elements that no other keyword describes are refused.
check("validation/unevaluated_items", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: { type: "array", allOf: [{ prefixItems: [{ type: "string" }] }], unevaluatedItems: false },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Members that no other keyword describes are refused, also across combined schemas.
check("validation/unevaluated_properties", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: {
        value: {
          allOf: [{ type: "object", properties: { a: {} } }, { properties: { b: {} } }],
          unevaluatedProperties: false,
        },
      },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// No two elements may be equal.
check("validation/unique_items", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "array", uniqueItems: true } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A format that is not known refuses nothing.
check("validation/unknown_format_is_an_annotation", () => {
  const app = new Sabir();
  const options = {
    body: {
      type: "object",
      properties: { value: { type: "string", format: "x-colour" } },
      required: ["value"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Without a setting, a hundred violations are told, of however many branches a combination has and whichever
// members are not permitted.
check("validation/violations_are_told_up_to_a_hundred", () => {
  const app = new Sabir();
  const itemsOptions = {
    body: {
      type: "array",
      items: {
        oneOf: [
          { type: "integer", minimum: 0, maximum: 0 },
          { type: "integer", minimum: 1, maximum: 1 },
          { type: "integer", minimum: 2, maximum: 2 },
          { type: "integer", minimum: 3, maximum: 3 },
          { type: "integer", minimum: 4, maximum: 4 },
          { type: "integer", minimum: 5, maximum: 5 },
          { type: "integer", minimum: 6, maximum: 6 },
          { type: "integer", minimum: 7, maximum: 7 },
        ],
      },
    },
  } as const;
  app.post("/items", itemsOptions, (context) => echo(context, itemsOptions));
  const objectsOptions = { body: { type: "object", additionalProperties: false } } as const;
  app.post("/objects", objectsOptions, (context) => echo(context, objectsOptions));
  return app;
});

// As many violations are told as the setting permits, of parameters and body together, and the problem says
// when there are more.
check("validation/violations_are_told_up_to_a_limit", () => {
  const app = new Sabir({ violationLimit: 3 });
  const options = { query: z.object({ n: z.int().optional() }), body: z.array(z.string()) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The number 1.0 is an integer, for JSON knows one kind of number.
check("validation/whole_number_with_a_fraction_of_zero_is_an_integer", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { value: { type: "integer" } }, required: ["value"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});
