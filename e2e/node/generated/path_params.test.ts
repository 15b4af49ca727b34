// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// A bool variable takes true and false only.
check("path_params/bool", () => {
  const app = new Sabir();
  app.get("/flags/{on:bool}", (context) => echo(context, { path: "/flags/{on:bool}" }));
  return app;
});

// Variables keep their case, and names of variables may have hyphens and underscores.
check("path_params/case_of_values_is_kept", () => {
  const app = new Sabir();
  app.get("/users/{user-name}/{_id}", (context) => echo(context));
  return app;
});

// A choice takes its alternatives only, exactly as they are written.
check("path_params/choice", () => {
  const app = new Sabir();
  app.get("/shop/{kind:books|music}", (context) => echo(context, { path: "/shop/{kind:books|music}" }));
  app.get("/box/{size:(s|m|l)}/{n:int}", (context) => echo(context, { path: "/box/{size:(s|m|l)}/{n:int}" }));
  return app;
});

// A converter of the application matches whole segments by its expression.
check("path_params/custom_converter", () => {
  const app = new Sabir();
  app.converter("sku", "[A-Z]{3}-[0-9]{4}", { type: "string" });
  app.converter("hex", "[0-9a-f]+|none", { type: "string" });
  app.get("/items/{sku:sku}", (context) => echo(context));
  app.get("/rolls/{n:hex}.png", (context) => echo(context));
  return app;
});

// A date variable takes days that exist.
check("path_params/date", () => {
  const app = new Sabir();
  app.get("/days/{day:date}", (context) => echo(context, { path: "/days/{day:date}" }));
  return app;
});

// A datetime variable takes points in time with an offset, escaped or not.
check("path_params/datetime", () => {
  const app = new Sabir();
  app.get("/log/{at:datetime}", (context) => echo(context, { path: "/log/{at:datetime}" }));
  return app;
});

// A variable never takes an empty segment.
check("path_params/empty_segment_is_no_value", () => {
  const app = new Sabir({ trailingSlash: "strict" });
  app.get("/users/{name}", (context) => echo(context));
  app.get("/users/{name}/posts/{id:int}", (context) =>
    echo(context, { path: "/users/{name}/posts/{id:int}" }),
  );
  return app;
});

// The values of an enumeration are the only ones of a plain variable.
check("path_params/enumeration", () => {
  const app = new Sabir();
  const sortOptions = {
    params: { type: "object", properties: { by: { type: "string", enum: ["name", "date"] } } },
  } as const;
  app.get("/sort/{by}", sortOptions, (context) => echo(context, sortOptions));
  const sizeOptions = {
    params: { type: "object", properties: { n: { type: "integer", enum: [1, 2] } } },
  } as const;
  app.get("/size/{n}", sizeOptions, (context) => echo(context, sizeOptions));
  return app;
});

// A comma that is escaped is data, not the end of an item.
check("path_params/escaped_comma_in_an_array", () => {
  const app = new Sabir();
  const bOptions = {
    params: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  } as const;
  app.get("/b/{tags}", bOptions, (context) => echo(context, bOptions));
  const cOptions = {
    params: { type: "object", properties: { c: { type: "array", items: { type: "string" } } } },
  } as const;
  app.get("/c/-{c}.json", cOptions, (context) => echo(context, cOptions));
  const mOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "matrix",
        explode: true,
        schema: { type: "array", items: { type: "string" } },
      },
    ],
  } as const;
  app.get("/m/{c}", mOptions, (context) => echo(context, mOptions));
  const oOptions = {
    parameters: [
      {
        name: "o",
        in: "path",
        required: true,
        explode: true,
        schema: { type: "object", properties: { k: { type: "string" }, l: { type: "string" } } },
      },
    ],
  } as const;
  app.get("/o/{o}", oOptions, (context) => echo(context, oOptions));
  return app;
});

// Expressions of converters are those of ECMA-262: classes are of ASCII, a dot is no line end, and anchors do
// not let a part of a segment match.
check("path_params/expressions_mean_what_ecma_262_says", () => {
  const app = new Sabir();
  app.converter("digits", "\\d+", { type: "string" });
  app.converter("word", "\\w+", { type: "string" });
  app.converter("dot", ".", { type: "string" });
  app.converter("anchored", "^a|b$", { type: "string" });
  app.get("/digits/{v:digits}", (context) => echo(context));
  app.get("/word/{v:word}", (context) => echo(context));
  app.get("/dot/{v:dot}", (context) => echo(context));
  app.get("/anchored/{v:anchored}", (context) => echo(context));
  return app;
});

