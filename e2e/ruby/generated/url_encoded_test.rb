# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class UrlEncodedTest < FixtureTest
  category "url_encoded"

  # Fields that only `additionalProperties` describes are coerced by it.
  fixture "additional_fields_are_coerced_by_their_schema" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, additionalProperties: { type: :integer } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A field that a closed schema does not declare is refused.
  fixture "additional_fields_are_refused_when_closed" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { name: { type: :string } }, additionalProperties: false },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Every field that does not fit is named.
  fixture "all_failures_are_reported_at_once" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { a: { type: :integer, minimum: 1 }, b: { type: :integer } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A percent sign without two hexadecimal digits is malformed.
  fixture "bad_percent_escape_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A field that the schema declares as a boolean takes true and false.
  fixture "boolean_field_is_coerced" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { a: { type: :boolean }, b: { type: :boolean } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A name in brackets is a member of the field before them.
  fixture "brackets_nest_objects" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: {
          address: {
            type: :object,
            properties: {
              city: { type: :string },
              geo: { type: :object, properties: { lat: { type: :number } } },
            },
          },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Raw bytes that are not UTF-8 are malformed.
  fixture "bytes_that_are_not_utf_8_are_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A field with the format date arrives as a date.
  fixture "date_field_is_coerced" do
    app = Sabir::App.new
    options = {
      form: { type: :object, properties: { day: { type: :string, format: :date } } },
      consumes: "application/x-www-form-urlencoded",
    }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:form])) }
    app
  end

  # A field with the format decimal keeps trailing zeros.
  fixture "decimal_field_keeps_its_digits" do
    app = Sabir::App.new
    options = {
      form: { type: :object, properties: { price: { type: :string, format: :decimal } } },
      consumes: "application/x-www-form-urlencoded",
    }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:form])) }
    app
  end

  # A name with a great many brackets is refused without harm.
  fixture "deeply_nested_name_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # By default 1000 fields are read and 1001 are refused.
  fixture "default_field_limit" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A name that ends in empty brackets is an array, even with one element.
  fixture "empty_brackets_make_a_list" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A form without content is a missing body.
  fixture "empty_form_where_one_is_required" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An input that was left empty is null where the schema permits null.
  fixture "empty_number_is_null_where_null_is_permitted" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { age: { type: ["integer", "null"] } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Ampersands that separate nothing are skipped.
  fixture "empty_pairs_are_skipped" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A field with an enumeration takes only its values.
  fixture "enumeration_of_a_field" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { size: { type: :string, enum: ["s", "m", "l"] } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Only the first equals sign separates name and value.
  fixture "equals_signs_after_the_first_belong_to_the_value" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Escaped ampersands and equals signs do not separate.
  fixture "escaped_separators_belong_to_the_value" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Escapes whose bytes are not UTF-8 are malformed instead of replaced.
  fixture "escapes_that_are_not_utf_8_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A browser sends an empty text for a field that was left empty: an optional field that is no string is then
  # absent.
  fixture "field_left_empty_is_absent" do
    app = Sabir::App.new
    options = {
      form: {
        type: :object,
        properties: {
          n: { type: :integer },
          day: { type: :string, format: :date },
          ns: { type: :array, items: { type: :integer } },
          s: { type: :string },
          must: { type: :integer },
        },
        required: ["must"],
      },
      consumes: "application/x-www-form-urlencoded",
    }
    app.post("/items", **options) { |body| echo(body: typed(body, options[:form])) }
    app
  end

  # A field cannot be both a value and an object.
  fixture "field_that_is_a_value_and_an_object_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A name without an equals sign has the empty value.
  fixture "field_without_equals_sign_is_empty" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Fields are coerced by a schema that is only referred to.
  fixture "fields_declared_in_a_component" do
    components = {
      Order: {
        type: :object,
        properties: { sku: { type: :string }, quantity: { type: :integer, minimum: 1 } },
        required: ["sku"],
      },
    }
    app = Sabir::App.new(components:)
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema: { "$ref": "#/components/schemas/Order" } } },
    }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The fields of a form arrive as an object of strings.
  fixture "flat_fields" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A field that the schema declares as an integer arrives as one.
  fixture "integer_field_is_coerced" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { quantity: { type: :integer } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An integer field beyond 64 bits keeps its digits.
  fixture "large_integer_field_is_exact" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { id: { type: :integer } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An array beside another type, and arrays whose items differ, are read by the rule of parameters.
  fixture "lists_of_several_types" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: {
          list_or_int: { anyOf: [{ type: :array, items: { type: :integer } }, { type: :integer }] },
          int_or_list: { anyOf: [{ type: :integer }, { type: :array, items: { type: :integer } }] },
          ints_or_words: {
            anyOf: [{ type: :array, items: { type: :integer } }, { type: :array, items: { type: :string } }],
          },
          mixed_items: { type: :array, items: { anyOf: [{ type: :integer }, { type: :boolean }] } },
          tuple: {
            type: :array,
            prefixItems: [{ type: :integer }, { type: :boolean }],
            items: false,
            minItems: 2,
          },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A required field that is missing is reported at the object that lacks it.
  fixture "missing_required_field" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: { name: { type: :string }, city: { type: :string } },
        required: ["name"],
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body|
      echo(body:)
    end
    app
  end

  # A required member of a nested object is reported at that object.
  fixture "missing_required_nested_field" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: {
        type: :object,
        properties: {
          address: { type: :object, properties: { city: { type: :string } }, required: ["city"] },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A field that the schema declares as a number arrives as a float.
  fixture "number_field_is_coerced" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { price: { type: :number } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Numbers in brackets give the order of an array's elements.
  fixture "numbered_brackets_order_a_list" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { n: { type: :array, items: { type: :integer } } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Elements of an array may be objects.
  fixture "objects_in_a_numbered_list" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: {
          lines: {
            type: :array,
            items: { type: :object, properties: { sku: { type: :string }, quantity: { type: :integer } } },
          },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Brackets mean the same when they are percent-encoded, as browsers send them.
  fixture "percent_encoded_brackets_nest_objects" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: { address: { type: :object, properties: { city: { type: :string } } } },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Percent escapes are bytes of UTF-8, in names as well as in values.
  fixture "percent_escapes_are_decoded_as_utf_8" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A plus sign stands for a space, an escaped one for itself.
  fixture "plus_is_a_space" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A field that the schema declares as an array collects its repetitions in order.
  fixture "repeated_field_becomes_a_list" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { tag: { type: :array, items: { type: :string } } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A field declared as one string must not be given twice.
  fixture "repeated_field_of_a_single_value_is_refused" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { name: { type: :string } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Every element of an array field is coerced by the schema of the items.
  fixture "repeated_integers_are_coerced" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { n: { type: :array, items: { type: :integer } } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A field of a form is what its schema says, also where that is behind an anchor or the URI of a schema
  # inside it.
  fixture "schemas_behind_anchors_and_uris" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: {
          count: { "$ref": "#count" },
          tags: { type: :array, items: { "$ref": "https://example.org/tag" } },
        },
        "$defs": {
          count: { "$anchor": "count", type: :integer, minimum: 1 },
          tag: {
            "$id": "https://example.org/tag",
            anyOf: [{ type: :boolean }, { "$ref": "#word" }],
            "$defs": { word: { "$anchor": "word", type: :string, minLength: 2 } },
          },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A semicolon is part of the value.
  fixture "semicolon_is_no_separator" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: {
        type: :object,
        properties: {
          int_or_bool: { anyOf: [{ type: :integer }, { type: :boolean }] },
          types: { type: ["integer", "boolean"] },
          one_of: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] },
          int_or_all: { anyOf: [{ const: "all" }, { type: :integer }] },
          int_or_text: { anyOf: [{ type: :string }, { type: :integer }] },
          int_or_float: { anyOf: [{ type: :integer }, { type: :number }] },
          mixed: { enum: [1, "a", true, 2.5] },
          maybe: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
        },
      },
      consumes: "application/x-www-form-urlencoded",
    ) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An array field that is given once is a list of one.
  fixture "single_field_of_an_array_becomes_a_list" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { tag: { type: :array, items: { type: :string } } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A field whose text does not fit the declared type is a validation problem.
  fixture "text_that_is_no_integer_is_refused" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { quantity: { type: :integer } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A form with more fields than `form_field_limit` is refused, one with exactly so many is read.
  fixture "too_many_fields" do
    app = Sabir::App.new(form_field_limit: 3)
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/x-www-form-urlencoded": {} },
    }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Text outside ASCII that is not escaped is read as UTF-8.
  fixture "unescaped_utf_8_is_read" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Brackets that do not pair have no meaning.
  fixture "unpaired_brackets_are_part_of_the_name" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A field with the format uuid arrives as a UUID in lower case.
  fixture "uuid_field_is_coerced" do
    app = Sabir::App.new
    options = {
      form: { type: :object, properties: { id: { type: :string, format: :uuid } } },
      consumes: "application/x-www-form-urlencoded",
    }
    app.post("/items", **options) { |body:| echo(body: typed(body, options[:form])) }
    app
  end

  # Without a schema nothing is guessed from the looks of a value.
  fixture "values_stay_strings_without_a_schema" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body|
      echo(body:)
    end
    app
  end
end
