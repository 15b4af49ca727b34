// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// A number with a fraction arrives as a floating point number.
check("json_bodies/a_fraction_arrives_as_a_float", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Any value may be a whole JSON text, so a bare string is a body.
check("json_bodies/a_string_at_the_top", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array arrives as a list in the order in which it was sent.
check("json_bodies/an_array_keeps_its_order", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A number with an exponent arrives as a floating point number.
check("json_bodies/an_exponent_arrives_as_a_float", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A bare number without fraction arrives as an integer.
check("json_bodies/an_integer_at_the_top", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An object arrives as an object with every member.
check("json_bodies/an_object_keeps_its_members", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Body, path, query, header and cookie values arrive together.
check("json_bodies/body_is_handed_over_beside_parameters", () => {
  const app = new Sabir();
  const options = {
    params: z.object({ id: z.int() }),
    query: z.object({ dry: z.boolean().optional() }),
    headers: z.object({ "x-tag": z.string().optional() }),
    cookies: z.object({ seen: z.int().optional() }),
    requestBody: { required: true, content: { "application/json": {} } },
  } as const;
  app.post("/items/{id}", options, (context) => echo(context, options));
  return app;
});

// A body above `body_limit` is refused, one of exactly that size is read.
check("json_bodies/body_limit_is_enforced", () => {
  const app = new Sabir({ bodyLimit: 10 });
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Both booleans arrive as booleans, not as numbers.
check("json_bodies/booleans", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// JSON text must not begin with a byte order mark.
check("json_bodies/byte_order_mark_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// JSON announced in another charset would be misread, so it is refused as unsupported.
check("json_bodies/charset_other_than_utf_8_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The parameter charset=utf-8 says what JSON is anyway.
check("json_bodies/charset_utf_8_is_accepted", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// JSON has no comments.
check("json_bodies/comments_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Values nested 128 levels deep are read by default, 129 are refused.
check("json_bodies/depth_at_the_default_limit", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Arrays and objects both count as a level of nesting.
check("json_bodies/depth_limit_counts_arrays_and_objects", () => {
  const app = new Sabir({ jsonDepthLimit: 3 });
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The setting `json_depth_limit` bounds how deeply a body is nested; one level more is refused.
check("json_bodies/depth_limit_setting", () => {
  const app = new Sabir({ jsonDepthLimit: 2 });
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Two spellings of one name are one name.
check("json_bodies/duplicate_names_are_compared_unescaped", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An object that has a name twice is refused by default, since recipients disagree about its meaning.
check("json_bodies/duplicate_names_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Names are compared in nested objects as well.
check("json_bodies/duplicate_names_in_depth_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// With `json_duplicate_keys` set to `last` the last of equal names counts, in the place of the first.
check("json_bodies/duplicate_names_last_counts", () => {
  const app = new Sabir({ jsonDuplicateKeys: "last" });
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array without elements is a body of its own.
check("json_bodies/empty_array", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Without content an optional body is absent and the handler runs.
check("json_bodies/empty_body_where_one_is_optional", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Without content a required body is reported as missing.
check("json_bodies/empty_body_where_one_is_required", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A member's name may be empty; its pointer ends with a slash.
check("json_bodies/empty_member_name", () => {
  const app = new Sabir();
  const options = { body: { type: "object", additionalProperties: { type: "integer" } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An object without members is a body of its own.
check("json_bodies/empty_object", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An empty string stays an empty string.
check("json_bodies/empty_string_value", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A surrogate encoded in three bytes is not UTF-8.
check("json_bodies/encoded_surrogate_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The character NUL may stand in a string when it is escaped.
check("json_bodies/escaped_nul_character", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A high surrogate must be followed by a low one.
check("json_bodies/high_surrogate_before_other_escape_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A number needs digits before and after its point and in its exponent.
check("json_bodies/incomplete_numbers_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Space, tab, line feed and carriage return may surround every token.
check("json_bodies/insignificant_whitespace", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Integers arrive exactly up to both ends of 64 bits.
check("json_bodies/integer_at_the_edge_of_64_bits", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An integer that no machine type holds arrives with all its digits.
check("json_bodies/integer_beyond_64_bits_is_exact", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// 2^53+1, which a double cannot hold, is not rounded.
check("json_bodies/integer_beyond_double_precision_is_exact", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A string with bytes that are not UTF-8 is malformed.
check("json_bodies/invalid_utf_8_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An array of many elements is read whole and the elements counted.
check("json_bodies/large_array", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ items: z.array(z.int()).max(300).optional() }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A number has no superfluous zeros in front.
check("json_bodies/leading_zero_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Half of a surrogate pair is no character, so the text is malformed.
check("json_bodies/lone_high_surrogate_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The second half of a surrogate pair alone is no character either.
check("json_bodies/lone_low_surrogate_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A string of many thousand characters arrives whole, and its length is counted.
check("json_bodies/long_string", () => {
  const app = new Sabir();
  const options = {
    body: { type: "object", properties: { text: { type: "string", maxLength: 50000 } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An optional body that is sent must be well formed.
check("json_bodies/malformed_optional_body_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Names that differ by case are different members.
check("json_bodies/member_names_are_case_sensitive", () => {
  const app = new Sabir();
  const options = { body: { type: "object", required: ["a"] } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Literals are lower case and whole.
check("json_bodies/misspelt_literal_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A large negative integer keeps its digits as well.
check("json_bodies/negative_big_integer_is_exact", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Objects and arrays inside one another arrive with their whole structure.
check("json_bodies/nested_values", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// The text `null` is content: the handler gets null, not a missing body.
check("json_bodies/null_at_the_top_is_a_body", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A member that is null is there, with the value null.
check("json_bodies/null_in_a_member", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Null is no string unless the schema says so.
check("json_bodies/null_is_refused_where_it_is_not_permitted", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ note: z.string().optional() }) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// NaN, Infinity and hexadecimal numbers are no JSON.
check("json_bodies/numbers_json_lacks_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An optional body that is sent must still fit its schema.
check("json_bodies/optional_body_is_validated_when_it_is_there", () => {
  const app = new Sabir();
  const options = {
    requestBody: { content: { "application/json": { schema: { type: "object" } } } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A no-break space is no whitespace in JSON.
check("json_bodies/other_whitespace_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An overlong encoding of a slash is not UTF-8.
check("json_bodies/overlong_utf_8_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Methods other than POST may carry JSON as well.
check("json_bodies/put_patch_and_delete_take_bodies", () => {
  const app = new Sabir();
  const itemsOptions = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.put("/items", itemsOptions, (context) => echo(context, itemsOptions));
  const itemsOptions2 = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.patch("/items", itemsOptions2, (context) => echo(context, itemsOptions2));
  const itemsOptions3 = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.delete("/items", itemsOptions3, (context) => echo(context, itemsOptions3));
  return app;
});

// A control character in a string must be escaped.
check("json_bodies/raw_control_character_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A route's own `x-sabir.body_limit` counts instead of the setting.
check("json_bodies/route_body_limit_overrides_the_setting", () => {
  const app = new Sabir({ bodyLimit: 10 });
  const options = {
    requestBody: { required: true, content: { "application/json": {} } },
    bodyLimit: 20,
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A name may be used again in another object.
check("json_bodies/same_name_in_different_objects", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A double printed with its shortest digits arrives as the same double.
check("json_bodies/shortest_double_survives", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Each of the two-character escapes stands for its character.
check("json_bodies/simple_escapes", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Strings and names stand in double quotation marks.
check("json_bodies/single_quotes_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A media type with the suffix +json is read as JSON.
check("json_bodies/structured_suffix_json", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/vnd.shop.order+json": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Malformed content of a +json type is refused like any JSON.
check("json_bodies/structured_suffix_json_is_checked_like_json", () => {
  const app = new Sabir();
  const options = {
    requestBody: { required: true, content: { "application/merge-patch+json": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Two escapes that form a surrogate pair stand for one character.
check("json_bodies/surrogate_pair_escape", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A comma must be followed by another element or member.
check("json_bodies/trailing_commas_are_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Data after the value is refused, even when it is another value.
check("json_bodies/trailing_data_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text that ends inside an escape is malformed.
check("json_bodies/truncated_escape_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text that ends inside an object is malformed.
check("json_bodies/truncated_object_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A text that ends inside a string is malformed.
check("json_bodies/truncated_string_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A long run of opening brackets is refused without harm.
check("json_bodies/unclosed_deep_nesting_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An operation without a request body does not parse content, however malformed, but the handler can read it.
check("json_bodies/undeclared_body_is_ignored_by_decoding", () => {
  const app = new Sabir();
  app.post("/items", async ({ request }) => ({
    text: await request.text(),
    size: (await request.bytes()).length,
  }));
  return app;
});

// Text in UTF-8 needs no escapes.
check("json_bodies/unescaped_characters_outside_ascii", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// An escape with four hexadecimal digits stands for its character, in either case of the digits.
check("json_bodies/unicode_escapes", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Only the escapes of the grammar exist.
check("json_bodies/unknown_escape_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// JSON between systems is UTF-8; UTF-16 is malformed.
check("json_bodies/utf_16_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Content of white space alone is no JSON text.
check("json_bodies/whitespace_only_is_refused", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});