// A float variable takes numbers as JSON writes them; other segments do not match.
check("path_params/float", () => {
  const app = new Sabir();
  app.get("/rates/{x:float}", (context) => echo(context, { path: "/rates/{x:float}" }));
  return app;
});

// The format of a plain variable's schema gives its type and refuses what does not fit.
check("path_params/formats", () => {
  const app = new Sabir();
  const aOptions = {
    params: { type: "object", properties: { id: { type: "string", format: "uuid" } } },
  } as const;
  app.get("/a/{id}", aOptions, (context) => echo(context, aOptions));
  const bOptions = {
    params: { type: "object", properties: { day: { type: "string", format: "date" } } },
  } as const;
  app.get("/b/{day}", bOptions, (context) => echo(context, bOptions));
  const cOptions = {
    params: { type: "object", properties: { d: { type: "string", format: "duration" } } },
  } as const;
  app.get("/c/{d}", cOptions, (context) => echo(context, cOptions));
  const dOptions = {
    params: { type: "object", properties: { price: { type: "string", format: "decimal" } } },
  } as const;
  app.get("/d/{price}", dOptions, (context) => echo(context, dOptions));
  return app;
});

// An int variable takes whole numbers; other segments do not match.
check("path_params/int", () => {
  const app = new Sabir();
  app.get("/items/{id:int}", (context) => echo(context, { path: "/items/{id:int}" }));
  return app;
});

// An int variable keeps every digit.
check("path_params/int_beyond_double_precision_is_exact", () => {
  const app = new Sabir();
  app.get("/items/{id:int}", (context) => echo(context, { path: "/items/{id:int}" }));
  return app;
});

// A number has one spelling, so that a resource has one path: leading zeros do not match.
check("path_params/int_without_leading_zeros", () => {
  const app = new Sabir();
  app.get("/items/{id:int}", (context) => echo(context, { path: "/items/{id:int}" }));
  app.get("/rates/{x:float}", (context) => echo(context, { path: "/rates/{x:float}" }));
  return app;
});

// In style label a dot comes first, and parts the items of an exploded array.
check("path_params/label", () => {
  const app = new Sabir();
  const aOptions = {
    parameters: [{ name: "c", in: "path", required: true, style: "label", schema: { type: "string" } }],
  } as const;
  app.get("/a/{c}", aOptions, (context) => echo(context, aOptions));
  const bOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "label",
        explode: true,
        schema: { type: "array", items: { type: "string" } },
      },
    ],
  } as const;
  app.get("/b/{c}", bOptions, (context) => echo(context, bOptions));
  const cOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "label",
        explode: false,
        schema: { type: "array", items: { type: "integer" } },
      },
    ],
  } as const;
  app.get("/c/{c}", cOptions, (context) => echo(context, cOptions));
  const dOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "label",
        explode: true,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    ],
  } as const;
  app.get("/d/{c}", dOptions, (context) => echo(context, dOptions));
  return app;
});

// An incomplete escape or octets that are not UTF-8 make the request malformed, on every route.
check("path_params/malformed_escapes_are_refused", () => {
  const app = new Sabir();
  app.get("/users/{name}", (context) => echo(context));
  app.get("/items/{id:int}", (context) => echo(context, { path: "/items/{id:int}" }));
  app.get("/files/{name:path}", (context) => echo(context));
  return app;
});

// In style matrix a semicolon and the name come first.
check("path_params/matrix", () => {
  const app = new Sabir();
  const aOptions = {
    parameters: [{ name: "c", in: "path", required: true, style: "matrix", schema: { type: "string" } }],
  } as const;
  app.get("/a/{c}", aOptions, (context) => echo(context, aOptions));
  const bOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "matrix",
        explode: false,
        schema: { type: "array", items: { type: "string" } },
      },
    ],
  } as const;
  app.get("/b/{c}", bOptions, (context) => echo(context, bOptions));
  const cOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "matrix",
        explode: true,
        schema: { type: "array", items: { type: "integer" } },
      },
    ],
  } as const;
  app.get("/c/{c}", cOptions, (context) => echo(context, cOptions));
  const dOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "matrix",
        explode: true,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    ],
  } as const;
  app.get("/d/{c}", dOptions, (context) => echo(context, dOptions));
  const eOptions = {
    parameters: [
      {
        name: "c",
        in: "path",
        required: true,
        style: "matrix",
        explode: false,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    ],
  } as const;
  app.get("/e/{c}", eOptions, (context) => echo(context, eOptions));
  return app;
});

