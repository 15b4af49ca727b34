# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class ValidationTest < FixtureTest
  category "validation"

  # Members that match a pattern are not additional.
  fixture "additional_properties_beside_patterns" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, patternProperties: { "^x-": {} }, additionalProperties: false } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A closed object refuses every member that it does not name, one failure for each.
  fixture "additional_properties_refused" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, properties: { a: {} }, additionalProperties: false } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app
  end

  # Members that are not named must fit the schema of the others.
  fixture "additional_properties_schema" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :object,
      properties: {
        value: {
          type: :object,
          properties: { name: { type: :string } },
          additionalProperties: { type: :integer },
        },
      },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The value must fit every schema; each failure is reported by its own keyword.
  fixture "all_of" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      allOf: [{ type: :string, minLength: 2 }, { pattern: "^[a-z]*$" }],
    })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # Titles, descriptions, examples and comments describe; they refuse nothing.
  fixture "annotations_do_not_refuse" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :string,
      title: "T",
      description: "D",
      examples: ["e"],
      deprecated: true,
      "$comment": "C",
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The value must fit one schema at least.
  fixture "any_of" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { anyOf: [{ type: :integer, minimum: 10 }, { type: :string }] })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The schema true takes everything.
  fixture "boolean_schema_true" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :object, properties: { a: true } })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # Bounds are compared exactly beyond 64 bits of precision of a double.
  fixture "bounds_of_big_integers" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :integer, maximum: 9007199254740992 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The value must be this one.
  fixture "const_keyword" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { const: "v1" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # Objects are equal whatever the order of their members.
  fixture "const_object" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { const: { a: 1, b: 2 } } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app
  end

  # At least one element must fit.
  fixture "contains" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :array, contains: { type: :string } })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # A member may require others.
  fixture "dependent_required" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, dependentRequired: { card: ["address"] } } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app
  end

  # A member may bring a schema for the whole object.
  fixture "dependent_schemas" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: {
        value: { type: :object, dependentSchemas: { card: { properties: { limit: { type: :integer } } } } },
      },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # The value must be one of those listed.
  fixture "enum_keyword" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { enum: ["red", "green"] })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The listed values may be of any type.
  fixture "enum_of_mixed_types" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { enum: [1, "a", nil, [2]] })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The exclusive maximum itself is not permitted.
  fixture "exclusive_maximum" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :integer, exclusiveMaximum: 10 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The exclusive minimum itself is not permitted.
  fixture "exclusive_minimum" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :integer, exclusiveMinimum: 0 })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The format date is asserted.
  fixture "format_date" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: Date)
    options = { body: items_body }
    router.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app.mount("/", router)
    app
  end

  # The format date-time is asserted.
  fixture "format_date_time" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: Time)
    options = { body: items_body }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app
  end

  # The format decimal takes a number as text and keeps its digits.
  fixture "format_decimal" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :decimal })
    options = { body: items_body }
    router.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app.mount("/", router)
    app
  end

  # The format duration is asserted.
  fixture "format_duration" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :duration })
    options = { body: items_body }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app
  end

  # The format email is asserted.
  fixture "format_email" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :email })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The format hostname is asserted.
  fixture "format_hostname" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :hostname })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # The format idn-email is asserted.
  fixture "format_idn_email" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "idn-email" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format idn-hostname is asserted.
  fixture "format_idn_hostname" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "idn-hostname" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format ipv4 is asserted.
  fixture "format_ipv4" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :ipv4 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format ipv6 is asserted.
  fixture "format_ipv6" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :ipv6 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format iri is asserted.
  fixture "format_iri" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :iri })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format iri-reference is asserted.
  fixture "format_iri_reference" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "iri-reference" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format json-pointer is asserted.
  fixture "format_json_pointer" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "json-pointer" })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # A format for strings says nothing of numbers.
  fixture "format_of_another_type_is_ignored" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: ["string", "integer"], format: :email })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format regex is asserted.
  fixture "format_regex" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :regex })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format relative-json-pointer is asserted.
  fixture "format_relative_json_pointer" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "relative-json-pointer" })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # The format time is asserted.
  fixture "format_time" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :time })
    options = { body: items_body }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app
  end

  # The format uri is asserted.
  fixture "format_uri" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :uri })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The format uri-reference is asserted.
  fixture "format_uri_reference" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "uri-reference" })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The format uri-template is asserted.
  fixture "format_uri_template" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "uri-template" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The format uuid is asserted.
  fixture "format_uuid" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: :uuid })
    options = { body: items_body }
    router.post("/items", **options) { |body:| echo(body: typed(body, options[:body])) }
    app.mount("/", router)
    app
  end

  # A value that does not fit the condition must fit `else`.
  fixture "if_else" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :object,
      if: { properties: { country: { const: "US" } }, required: ["country"] },
      then: { properties: { zip: { pattern: "^[0-9]{5}$" } } },
      else: { properties: { zip: { maxLength: 8 } } },
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # A value that fits the condition must fit `then`.
  fixture "if_then" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :object,
      if: { properties: { country: { const: "US" } }, required: ["country"] },
      then: { properties: { zip: { pattern: "^[0-9]{5}$" } } },
      else: { properties: { zip: { maxLength: 8 } } },
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The type number takes whole numbers as well.
  fixture "integer_is_a_number" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: Float)
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # Every element must fit.
  fixture "items" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: [Integer])
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # With `prefixItems`, `items` describes the elements after them.
  fixture "items_after_prefix_items" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: {
      type: :array,
      prefixItems: [{ type: :string }],
      items: { type: :integer },
    })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # A keyword for another type than the value's has no effect.
  fixture "keywords_of_other_types_are_ignored" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { minLength: 5, minimum: 10, minItems: 2 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # No more elements than the maximum may fit.
  fixture "max_contains" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :array, contains: { type: :string }, maxContains: 1 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # An array may have as many elements as the maximum.
  fixture "max_items" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :array, items: { type: :integer }, maxItems: 2 })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # A string may have as many characters as the maximum.
  fixture "max_length" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, maxLength: 3 })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # Characters are counted, not bytes or UTF-16 units.
  fixture "max_length_counts_code_points" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, maxLength: 2 })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # An object may have as many members as the maximum.
  fixture "max_properties" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, maxProperties: 1 } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # The maximum itself is permitted, more is not.
  fixture "maximum" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :integer, maximum: 10 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # As many elements as the minimum must fit.
  fixture "min_contains" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :array, contains: { type: :string }, minContains: 2 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # With a minimum of zero no element has to fit.
  fixture "min_contains_of_zero" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :array, contains: { type: :string }, minContains: 0 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # An array must have as many elements as the minimum.
  fixture "min_items" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :array, items: { type: :integer }, minItems: 1 })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # A string must have as many characters as the minimum.
  fixture "min_length" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, minLength: 2 })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # One character outside the basic plane is one character.
  fixture "min_length_counts_code_points" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, minLength: 2 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # An object must have as many members as the minimum.
  fixture "min_properties" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, minProperties: 1 } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # The minimum itself is permitted, less is not.
  fixture "minimum" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :integer, minimum: 1 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # An integer must be a multiple.
  fixture "multiple_of" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :integer, multipleOf: 5 })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # A fraction counts as it is written in decimal.
  fixture "multiple_of_a_fraction" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :number, multipleOf: 0.01 })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The value must not fit the schema.
  fixture "not_keyword" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { not: { type: :string } })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # Numbers are held against bounds, multiples and other numbers by their mathematical value, at any size.
  fixture "numbers_are_compared_exactly" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :array,
      prefixItems: [
        { type: :integer },
        { maximum: 1 },
        { exclusiveMinimum: -9007199254740993 },
        { multipleOf: 0.01 },
        { enum: [0.1, 9007199254740993] },
        { type: :array, uniqueItems: true },
      ],
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The value must fit exactly one schema.
  fixture "one_of" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      oneOf: [{ type: :integer, multipleOf: 3 }, { type: :integer, multipleOf: 5 }],
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # Alternatives of objects are told apart by a constant member.
  fixture "one_of_objects" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      oneOf: [
        {
          type: :object,
          properties: { kind: { const: "a" }, n: { type: :integer } },
          required: ["kind", "n"],
        },
        {
          type: :object,
          properties: { kind: { const: "b" }, s: { type: :string } },
          required: ["kind", "s"],
        },
      ],
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # A string must match the pattern.
  fixture "pattern" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, pattern: "^[A-Z]{3}-[0-9]+$" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # A pattern matches anywhere in the string unless it says otherwise.
  fixture "pattern_is_not_anchored" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :string, pattern: "b+" })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # Members whose names match a pattern must fit its schema.
  fixture "pattern_properties" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, patternProperties: { "^x-": { type: :string } } } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app
  end

  # Patterns are regular expressions of ECMA-262: a dot is no line end, classes are of ASCII, anchors are
  # those of the text; look-ahead at the beginning is matched in linear time.
  fixture "patterns_mean_what_ecma_262_says" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :array,
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
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Names with slashes and tildes are escaped in pointers.
  fixture "pointer_escapes" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, additionalProperties: { type: :integer } } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A pointer names every step down to the value that does not fit.
  fixture "pointer_into_nested_arrays" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :array,
      items: { type: :array, items: { type: :integer, minimum: 0 } },
    })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # The first elements have schemas of their own.
  fixture "prefix_items" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :array,
      prefixItems: [{ type: :string }, { type: :integer }],
    })
    app.post("/items", body: items_body) { |body| echo(body:) }
    app
  end

  # Each named member must fit its own schema.
  fixture "properties" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, properties: { a: { type: :integer }, b: { type: :string } } } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # The names of members must fit a schema.
  fixture "property_names" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, propertyNames: { pattern: "^[a-z]+$" } } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app
  end

  # A schema that contains itself holds at every depth.
  fixture "recursive_ref" do
    components = {
      Node: {
        type: :object,
        properties: {
          n: { type: :integer },
          children: { type: :array, items: { "$ref": "#/components/schemas/Node" } },
        },
      },
    }
    app = Sabir::App.new(components:)
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { "$ref": "#/components/schemas/Node" })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # Keywords beside a reference count as well.
  fixture "ref_beside_other_keywords" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :object,
      properties: { value: { "$ref": "#/$defs/Name", maxLength: 3 } },
      required: ["value"],
      "$defs": { Name: { type: :string, minLength: 1 } },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Components may refer to one another.
  fixture "ref_between_components" do
    components = {
      Order: {
        type: :object,
        properties: { lines: { type: :array, items: { "$ref": "#/components/schemas/Line" } } },
      },
      Line: { type: :object, properties: { n: { type: :integer, minimum: 1 } } },
    }
    app = Sabir::App.new(components:)
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { "$ref": "#/components/schemas/Order" })
    router.post("/items", body: items_body) { |body| echo(body:) }
    app.mount("/", router)
    app
  end

  # A reference to the components of the application is followed.
  fixture "ref_to_components" do
    components = { Order: { type: :object, required: ["sku"], properties: { sku: { type: :string } } } }
    app = Sabir::App.new(components:)
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { "$ref": "#/components/schemas/Order" })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # A reference to `$defs` of the same schema is followed.
  fixture "ref_to_definitions" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { "$ref": "#/$defs/Quantity" } },
      required: ["value"],
      "$defs": { Quantity: { type: :integer, minimum: 1 } },
    }) do |body|
      echo(body:)
    end
    app
  end

  # Every required member that is missing is reported at the object that lacks it.
  fixture "required" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :object,
      properties: { value: { type: :object, required: ["a", "b"] } },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Every keyword that one value fails is reported.
  fixture "several_keywords_of_one_value" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, minLength: 3, pattern: "^[a-z]+$" })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The type array takes arrays only.
  fixture "type_array" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: :array })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The type boolean takes true and false; 0 and 1 are none.
  fixture "type_boolean" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: :boolean)
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The type integer takes whole numbers and no strings of digits.
  fixture "type_integer" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: Integer)
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # Of several types the value must have one.
  fixture "type_list" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: { type: ["string", "null"] })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The type null takes null only.
  fixture "type_null" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: :null)
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # The type number takes numbers with a fraction; a boolean is none.
  fixture "type_number" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: Float)
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # The type object takes objects only.
  fixture "type_object" do
    app = Sabir::App.new
    app.post("/items", body: { type: :object, properties: { value: { type: :object } }, required: ["value"] }) do |body:|
      echo(body:)
    end
    app
  end

  # The type string takes strings only.
  fixture "type_string" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: String)
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # Elements that no other keyword describes are refused.
  fixture "unevaluated_items" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(value: {
      type: :array,
      allOf: [{ prefixItems: [{ type: :string }] }],
      unevaluatedItems: false,
    })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # Members that no other keyword describes are refused, also across combined schemas.
  fixture "unevaluated_properties" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :object,
      properties: {
        value: {
          allOf: [{ type: :object, properties: { a: {} } }, { properties: { b: {} } }],
          unevaluatedProperties: false,
        },
      },
      required: ["value"],
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # No two elements may be equal.
  fixture "unique_items" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: {
      type: :object,
      properties: { value: { type: :array, uniqueItems: true } },
      required: ["value"],
    }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A format that is not known refuses nothing.
  fixture "unknown_format_is_an_annotation" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: { type: :string, format: "x-colour" })
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # Without a setting, a hundred violations are told, of however many branches a combination has and whichever
  # members are not permitted.
  fixture "violations_are_told_up_to_a_hundred" do
    app = Sabir::App.new
    app.post("/items", body: {
      type: :array,
      items: {
        oneOf: [
          { type: :integer, minimum: 0, maximum: 0 },
          { type: :integer, minimum: 1, maximum: 1 },
          { type: :integer, minimum: 2, maximum: 2 },
          { type: :integer, minimum: 3, maximum: 3 },
          { type: :integer, minimum: 4, maximum: 4 },
          { type: :integer, minimum: 5, maximum: 5 },
          { type: :integer, minimum: 6, maximum: 6 },
          { type: :integer, minimum: 7, maximum: 7 },
        ],
      },
    }) do |body|
      echo(body:)
    end
    app.post("/objects", body: { type: :object, additionalProperties: false }) { |body| echo(body:) }
    app
  end

  # As many violations are told as the setting permits, of parameters and body together, and the problem says
  # when there are more.
  fixture "violations_are_told_up_to_a_limit" do
    app = Sabir::App.new(violation_limit: 3)
    app.post("/items", query: { n?: Integer }, body: [String]) { |n: nil, body:| echo(query: { n: }, body:) }
    app
  end

  # The number 1.0 is an integer, for JSON knows one kind of number.
  fixture "whole_number_with_a_fraction_of_zero_is_an_integer" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(value: Integer)
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end
end
