# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class HeaderParamsTest < FixtureTest
  category "header_params"

  # The field Authorization may be read like any other, as text.
  fixture "authorization" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", headers: { authorization?: String }) do |authorization: nil|
      echo(header: { authorization: })
    end
    app.mount("/", router)
    app
  end

  # Enumeration, pattern and length hold for field values.
  fixture "constraints" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", headers: {
      x_mode?: { type: :string, enum: ["fast", "safe"] },
      x_code?: { type: :string, pattern: "^[A-Z]{3}$" },
      x_name?: { type: :string, minLength: 2 },
    }) do |x_mode: nil, x_code: nil, x_name: nil|
      echo(header: { "x-mode": x_mode, "x-code": x_code, "x-name": x_name })
    end
    app.mount("/", router)
    app
  end

  # The default of the schema stands in for an absent field.
  fixture "defaults" do
    app = Sabir::App.new
    app.get("/items", headers: {
      x_level: { type: :integer, default: 3, maximum: 5 },
      x_lang: { type: :string, default: "en" },
    }) do |x_level:, x_lang:|
      echo(header: { "x-level": x_level, "x-lang": x_lang })
    end
    app
  end

  # Field values are not percent-encoded: a percent sign and a plus sign are data.
  fixture "escapes_are_data" do
    app = Sabir::App.new
    app.get("/items", headers: { x_a?: String }) { |x_a: nil| echo(header: { "x-a": x_a }) }
    app
  end

  # An array in style simple is cut at its commas; white space around items is no part of them.
  fixture "list_in_one_field" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "x-tags", in: :header, schema: [String] },
      {
        name: "x-ids",
        in: :header,
        explode: true,
        schema: { type: :array, items: { type: :integer }, maxItems: 3 },
      },
    ]) do |x_tags: nil, x_ids: nil|
      echo(header: { "x-tags": x_tags, "x-ids": x_ids })
    end
    app
  end

  # Fields of one name are one list, in the order in which they were sent.
  fixture "list_in_several_fields" do
    app = Sabir::App.new
    app.get("/items", headers: { x_ids?: [Integer] }) { |x_ids: nil| echo(header: { "x-ids": x_ids }) }
    app
  end

  # A required field that is missing is refused; an empty one is there.
  fixture "missing_required_header" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", headers: { x_key: String }) { |x_key| echo(header: { "x-key": x_key }) }
    app.mount("/", router)
    app
  end

  # Field names are case-insensitive, on both sides; the declared name is the one the handler sees.
  fixture "names_ignore_case" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", parameters: [
      { name: "X-Request-Level", in: :header, required: true, schema: Integer },
    ]) do |x_request_level:|
      echo(header: { "X-Request-Level": x_request_level })
    end
    app.mount("/", router)
    app
  end

  # An object in style simple alternates names and values, and is pairs when exploded.
  fixture "objects" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      {
        name: "x-color",
        in: :header,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
      {
        name: "x-pairs",
        in: :header,
        explode: true,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |x_color: nil, x_pairs: nil|
      echo(header: { "x-color": x_color, "x-pairs": x_pairs })
    end
    app
  end

  # A field of one value that is sent twice is refused rather than cut to one of them.
  fixture "repeated_single_value_is_refused" do
    app = Sabir::App.new
    app.get("/items", headers: { x_n?: Integer, x_name?: String }) do |x_n: nil, x_name: nil|
      echo(header: { "x-n": x_n, "x-name": x_name })
    end
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", headers: {
      x_int_or_bool?: { anyOf: [{ type: :integer }, { type: :boolean }] },
      x_types?: { type: ["integer", "boolean"] },
      x_one_of?: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] },
      x_int_or_all?: { anyOf: [{ const: "all" }, { type: :integer }] },
      x_int_or_text?: { anyOf: [{ type: :string }, { type: :integer }] },
      x_int_or_float?: { anyOf: [{ type: :integer }, { type: :number }] },
      x_mixed?: { enum: [1, "a", true, 2.5] },
      x_maybe?: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
    }) do |x_int_or_bool: nil, x_types: nil, x_one_of: ABSENT, x_int_or_all: ABSENT, x_int_or_text: nil, x_int_or_float: nil, x_mixed: nil, x_maybe: ABSENT|
      echo(header: {
        "x-int-or-bool": x_int_or_bool,
        "x-types": x_types,
        "x-one-of": nullable(x_one_of),
        "x-int-or-all": nullable(x_int_or_all),
        "x-int-or-text": x_int_or_text,
        "x-int-or-float": x_int_or_float,
        "x-mixed": x_mixed,
        "x-maybe": nullable(x_maybe),
      })
    end
    app.mount("/", router)
    app
  end

  # A header parameter is text unless its schema says more; white space around it is no part of it.
  fixture "text" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "x-a", in: :header, schema: String },
      { name: "x-b", in: :header },
    ]) do |x_a: nil, x_b: ABSENT|
      echo(header: { "x-a": x_a, "x-b": nullable(x_b) })
    end
    app
  end

  # The schema gives a header parameter its type.
  fixture "typed_values" do
    app = Sabir::App.new
    options = {
      headers: {
        x_n?: Integer,
        x_f?: Float,
        x_on?: :boolean,
        x_id?: { type: :string, format: :uuid },
        x_at?: Time,
      },
    }
    app.get("/items", **options) do |x_n: nil, x_f: nil, x_on: nil, x_id: nil, x_at: nil|
      echo(header: {
        "x-n": x_n,
        "x-f": x_f,
        "x-on": x_on,
        "x-id": typed(x_id, options[:headers][:x_id?]),
        "x-at": x_at,
      })
    end
    app
  end

  # Fields that are not declared change nothing, and reach a handler that reads the request.
  fixture "undeclared_headers_are_ignored" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", headers: { x_a?: Integer }) { |x_a: nil| echo(header: { "x-a": x_a }) }
    router.get("/raw") do |request|
      {
        "header:x-b": request.headers["x-b"],
        "headers:x-b": request.headers.get_all("x-b"),
        "header:x-c": request.headers["x-c"],
      }
    end
    app.mount("/", router)
    app
  end
end