// A path variable takes one or more whole segments, with an end of its own where the pattern goes on.
check("path_params/path", () => {
  const app = new Sabir({ trailingSlash: "strict" });
  app.get("/files/{name:path}", (context) => echo(context));
  app.get("/repos/{name:path}/log", (context) => echo(context));
  return app;
});

// A path variable never starts with a slash, escaped or not; a slash within it may be escaped.
check("path_params/path_is_never_absolute", () => {
  const app = new Sabir({ trailingSlash: "strict" });
  app.get("/files/{name:path}", (context) => echo(context));
  return app;
});

// What a `path` variable captures has no segment that leads elsewhere, however it is written.
check("path_params/path_never_climbs", () => {
  const app = new Sabir();
  app.get("/files/{p:path}", (context) => echo(context));
  return app;
});

// A segment is cut off before it is decoded, once, as UTF-8; a plus sign is data.
check("path_params/percent_escapes", () => {
  const app = new Sabir();
  app.get("/users/{name}", (context) => echo(context));
  app.get("/users/{name}/posts", (context) => echo(context));
  return app;
});

// A plain variable takes one segment as text, whatever it looks like.
check("path_params/plain_variable", () => {
  const app = new Sabir();
  app.get("/users/{name}", (context) => echo(context));
  app.get("/teams/{name:str}", (context) => echo(context));
  return app;
});

// Text around a variable belongs to the segment and is not part of the value.
check("path_params/prefix_and_suffix", () => {
  const app = new Sabir();
  app.get("/f/{name}.json", (context) => echo(context));
  app.get("/v{major:int}/status", (context) => echo(context, { path: "/v{major:int}/status" }));
  app.get("/@{user}", (context) => echo(context));
  return app;
});

// Sub-delimiters, colons and at signs in a segment are data.
check("path_params/reserved_characters_are_data", () => {
  const app = new Sabir();
  app.get("/users/{name}", (context) => echo(context));
  return app;
});

// The converter decides whether the route matches, a declared schema whether the value is valid.
check("path_params/schema_beside_a_converter", () => {
  const app = new Sabir();
  const itemsOptions = { params: z.object({ id: z.int().max(100) }) };
  app.get("/items/{id:int}", itemsOptions, (context) => echo(context, itemsOptions));
  const daysOptions = { params: z.object({ day: z.string() }) };
  app.get("/days/{day:date}", daysOptions, (context) => echo(context, daysOptions));
  return app;
});

// The schema of a converter gives its values their type and is checked after the route matched.
check("path_params/schema_of_a_converter", () => {
  const app = new Sabir();
  const converters = { year: { type: "integer", minimum: 1900 } } as const;
  app.converter("year", "[1-9][0-9]{3}", converters.year);
  app.get("/years/{y:year}", (context) => echo(context, { path: "/years/{y:year}", converters }));
  return app;
});

// A plain variable matches first; what its schema refuses is a validation problem, not another route.
check("path_params/schema_of_a_plain_variable", () => {
  const app = new Sabir();
  const itemsOptions = { params: z.object({ id: z.int().min(1) }) };
  app.get("/items/{id}", itemsOptions, (context) => echo(context, itemsOptions));
  const usersOptions = { params: z.object({ name: z.string().min(2).regex(/^[a-z]+$/) }) };
  app.get("/users/{name}", usersOptions, (context) => echo(context, usersOptions));
  return app;
});

