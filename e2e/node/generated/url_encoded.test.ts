// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check, echo } from "../support/index.js";

// Fields that only `additionalProperties` describes are coerced by it.
check("url_encoded/additional_fields_are_coerced_by_their_schema", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", additionalProperties: { type: "integer" } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field that a closed schema does not declare is refused.
check("url_encoded/additional_fields_are_refused_when_closed", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, additionalProperties: false },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every field that does not fit is named.
check("url_encoded/all_failures_are_reported_at_once", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: { a: { type: "integer", minimum: 1 }, b: { type: "integer" } },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A percent sign without two hexadecimal digits is malformed.
check("url_encoded/bad_percent_escape_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field that the schema declares as a boolean takes true and false.
check("url_encoded/boolean_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { a: { type: "boolean" }, b: { type: "boolean" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A name in brackets is a member of the field before them.
check("url_encoded/brackets_nest_objects", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              address: {
                type: "object",
                properties: {
                  city: { type: "string" },
                  geo: { type: "object", properties: { lat: { type: "number" } } },
                },
              },
            },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Raw bytes that are not UTF-8 are malformed.
check("url_encoded/bytes_that_are_not_utf_8_are_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field with the format date arrives as a date.
check("url_encoded/date_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { day: { type: "string", format: "date" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field with the format decimal keeps trailing zeros.
check("url_encoded/decimal_field_keeps_its_digits", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { price: { type: "string", format: "decimal" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A name with a great many brackets is refused without harm.
check("url_encoded/deeply_nested_name_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// By default 1000 fields are read and 1001 are refused.
check("url_encoded/default_field_limit", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A name that ends in empty brackets is an array, even with one element.
check("url_encoded/empty_brackets_make_a_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A form without content is a missing body.
check("url_encoded/empty_form_where_one_is_required", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An input that was left empty is null where the schema permits null.
check("url_encoded/empty_number_is_null_where_null_is_permitted", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { age: { type: ["integer", "null"] } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Ampersands that separate nothing are skipped.
check("url_encoded/empty_pairs_are_skipped", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field with an enumeration takes only its values.
check("url_encoded/enumeration_of_a_field", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { size: { type: "string", enum: ["s", "m", "l"] } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Only the first equals sign separates name and value.
check("url_encoded/equals_signs_after_the_first_belong_to_the_value", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Escaped ampersands and equals signs do not separate.
check("url_encoded/escaped_separators_belong_to_the_value", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Escapes whose bytes are not UTF-8 are malformed instead of replaced.
check("url_encoded/escapes_that_are_not_utf_8_are_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A browser sends an empty text for a field that was left empty: an optional field that is no string is then
// absent.
check("url_encoded/field_left_empty_is_absent", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              n: { type: "integer" },
              day: { type: "string", format: "date" },
              ns: { type: "array", items: { type: "integer" } },
              s: { type: "string" },
              must: { type: "integer" },
            },
            required: ["must"],
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field cannot be both a value and an object.
check("url_encoded/field_that_is_a_value_and_an_object_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A name without an equals sign has the empty value.
check("url_encoded/field_without_equals_sign_is_empty", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Fields are coerced by a schema that is only referred to.
check("url_encoded/fields_declared_in_a_component", () => {
  const components = {
    Order: {
      type: "object",
      properties: { sku: { type: "string" }, quantity: { type: "integer", minimum: 1 } },
      required: ["sku"],
    },
  } as const;
  const app = new Sabir({}, { components });
  const options = {
    requestBody: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema: { $ref: "#/components/schemas/Order" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, { ...options, components }));
  return app;
});

// The fields of a form arrive as an object of strings.
check("url_encoded/flat_fields", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field that the schema declares as an integer arrives as one.
check("url_encoded/integer_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { quantity: { type: "integer" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An integer field beyond 64 bits keeps its digits.
check("url_encoded/large_integer_field_is_exact", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { id: { type: "integer" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array beside another type, and arrays whose items differ, are read by the rule of parameters.
check("url_encoded/lists_of_several_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
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
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A required field that is missing is reported at the object that lacks it.
check("url_encoded/missing_required_field", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, city: { type: "string" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A required member of a nested object is reported at that object.
check("url_encoded/missing_required_nested_field", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              address: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
            },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field that the schema declares as a number arrives as a float.
check("url_encoded/number_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { price: { type: "number" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Numbers in brackets give the order of an array's elements.
check("url_encoded/numbered_brackets_order_a_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { n: { type: "array", items: { type: "integer" } } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Elements of an array may be objects.
check("url_encoded/objects_in_a_numbered_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              lines: {
                type: "array",
                items: {
                  type: "object",
                  properties: { sku: { type: "string" }, quantity: { type: "integer" } },
                },
              },
            },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Brackets mean the same when they are percent-encoded, as browsers send them.
check("url_encoded/percent_encoded_brackets_nest_objects", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: { address: { type: "object", properties: { city: { type: "string" } } } },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Percent escapes are bytes of UTF-8, in names as well as in values.
check("url_encoded/percent_escapes_are_decoded_as_utf_8", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A plus sign stands for a space, an escaped one for itself.
check("url_encoded/plus_is_a_space", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field that the schema declares as an array collects its repetitions in order.
check("url_encoded/repeated_field_becomes_a_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { tag: { type: "array", items: { type: "string" } } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field declared as one string must not be given twice.
check("url_encoded/repeated_field_of_a_single_value_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every element of an array field is coerced by the schema of the items.
check("url_encoded/repeated_integers_are_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { n: { type: "array", items: { type: "integer" } } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field of a form is what its schema says, also where that is behind an anchor or the URI of a schema
// inside it.
check("url_encoded/schemas_behind_anchors_and_uris", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              count: { $ref: "#count" },
              tags: { type: "array", items: { $ref: "https://example.org/tag" } },
            },
            $defs: {
              count: { $anchor: "count", type: "integer", minimum: 1 },
              tag: {
                $id: "https://example.org/tag",
                anyOf: [{ type: "boolean" }, { $ref: "#word" }],
                $defs: { word: { $anchor: "word", type: "string", minLength: 2 } },
              },
            },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A semicolon is part of the value.
check("url_encoded/semicolon_is_no_separator", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("url_encoded/several_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
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
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array field that is given once is a list of one.
check("url_encoded/single_field_of_an_array_becomes_a_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { tag: { type: "array", items: { type: "string" } } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field whose text does not fit the declared type is a validation problem.
check("url_encoded/text_that_is_no_integer_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { quantity: { type: "integer" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A form with more fields than `form_field_limit` is refused, one with exactly so many is read.
check("url_encoded/too_many_fields", () => {
  const app = new Sabir({ formFieldLimit: 3 });
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text outside ASCII that is not escaped is read as UTF-8.
check("url_encoded/unescaped_utf_8_is_read", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Brackets that do not pair have no meaning.
check("url_encoded/unpaired_brackets_are_part_of_the_name", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field with the format uuid arrives as a UUID in lower case.
check("url_encoded/uuid_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { id: { type: "string", format: "uuid" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Without a schema nothing is guessed from the looks of a value.
check("url_encoded/values_stay_strings_without_a_schema", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/x-www-form-urlencoded": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});
