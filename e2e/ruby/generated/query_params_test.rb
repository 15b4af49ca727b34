# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class QueryParamsTest < FixtureTest
  category "query_params"

  # Every parameter that fails is named, in the order of declaration.
  fixture "all_failures_are_reported" do
    app = Sabir::App.new
    app.get("/items", query: { c: Integer, a: Integer, b?: { type: :string, maxLength: 1, pattern: "^x" } }) do |c:, a:, b: nil|
      echo(query: { c:, a:, b: })
    end
    app
  end

  # A boolean is true or false; other words for them are refused.
  fixture "boolean" do
    app = Sabir::App.new
    app.get("/items", query: { on?: :boolean }) { |on: nil| echo(query: { on: }) }
    app
  end

  # The bounds of a number hold, with and without their ends.
  fixture "bounds" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: {
      page?: { type: :integer, minimum: 1, maximum: 100 },
      ratio?: { type: :number, exclusiveMinimum: 0, exclusiveMaximum: 1 },
      step?: { type: :integer, multipleOf: 5 },
    }) do |page: nil, ratio: nil, step: nil|
      echo(query: { page:, ratio:, step: })
    end
    app.mount("/", router)
    app
  end

  # Formats of RFC 3339 give dates, times and points in time; days and hours that do not exist are refused.
  fixture "dates_and_times" do
    app = Sabir::App.new
    options = { query: { day?: Date, at?: Time, t?: { type: :string, format: :time } } }
    app.get("/items", **options) do |day: nil, at: nil, t: nil|
      echo(query: { day:, at:, t: typed(t, options[:query][:t?]) })
    end
    app
  end

  # A decimal keeps its digits.
  fixture "decimals" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = { query: { price?: { type: :string, format: :decimal } } }
    router.get("/items", **options) do |price: nil|
      echo(query: { price: typed(price, options[:query][:price?]) })
    end
    app.mount("/", router)
    app
  end

  # A deep object takes its properties from brackets, escaped or not.
  fixture "deep_object" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "color",
        in: :query,
        style: "deepObject",
        explode: true,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
          required: ["R"],
        },
      },
      {
        name: "filter",
        in: :query,
        style: "deepObject",
        explode: true,
        schema: { type: :object, properties: { name: { type: :string } } },
      },
    ]) do |color: nil, filter: nil|
      echo(query: { color:, filter: })
    end
    app
  end

  # A deep object takes properties of any name, each as its schema says of further members.
  fixture "deep_object_of_free_names" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "stock",
        in: :query,
        style: "deepObject",
        schema: { type: :object, additionalProperties: { type: :integer } },
      },
    ]) do |stock: nil|
      echo(query: { stock: })
    end
    app
  end

  # A required deep object of which no property is there is missing; a closed one takes no other.
  fixture "deep_object_that_is_required" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "f",
        in: :query,
        required: true,
        style: "deepObject",
        explode: true,
        schema: { type: :object, properties: { a: { type: :string } }, additionalProperties: false },
      },
    ]) do |f:|
      echo(query: { f: })
    end
    app
  end

  # The default of the schema stands in for an absent parameter, and not for an empty or a wrong one.
  fixture "defaults" do
    app = Sabir::App.new
    app.get("/items", query: {
      limit: { type: :integer, default: 10 },
      sort: { type: :string, default: "name" },
      all: { type: :boolean, default: false },
      tags: { type: :array, items: { type: :string }, default: ["new", "hot"] },
    }) do |limit:, sort:, all:, tags:|
      echo(query: { limit:, sort:, all:, tags: })
    end
    app
  end

  # Objects in the styles spaceDelimited and pipeDelimited alternate names and values.
  fixture "delimited_objects" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", parameters: [
      {
        name: "a",
        in: :query,
        style: "spaceDelimited",
        explode: false,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
      {
        name: "b",
        in: :query,
        style: "pipeDelimited",
        explode: false,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |a: nil, b: nil|
      echo(query: { a:, b: })
    end
    app.mount("/", router)
    app
  end

  # The first equals sign ends the name; a semicolon, a slash and a question mark are data.
  fixture "delimiters_of_pairs" do
    app = Sabir::App.new
    app.get("/items", query: { a?: String, b?: String }) { |a: nil, b: nil| echo(query: { a:, b: }) }
    app
  end

  # A duration of ISO 8601 arrives as its seconds.
  fixture "durations" do
    app = Sabir::App.new
    options = { query: { every?: { type: :string, format: :duration } } }
    app.get("/items", **options) do |every: nil|
      echo(query: { every: typed(every, options[:query][:every?]) })
    end
    app
  end

  # Seconds of a duration may have a fraction.
  fixture "durations_with_fractions" do
    app = Sabir::App.new
    options = { query: { d?: { type: :string, format: :duration } } }
    app.get("/items", **options) { |d: nil| echo(query: { d: typed(d, options[:query][:d?]) }) }
    app
  end

  # Only the values of an enumeration are taken; integers are compared as integers.
  fixture "enumeration" do
    app = Sabir::App.new
    app.get("/items", query: {
      sort?: { type: :string, enum: ["asc", "desc"] },
      size?: { type: :integer, enum: [10, 20, 50] },
      v?: { const: 2 },
    }) do |sort: nil, size: nil, v: ABSENT|
      echo(query: { sort:, size:, v: nullable(v) })
    end
    app
  end

  # Each property of an exploded object is a pair of its own.
  fixture "exploded_object" do
    app = Sabir::App.new
    app.get("/items", query: {
      color?: {
        type: :object,
        properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        required: ["R"],
      },
      name?: String,
    }) do |color: nil, name: nil|
      echo(query: { color:, name: })
    end
    app
  end

  # An exploded object whose schema permits anything as further members has the pairs that no parameter names,
  # as text.
  fixture "exploded_object_of_any_names" do
    app = Sabir::App.new
    app.get("/items", query: { page?: Integer, filter?: { type: :object, additionalProperties: {} } }) do |page: nil, filter: nil|
      echo(query: { page:, filter: })
    end
    app.get("/deep", parameters: [
      {
        name: "filter",
        in: :query,
        style: "deepObject",
        schema: { type: :object, additionalProperties: {} },
      },
    ]) do |filter: nil|
      echo(query: { filter: })
    end
    app
  end

  # A required exploded object of which no member is there is empty: its members are missing, it is not.
  fixture "exploded_object_that_is_required" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: {
      window: {
        type: :object,
        properties: { limit: { type: :integer }, offset: { type: :integer } },
        required: ["limit"],
      },
      tag?: String,
    }) do |window:, tag: nil|
      echo(query: { window:, tag: })
    end
    app.mount("/", router)
    app
  end

  # Members of an exploded object may be lists, which repeat the pair; every mistake in them is told at once.
  fixture "exploded_object_with_lists" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "filter",
        in: :query,
        schema: {
          type: :object,
          properties: { tag: { type: :array, items: { type: :string } } },
          additionalProperties: { type: :integer, minimum: 0 },
        },
      },
      { name: "page", in: :query, schema: Integer },
      {
        name: "sort",
        in: :query,
        style: "deepObject",
        schema: { type: :object, properties: { by: { type: :string } } },
      },
    ]) do |filter: nil, page: nil, sort: nil|
      echo(query: { filter:, page:, sort: })
    end
    app
  end

  # An exploded object whose schema describes other members has the pairs that no parameter names.
  fixture "exploded_object_with_other_names" do
    app = Sabir::App.new
    app.get("/items", query: {
      page?: Integer,
      filter?: {
        type: :object,
        properties: { sku: { type: :string } },
        additionalProperties: { type: :integer, minimum: 1 },
      },
    }) do |page: nil, filter: nil|
      echo(query: { page:, filter: })
    end
    app
  end

  # An exploded object whose schema permits no other members refuses the pairs that no parameter names.
  fixture "exploded_object_without_other_names" do
    app = Sabir::App.new
    app.get("/items", query: {
      page?: Integer,
      filter?: { type: :object, properties: { sku: { type: :string } }, additionalProperties: false },
    }) do |page: nil, filter: nil|
      echo(query: { page:, filter: })
    end
    app
  end

  # A pair that nobody declares may be malformed.
  fixture "foreign_malformed_pairs_are_ignored" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "name", in: :query, schema: String },
      {
        name: "filter",
        in: :query,
        style: "deepObject",
        schema: { type: :object, properties: { a: { type: :string } } },
      },
    ]) do |name: nil, filter: nil|
      echo(query: { name:, filter: })
    end
    app
  end

  # An array in style form without explode is one value, cut at its commas; an escaped comma is data.
  fixture "form_without_explode" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "tag", in: :query, style: :form, explode: false, schema: [String] },
      { name: "n", in: :query, explode: false, schema: [Integer] },
    ]) do |tag: nil, n: nil|
      echo(query: { tag:, n: })
    end
    app
  end

  # An integer is read as JSON writes integers; other text is refused.
  fixture "integer" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: { n?: Integer }) { |n: nil| echo(query: { n: }) }
    app.mount("/", router)
    app
  end

  # Integers keep every digit, however large they are.
  fixture "integer_beyond_double_precision_is_exact" do
    app = Sabir::App.new
    app.get("/items", query: { n?: Integer }) { |n: nil| echo(query: { n: }) }
    app
  end

  # Digits of other scripts do not make a number.
  fixture "integer_digits_are_ascii" do
    app = Sabir::App.new
    app.get("/items", query: { n?: Integer }) { |n: nil| echo(query: { n: }) }
    app
  end

  # The length of a text is counted in characters after decoding.
  fixture "lengths_count_characters" do
    app = Sabir::App.new
    app.get("/items", query: { name?: { type: :string, minLength: 2, maxLength: 3 } }) do |name: nil|
      echo(query: { name: })
    end
    app
  end

  # The number of items and their difference are checked.
  fixture "limits_of_a_list" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: {
      id?: {
        type: :array,
        items: { type: :integer, minimum: 1 },
        minItems: 2,
        maxItems: 3,
        uniqueItems: true,
      },
    }) do |id: nil|
      echo(query: { id: })
    end
    app.mount("/", router)
    app
  end

  # An array beside another type, and arrays whose items differ, are read by the same rule.
  fixture "lists_of_several_types" do
    app = Sabir::App.new
    app.get("/items", query: {
      list_or_int?: { anyOf: [{ type: :array, items: { type: :integer } }, { type: :integer }] },
      int_or_list?: { anyOf: [{ type: :integer }, { type: :array, items: { type: :integer } }] },
      ints_or_words?: {
        anyOf: [{ type: :array, items: { type: :integer } }, { type: :array, items: { type: :string } }],
      },
      mixed_items?: { type: :array, items: { anyOf: [{ type: :integer }, { type: :boolean }] } },
      tuple?: {
        type: :array,
        prefixItems: [{ type: :integer }, { type: :boolean }],
        items: false,
        minItems: 2,
      },
    }) do |list_or_int: nil, int_or_list: nil, ints_or_words: nil, mixed_items: nil, tuple: nil|
      echo(query: { list_or_int:, int_or_list:, ints_or_words:, mixed_items:, tuple: })
    end
    app
  end

  # An array beside another type, and arrays whose items differ, in one pair.
  fixture "lists_of_several_types_without_explode" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "list_or_int",
        in: :query,
        explode: false,
        schema: { anyOf: [{ type: :array, items: { type: :integer } }, { type: :integer }] },
      },
      {
        name: "int_or_list",
        in: :query,
        explode: false,
        schema: { anyOf: [{ type: :integer }, { type: :array, items: { type: :integer } }] },
      },
      {
        name: "ints_or_words",
        in: :query,
        explode: false,
        schema: {
          anyOf: [{ type: :array, items: { type: :integer } }, { type: :array, items: { type: :string } }],
        },
      },
      {
        name: "mixed_items",
        in: :query,
        explode: false,
        schema: { type: :array, items: { anyOf: [{ type: :integer }, { type: :boolean }] } },
      },
      {
        name: "tuple",
        in: :query,
        explode: false,
        schema: {
          type: :array,
          prefixItems: [{ type: :integer }, { type: :boolean }],
          items: false,
          minItems: 2,
        },
      },
    ]) do |list_or_int: nil, int_or_list: nil, ints_or_words: nil, mixed_items: nil, tuple: nil|
      echo(query: { list_or_int:, int_or_list:, ints_or_words:, mixed_items:, tuple: })
    end
    app
  end

  # An incomplete escape or octets that are not UTF-8 make the request malformed.
  fixture "malformed_escapes_are_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: { name?: String }) { |name: nil| echo(query: { name: }) }
    app.mount("/", router)
    app
  end

  # A required parameter that is missing is refused; an empty one is not missing.
  fixture "missing_required_parameter" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: { name: String, limit: Integer }) do |name:, limit:|
      echo(query: { name:, limit: })
    end
    app.mount("/", router)
    app
  end

  # Names are compared exactly, and parameters that are not declared are ignored.
  fixture "names_are_case_sensitive" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", parameters: [
      { name: "limit", in: :query, schema: Integer },
      { name: "Limit", in: :query, schema: Integer },
    ]) do |**given|
      echo(query: { limit: given[:limit], Limit: given[:Limit] })
    end
    app.mount("/", router)
    app
  end

  # Brackets, dots and hyphens are part of a name outside of deep objects.
  fixture "names_with_brackets_and_dots" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "page[size]", in: :query, schema: Integer },
      { name: "user.name", in: :query, schema: String },
      { name: "x-y", in: :query, schema: String },
      { name: "ids[]", in: :query, schema: [Integer] },
    ]) do |**given|
      echo(query: {
        "page[size]": given[:"page[size]"],
        "user.name": given[:"user.name"],
        "x-y": given[:x_y],
        "ids[]": given[:"ids[]"],
      })
    end
    app
  end

  # Where any text is permitted, `null` and the empty text are text; null is what they mean where they are
  # refused as text.
  fixture "null_is_text_for_a_nullable_string" do
    app = Sabir::App.new
    app.get("/items", query: {
      q?: { type: ["string", "null"] },
      choice?: { anyOf: [{ enum: ["a", "b"] }, { type: :null }] },
      tags?: { anyOf: [{ type: :array, items: { type: :string } }, { type: :null }] },
    }) do |q: ABSENT, choice: ABSENT, tags: ABSENT|
      echo(query: { q: nullable(q), choice: nullable(choice), tags: nullable(tags) })
    end
    app
  end

  # Where null is permitted an empty number is null; elsewhere it is refused.
  fixture "nullable" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      query: {
        n?: { type: ["integer", "null"] },
        d?: { anyOf: [{ type: :string, format: :date }, { type: :null }] },
        m?: Integer,
      },
    }
    router.get("/items", **options) do |n: ABSENT, d: ABSENT, m: nil|
      echo(query: { n: nullable(n), d: typed(nullable(d), options[:query][:d?]), m: })
    end
    app.mount("/", router)
    app
  end

  # A number may have a fraction and an exponent; words for numbers are refused.
  fixture "number" do
    app = Sabir::App.new
    app.get("/items", query: { x?: Float }) { |x: nil| echo(query: { x: }) }
    app
  end

  # An object in style form without explode alternates names and values.
  fixture "object_without_explode" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", parameters: [
      {
        name: "color",
        in: :query,
        explode: false,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |color: nil|
      echo(query: { color: })
    end
    app.mount("/", router)
    app
  end

  # An absent optional parameter without a default has no value at all.
  fixture "optional_parameter_is_left_out" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: { a?: String, b?: Integer }) { |a: nil, b: nil| echo(query: { a:, b: }) }
    app.mount("/", router)
    app
  end

  # Formats without a host type are checked and stay text.
  fixture "other_formats_are_checked" do
    app = Sabir::App.new
    app.get("/items", query: {
      mail?: { type: :string, format: :email },
      ip?: { type: :string, format: :ipv4 },
      link?: { type: :string, format: :uri },
    }) do |mail: nil, ip: nil, link: nil|
      echo(query: { mail:, ip:, link: })
    end
    app
  end

  # A pattern is searched for in the decoded text; it is not anchored.
  fixture "pattern" do
    app = Sabir::App.new
    app.get("/items", query: {
      code?: { type: :string, pattern: "^[A-Z]{2}-[0-9]+$" },
      word?: { type: :string, pattern: "b+" },
    }) do |code: nil, word: nil|
      echo(query: { code:, word: })
    end
    app
  end

  # Names and values are decoded once, as UTF-8, and what is escaped does not delimit.
  fixture "percent_escapes" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "name", in: :query, schema: String },
      { name: "straße", in: :query, schema: String },
    ]) do |**given|
      echo(query: { name: given[:name], "straße": given[:"straße"] })
    end
    app
  end

  # An array in style pipeDelimited is cut at its vertical bars, escaped or not.
  fixture "pipe_delimited" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "tag", in: :query, style: "pipeDelimited", explode: false, schema: [String] },
      { name: "n", in: :query, style: "pipeDelimited", explode: false, schema: [Integer] },
    ]) do |tag: nil, n: nil|
      echo(query: { tag:, n: })
    end
    app
  end

  # A plus sign is a space, an escaped one is a plus sign.
  fixture "plus_is_a_space" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "name", in: :query, schema: String },
      { name: "two words", in: :query, schema: String },
    ]) do |**given|
      echo(query: { name: given[:name], "two words": given[:"two words"] })
    end
    app
  end

  # A plus sign that is not escaped is a space, so an offset written with it is no date-time.
  fixture "plus_sign_in_an_offset" do
    app = Sabir::App.new
    app.get("/items", query: { at?: Time }) { |at: nil| echo(query: { at: }) }
    app
  end

  # A handler that reads the request sees the query as it was sent.
  fixture "raw_query_string" do
    app = Sabir::App.new
    app.get("/items") { |request| { path: request.path, query_string: request.query_string } }
    app
  end

  # An exploded array takes one pair for each item, in order, with others in between.
  fixture "repeated_pairs_are_a_list" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "tag", in: :query, schema: [String] },
      { name: "n", in: :query, explode: true, schema: [Integer] },
      { name: "o", in: :query, schema: String },
    ]) do |tag: nil, n: nil, o: nil|
      echo(query: { tag:, n:, o: })
    end
    app
  end

  # A parameter of one value that is given twice is refused rather than cut to one of them.
  fixture "repeated_single_value_is_refused" do
    app = Sabir::App.new
    app.get("/items", query: { n?: Integer, name?: String }) do |n: nil, name: nil|
      echo(query: { n:, name: })
    end
    app
  end

  # A parameter may take its schema from the components, also by way of another.
  fixture "schema_of_a_component" do
    components = {
      Limit: { "$ref": "#/components/schemas/Count", maximum: 50, default: 20 },
      Count: { type: :integer, minimum: 1, default: 1 },
      Id: { type: :integer },
    }
    app = Sabir::App.new(components:)
    app.get("/items", parameters: [
      { name: "limit", in: :query, schema: { "$ref": "#/components/schemas/Limit" } },
      {
        name: "ids",
        in: :query,
        explode: false,
        schema: { type: :array, items: { "$ref": "#/components/schemas/Id" } },
      },
    ]) do |limit: ABSENT, ids: nil|
      echo(query: { limit: nullable(limit), ids: })
    end
    app
  end

  # A parameter is what its schema says, also where that is behind an anchor or the URI of a schema inside it.
  fixture "schemas_behind_anchors_and_uris" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "count",
        in: :query,
        schema: { "$ref": "#count", "$defs": { count: { "$anchor": "count", type: :integer, minimum: 1 } } },
      },
      {
        name: "tags",
        in: :query,
        schema: {
          type: :array,
          items: { "$ref": "https://example.org/tag" },
          "$defs": {
            tag: {
              "$id": "https://example.org/tag",
              anyOf: [{ type: :boolean }, { "$ref": "#word" }],
              "$defs": { word: { "$anchor": "word", type: :string, minLength: 2 } },
            },
          },
        },
      },
      {
        name: "point",
        in: :query,
        schema: {
          "$ref": "point",
          "$id": "https://example.org/shapes/root",
          "$defs": {
            p: {
              "$id": "point",
              type: :object,
              properties: { x: { "$ref": "#number" }, y: { "$ref": "#number" } },
              "$defs": { n: { "$anchor": "number", type: :number } },
            },
          },
        },
        style: "deepObject",
        explode: true,
      },
    ]) do |**given|
      echo(query: {
        count: nullable(given.fetch(:count, ABSENT)),
        tags: given[:tags],
        point: nullable(given.fetch(:point, ABSENT)),
      })
    end
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", query: {
      int_or_bool?: { anyOf: [{ type: :integer }, { type: :boolean }] },
      types?: { type: ["integer", "boolean"] },
      one_of?: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] },
      int_or_all?: { anyOf: [{ const: "all" }, { type: :integer }] },
      int_or_text?: { anyOf: [{ type: :string }, { type: :integer }] },
      int_or_float?: { anyOf: [{ type: :integer }, { type: :number }] },
      mixed?: { enum: [1, "a", true, 2.5] },
      maybe?: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
    }) do |int_or_bool: nil, types: nil, one_of: ABSENT, int_or_all: ABSENT, int_or_text: nil, int_or_float: nil, mixed: nil, maybe: ABSENT|
      echo(query: {
        int_or_bool:,
        types:,
        one_of: nullable(one_of),
        int_or_all: nullable(int_or_all),
        int_or_text:,
        int_or_float:,
        mixed:,
        maybe: nullable(maybe),
      })
    end
    app.mount("/", router)
    app
  end

  # An array in style spaceDelimited is cut at its spaces, in either escape.
  fixture "space_delimited" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "tag", in: :query, style: "spaceDelimited", explode: false, schema: [String] },
      { name: "n", in: :query, style: "spaceDelimited", explode: false, schema: [Integer] },
    ]) do |tag: nil, n: nil|
      echo(query: { tag:, n: })
    end
    app
  end

  # Without a narrower schema a value stays text, whatever it looks like.
  fixture "text" do
    app = Sabir::App.new
    app.get("/items", parameters: [{ name: "a", in: :query, schema: String }, { name: "b", in: :query }]) do |a: nil, b: ABSENT|
      echo(query: { a:, b: nullable(b) })
    end
    app
  end

  # A UUID is taken in either case and arrives in lower case.
  fixture "uuids" do
    app = Sabir::App.new
    options = { query: { id?: { type: :string, format: :uuid } } }
    app.get("/items", **options) { |id: nil| echo(query: { id: typed(id, options[:query][:id?]) }) }
    app
  end
end