// Of several types, the first counts whose value the schema accepts; text comes last.
check("path_params/several_types", () => {
  const app = new Sabir();
  const intOrBoolOptions = {
    params: { type: "object", properties: { v: { anyOf: [{ type: "integer" }, { type: "boolean" }] } } },
  } as const;
  app.get("/int_or_bool/{v}", intOrBoolOptions, (context) => echo(context, intOrBoolOptions));
  const typesOptions = {
    params: { type: "object", properties: { v: { type: ["integer", "boolean"] } } },
  } as const;
  app.get("/types/{v}", typesOptions, (context) => echo(context, typesOptions));
  const oneOfOptions = {
    params: {
      type: "object",
      properties: { v: { oneOf: [{ type: "boolean" }, { type: "integer", minimum: 5 }] } },
    },
  } as const;
  app.get("/one_of/{v}", oneOfOptions, (context) => echo(context, oneOfOptions));
  const intOrAllOptions = {
    params: { type: "object", properties: { v: { anyOf: [{ const: "all" }, { type: "integer" }] } } },
  } as const;
  app.get("/int_or_all/{v}", intOrAllOptions, (context) => echo(context, intOrAllOptions));
  const intOrTextOptions = {
    params: { type: "object", properties: { v: { anyOf: [{ type: "string" }, { type: "integer" }] } } },
  } as const;
  app.get("/int_or_text/{v}", intOrTextOptions, (context) => echo(context, intOrTextOptions));
  const intOrFloatOptions = {
    params: { type: "object", properties: { v: { anyOf: [{ type: "integer" }, { type: "number" }] } } },
  } as const;
  app.get("/int_or_float/{v}", intOrFloatOptions, (context) => echo(context, intOrFloatOptions));
  const mixedOptions = {
    params: { type: "object", properties: { v: { enum: [1, "a", true, 2.5] } } },
  } as const;
  app.get("/mixed/{v}", mixedOptions, (context) => echo(context, mixedOptions));
  const maybeOptions = {
    params: {
      type: "object",
      properties: { v: { anyOf: [{ type: "integer" }, { type: "boolean" }, { type: "null" }] } },
    },
  } as const;
  app.get("/maybe/{v}", maybeOptions, (context) => echo(context, maybeOptions));
  return app;
});

// Variables of one segment are parted by the text between them; all but the last are as short as they can be.
check("path_params/several_variables_in_a_segment", () => {
  const app = new Sabir();
  app.get("/diff/{old}...{new}", (context) => echo(context));
  app.get("/tiles/{x:int}-{y:int}.{ext:png|jpg}", (context) =>
    echo(context, { path: "/tiles/{x:int}-{y:int}.{ext:png|jpg}" }),
  );
  return app;
});

// An array in style simple is cut at its commas, exploded or not.
check("path_params/simple_arrays", () => {
  const app = new Sabir();
  const aOptions = {
    params: {
      type: "object",
      properties: { ids: { type: "array", items: { type: "integer" }, maxItems: 3 } },
    },
  } as const;
  app.get("/a/{ids}", aOptions, (context) => echo(context, aOptions));
  const bOptions = {
    parameters: [
      {
        name: "tags",
        in: "path",
        required: true,
        style: "simple",
        explode: true,
        schema: { type: "array", items: { type: "string" } },
      },
    ],
  } as const;
  app.get("/b/{tags}", bOptions, (context) => echo(context, bOptions));
  return app;
});

// An object in style simple alternates names and values, and is pairs when exploded.
check("path_params/simple_objects", () => {
  const app = new Sabir();
  const aOptions = {
    params: {
      type: "object",
      properties: {
        color: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    },
  } as const;
  app.get("/a/{color}", aOptions, (context) => echo(context, aOptions));
  const bOptions = {
    parameters: [
      {
        name: "color",
        in: "path",
        required: true,
        explode: true,
        schema: {
          type: "object",
          properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
        },
      },
    ],
  } as const;
  app.get("/b/{color}", bOptions, (context) => echo(context, bOptions));
  return app;
});

// A time variable takes times of day with their offset; others and hours that do not exist do not match.
check("path_params/time", () => {
  const app = new Sabir();
  app.get("/slots/{at:time}", (context) => echo(context, { path: "/slots/{at:time}" }));
  return app;
});

// A uuid variable takes either case; what is no UUID does not match.
check("path_params/uuid", () => {
  const app = new Sabir();
  app.get("/files/{id:uuid}", (context) => echo(context, { path: "/files/{id:uuid}" }));
  return app;
});

// Variables of several segments and parameters of the query with the same name stay apart.
check("path_params/variables_and_query_together", () => {
  const app = new Sabir();
  const options = { query: z.object({ id: z.string().optional(), user: z.int().optional() }) };
  app.get("/users/{user}/posts/{id:int}", options, (context) =>
    echo(context, { ...options, path: "/users/{user}/posts/{id:int}" }),
  );
  return app;
});
