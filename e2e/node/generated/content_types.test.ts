// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check, echo } from "../support/index.js";

// A byte order mark is no part of a text.
check("content_types/byte_order_mark_of_text_is_dropped", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content of application/octet-stream arrives as bytes, whatever they are.
check("content_types/bytes", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content without a Content-Type counts as application/octet-stream where that is declared.
check("content_types/bytes_without_a_type", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content with the coding gzip or deflate is decoded before it is read, whatever it is.
check("content_types/coding_is_decoded", () => {
  const app = new Sabir();
  const jsonOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/json", jsonOptions, (context) => echo(context, jsonOptions));
  const formOptions = {
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  const multipartOptions = {
    requestBody: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, file: { type: "string", format: "binary" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/multipart", multipartOptions, (context) => echo(context, multipartOptions));
  const textOptions = { requestBody: { content: { "text/plain": { schema: { type: "string" } } } } } as const;
  app.post("/text", textOptions, (context) => echo(context, textOptions));
  app.post("/bytes", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
    "header:content-encoding": request.header("content-encoding") ?? null,
    "header:content-length": request.header("content-length") ?? null,
  }));
  return app;
});

// Content that is not what its coding says is refused.
check("content_types/content_that_does_not_fit_its_coding_is_refused", () => {
  const app = new Sabir();
  const jsonOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/json", jsonOptions, (context) => echo(context, jsonOptions));
  const formOptions = {
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  const multipartOptions = {
    requestBody: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, file: { type: "string", format: "binary" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/multipart", multipartOptions, (context) => echo(context, multipartOptions));
  const textOptions = { requestBody: { content: { "text/plain": { schema: { type: "string" } } } } } as const;
  app.post("/text", textOptions, (context) => echo(context, textOptions));
  app.post("/bytes", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
    "header:content-encoding": request.header("content-encoding") ?? null,
    "header:content-length": request.header("content-length") ?? null,
  }));
  return app;
});

// The limit of the body holds for decoded content.
check("content_types/decoded_content_has_the_limit_of_the_body", () => {
  const app = new Sabir({ bodyLimit: 2500 });
  const jsonOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/json", jsonOptions, (context) => echo(context, jsonOptions));
  const formOptions = {
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  const multipartOptions = {
    requestBody: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, file: { type: "string", format: "binary" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/multipart", multipartOptions, (context) => echo(context, multipartOptions));
  const textOptions = { requestBody: { content: { "text/plain": { schema: { type: "string" } } } } } as const;
  app.post("/text", textOptions, (context) => echo(context, textOptions));
  app.post("/bytes", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
    "header:content-encoding": request.header("content-encoding") ?? null,
    "header:content-length": request.header("content-length") ?? null,
  }));
  return app;
});

// Decoded content may neither pass the limit of the body nor be too many times as large as what was sent.
check("content_types/decoded_content_is_limited", () => {
  const app = new Sabir({ expansionLimit: 100 });
  const jsonOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/json", jsonOptions, (context) => echo(context, jsonOptions));
  const formOptions = {
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  const multipartOptions = {
    requestBody: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, file: { type: "string", format: "binary" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/multipart", multipartOptions, (context) => echo(context, multipartOptions));
  const textOptions = { requestBody: { content: { "text/plain": { schema: { type: "string" } } } } } as const;
  app.post("/text", textOptions, (context) => echo(context, textOptions));
  app.post("/bytes", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
    "header:content-encoding": request.header("content-encoding") ?? null,
    "header:content-length": request.header("content-length") ?? null,
  }));
  return app;
});

// The Accept field of a refusal names all declared types in their order.
check("content_types/every_declared_type_is_named", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: { "application/json": {}, "text/plain": { schema: { type: "string" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The field's own name is compared without regard to case.
check("content_types/header_name_ignores_case", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A type without a reading of its own arrives as bytes.
check("content_types/image_arrives_as_bytes", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: { "image/png": { schema: { type: "string", format: "binary" } } },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// One object may be sent as JSON or as a form, and the handler sees the same.
check("content_types/json_and_form_of_one_object", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: { type: "object", properties: { n: { type: "integer" } } } },
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { n: { type: "integer" } } },
        },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A Content-Type that is no media type is unsupported.
check("content_types/malformed_type_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content without a Content-Type is not taken for JSON.
check("content_types/missing_type_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Where a range and a type both cover the content, the type counts.
check("content_types/most_specific_declaration_counts", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "text/*": { schema: { type: "string", maxLength: 1 } },
        "text/plain": { schema: { type: "string", maxLength: 3 } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every text type is read as text.
check("content_types/other_text_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The names of parameters are compared without regard to case.
check("content_types/parameter_names_ignore_case", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Parameters that mean nothing to the type do not stop it from matching.
check("content_types/parameters_are_ignored_in_the_choice", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A charset may stand in quotation marks.
check("content_types/quoted_charset", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A declared range such as image/* covers every type of its kind and no other.
check("content_types/range_covers_its_types", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "image/*": { schema: { type: "string", format: "binary" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// With several declared types the Content-Type chooses how content is read.
check("content_types/several_types_choose_the_reading", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: { type: "object", required: ["sku"] } },
        "text/plain": { schema: { type: "string", minLength: 2 } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// With several declared types each has its own schema.
check("content_types/several_types_choose_the_schema", () => {
  const app = new Sabir();
  const options = {
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: { type: "object", required: ["sku"] } },
        "text/plain": { schema: { type: "string", minLength: 2 } },
      },
    },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Types are compared whole: a declared type that is only a beginning of the sent one does not match.
check("content_types/similar_type_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text in ISO-8859-1 arrives as characters, not as bytes.
check("content_types/text_in_latin_1", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text in a multi-byte charset is read.
check("content_types/text_in_shift_jis", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text in UTF-16 is read by its charset.
check("content_types/text_in_utf_16", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text that says it is UTF-8 is read as such.
check("content_types/text_in_utf_8", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text in windows-1252 has its own characters between 0x80 and 0x9F.
check("content_types/text_in_windows_1252", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text without a charset is UTF-8.
check("content_types/text_is_utf_8_by_default", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The schema of a text holds for the whole of it.
check("content_types/text_is_validated", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string", maxLength: 3 } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Line ends and white space of a text are left as they are.
check("content_types/text_keeps_its_line_ends", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Bytes that are no text in the announced charset are malformed.
check("content_types/text_that_does_not_fit_its_charset_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Media types are compared without regard to case.
check("content_types/type_ignores_case", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content of the wrong type is refused as such even when it is malformed too.
check("content_types/type_is_judged_before_syntax", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An operation that declares no body does not judge the type of content.
check("content_types/type_of_an_undeclared_body_is_free", () => {
  const app = new Sabir();
  app.post("/items", async ({ request }) => ({ size: (await request.bytes()).length }));
  return app;
});

// Without content the Content-Type of an optional body does not matter.
check("content_types/type_without_content_is_not_judged", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Text in a charset that is not known is unsupported, not guessed.
check("content_types/unknown_charset_is_refused", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content with a coding that is not decoded is refused with those that are.
check("content_types/unknown_coding_is_refused", () => {
  const app = new Sabir();
  const jsonOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/json", jsonOptions, (context) => echo(context, jsonOptions));
  const formOptions = {
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        },
      },
    },
  } as const;
  app.post("/form", formOptions, (context) => echo(context, formOptions));
  const multipartOptions = {
    requestBody: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, file: { type: "string", format: "binary" } },
            required: ["name"],
          },
        },
      },
    },
  } as const;
  app.post("/multipart", multipartOptions, (context) => echo(context, multipartOptions));
  const textOptions = { requestBody: { content: { "text/plain": { schema: { type: "string" } } } } } as const;
  app.post("/text", textOptions, (context) => echo(context, textOptions));
  app.post("/bytes", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
    "header:content-encoding": request.header("content-encoding") ?? null,
    "header:content-length": request.header("content-length") ?? null,
  }));
  return app;
});

// A declaration of */* takes any type.
check("content_types/wildcard_takes_everything", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "*/*": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A media range is no media type.
check("content_types/wildcard_type_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content of a type that is not declared is refused; the answer names the declared type.
check("content_types/wrong_type_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});
