// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check, echo } from "../support/index.js";

// A file's content arrives byte for byte, line ends and all.
check("multipart/binary_file_is_untouched", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A file needs no filename: where the schema has a file, a part whose media type is not text is one.
check("multipart/binary_part_without_filename_is_a_file", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        file: { type: "string", format: "binary" },
        files: { type: "array", items: { type: "string", format: "binary" } },
        text: { type: "string" },
        n: { type: "integer" },
        data: { type: "object", properties: { a: { type: "integer" } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The limit of the whole body holds for multipart content.
check("multipart/body_limit_of_multipart", () => {
  const app = new Sabir({ bodyLimit: 1000 });
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Booleans and numbers are read from their text.
check("multipart/boolean_and_number_fields_are_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: { type: "object", properties: { gift: { type: "boolean" }, weight: { type: "number" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Names in brackets nest as they do in URL-encoded forms.
check("multipart/bracketed_names_nest", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The charset of a text part is honoured.
check("multipart/charset_of_a_text_part", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Dashes and parts of the boundary inside a file do not end it.
check("multipart/content_that_looks_like_a_boundary", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content in which the boundary never appears is malformed.
check("multipart/content_without_the_boundary_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// No directory that a client names is trusted.
check("multipart/directories_in_a_filename_are_dropped", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A file without content is a file of size zero.
check("multipart/empty_file", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A browser sends an empty text for a field that was left empty: an optional field that is no string is then
// absent.
check("multipart/field_left_empty_is_absent", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
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

// A field's text is UTF-8, its name as well.
check("multipart/field_outside_ascii", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// All failures of a multipart body are reported at once.
check("multipart/fields_and_files_are_validated_together", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { pages: { type: "integer", minimum: 1 }, title: { type: "string", minLength: 1 } },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A file above `file_memory_limit` is kept on disk and still read whole.
check("multipart/file_above_the_memory_limit_is_read", () => {
  const app = new Sabir({ fileMemoryLimit: 1024 });
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Files and fields may be mixed in one body.
check("multipart/file_beside_fields", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        title: { type: "string" },
        upload: { type: "string", format: "binary" },
        note: { type: "string" },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An empty file name without content means that no file was chosen, so the field is absent.
check("multipart/file_that_was_not_chosen", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A file name in UTF-8 arrives as it was sent.
check("multipart/filename_outside_ascii", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Each field has its own file.
check("multipart/files_in_two_fields", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { front: { type: "string", format: "binary" }, back: { type: "string", format: "binary" } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// One body may have files in memory and on disk.
check("multipart/files_on_both_sides_of_the_memory_limit", () => {
  const app = new Sabir({ fileMemoryLimit: 100 });
  const options = {
    form: {
      type: "object",
      properties: { files: { type: "array", items: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text field that the schema declares as an integer arrives as one.
check("multipart/integer_field_is_coerced", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": { schema: { type: "object", properties: { quantity: { type: "integer" } } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A part of type application/json is read as JSON.
check("multipart/json_part", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        meta: { type: "object", properties: { n: { type: "integer" } } },
        upload: { type: "string", format: "binary" },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A failure inside a JSON part is pointed at.
check("multipart/json_part_is_validated", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { meta: { type: "object", properties: { n: { type: "integer", minimum: 1 } } } },
          },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content without the closing delimiter is incomplete.
check("multipart/last_boundary_without_dashes_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array beside another type, and arrays whose items differ, are read by the rule of parameters.
check("multipart/lists_of_several_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
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

// A JSON part must be well formed.
check("multipart/malformed_json_part_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": { schema: { type: "object", properties: { meta: { type: "object" } } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Multipart content without a boundary parameter cannot be read.
check("multipart/missing_boundary_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A required file that is not there is a validation problem.
check("multipart/missing_required_file", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { title: { type: "string" }, upload: { type: "string", format: "binary" } },
      required: ["upload"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A body of the closing delimiter alone has no fields.
check("multipart/no_parts", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A part with a file name arrives as a file with name, type, size and content.
check("multipart/one_file", () => {
  const app = new Sabir();
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A field of several files that got one is a list of one.
check("multipart/one_file_in_a_field_of_several", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { files: { type: "array", items: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A boundary has at most 70 characters.
check("multipart/overlong_boundary_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A disposition that names the field twice is malformed: two readers could see two forms.
check("multipart/parameter_given_twice_is_refused", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        file: { type: "string", format: "binary" },
        files: { type: "array", items: { type: "string", format: "binary" } },
        text: { type: "string" },
        n: { type: "integer" },
        data: { type: "object", properties: { a: { type: "integer" } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Header fields of parts are named without regard to case.
check("multipart/part_header_names_ignore_case", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Several parts below the limit may together be above it.
check("multipart/part_limit_is_per_part", () => {
  const app = new Sabir({ partLimit: 10 });
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The limit holds for text fields as well.
check("multipart/part_limit_of_a_field", () => {
  const app = new Sabir({ partLimit: 10 });
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A file above `part_limit` is refused, one of exactly that size is read.
check("multipart/part_limit_of_a_file", () => {
  const app = new Sabir({ partLimit: 100 });
  const options = {
    form: { type: "object", properties: { upload: { type: "string", format: "binary" } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every part must have a Content-Disposition field.
check("multipart/part_without_disposition_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every part must have a name.
check("multipart/part_without_name_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// What stands before the first and after the last boundary has no meaning.
check("multipart/preamble_and_epilogue_are_ignored", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A boundary in quotation marks is the text between them.
check("multipart/quoted_boundary", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text field that is an array collects its repetitions.
check("multipart/repeated_field_becomes_a_list", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: { type: "object", properties: { n: { type: "array", items: { type: "integer" } } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Without content a required multipart body is missing.
check("multipart/required_body_is_missing", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A required file that was not chosen is missing.
check("multipart/required_file_that_was_not_chosen", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { upload: { type: "string", format: "binary" } },
      required: ["upload"],
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text where the schema has a file, and a file where it has none, do not reach the handler.
check("multipart/schema_decides_what_is_a_file", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        file: { type: "string", format: "binary" },
        files: { type: "array", items: { type: "string", format: "binary" } },
        text: { type: "string" },
        n: { type: "integer" },
        data: { type: "object", properties: { a: { type: "integer" } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Parts of one name are a list of files in their order.
check("multipart/several_files_in_one_field", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { files: { type: "array", items: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("multipart/several_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
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

// A filename is read in every way that clients write it; names of parameters ignore case.
check("multipart/spellings_of_a_filename", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: {
        file: { type: "string", format: "binary" },
        files: { type: "array", items: { type: "string", format: "binary" } },
        text: { type: "string" },
        n: { type: "integer" },
        data: { type: "object", properties: { a: { type: "integer" } } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Parts without a file name are fields of text.
check("multipart/text_fields", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text field that is not UTF-8 is malformed.
check("multipart/text_part_that_is_not_utf_8_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The number of files in a field is bounded by maxItems.
check("multipart/too_many_files_for_a_field", () => {
  const app = new Sabir();
  const options = {
    form: {
      type: "object",
      properties: { files: { type: "array", items: { type: "string", format: "binary" }, maxItems: 1 } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// More parts than `form_field_limit` are refused.
check("multipart/too_many_parts", () => {
  const app = new Sabir({ formFieldLimit: 2 });
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content that ends inside a part is malformed.
check("multipart/truncated_content_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content that ends inside the header of a part is malformed.
check("multipart/truncated_part_head_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A closed schema refuses a part that it does not declare.
check("multipart/unexpected_field_is_refused_when_closed", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: { type: "object", properties: { title: { type: "string" } }, additionalProperties: false },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A URL-encoded form is refused where multipart is declared.
check("multipart/wrong_content_type", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "multipart/form-data": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});
