# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class CookieParamsTest < FixtureTest
  category "cookie_params"

  # The default of the schema stands in for an absent cookie.
  fixture "defaults" do
    app = Sabir::App.new
    app.get("/items", cookies: {
      theme: { type: :string, default: "light", enum: ["light", "dark"] },
      size: { type: :integer, default: 10 },
    }) do |theme:, size:|
      echo(cookie: { theme:, size: })
    end
    app
  end

  # The first equals sign ends the name; those after it belong to the value.
  fixture "equals_signs_belong_to_the_value" do
    app = Sabir::App.new
    app.get("/items", cookies: { token?: String }) { |token: nil| echo(cookie: { token: }) }
    app
  end

  # A declared cookie and the cookies of the request are read by one rule: without quotes, percent-decoded
  # where that gives text.
  fixture "escapes_of_a_cookie_are_decoded_everywhere" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/declared", cookies: { a?: String }) { |a: nil| echo(cookie: { a: }) }
    router.get("/request") { |request| { "cookie:a": request.cookies["a"] } }
    app.mount("/", router)
    app
  end

  # A user agent sends the cookie of the longest path first, and that one counts.
  fixture "first_of_a_name_counts" do
    app = Sabir::App.new
    app.get("/items", cookies: { n?: Integer }) { |n: nil| echo(cookie: { n: }) }
    app
  end

  # A cookie of another program that is not UTF-8 does not disturb a route that reads another one.
  fixture "foreign_cookie_that_is_not_utf_8_is_ignored" do
    app = Sabir::App.new
    app.get("/items", cookies: { name: String }) { |name:| echo(cookie: { name: }) }
    app
  end

  # An array without explode is one value cut at its commas; escapes are decoded.
  fixture "lists_and_escapes" do
    app = Sabir::App.new
    app.get("/items", parameters: [
      { name: "ids", in: :cookie, explode: false, schema: [Integer] },
      { name: "name", in: :cookie, schema: String },
      { name: "tags", in: :cookie, explode: false, schema: [String] },
    ]) do |ids: nil, name: nil, tags: nil|
      echo(cookie: { ids:, name:, tags: })
    end
    app
  end

  # A required cookie that is missing is refused; an empty one is there.
  fixture "missing_required_cookie" do
    app = Sabir::App.new
    app.get("/items", cookies: { session: String }) { |session:| echo(cookie: { session: }) }
    app
  end

  # Cookie names are compared exactly, and whole.
  fixture "names_are_case_sensitive" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", parameters: [
      { name: "Session", in: :cookie, schema: String },
      { name: "session", in: :cookie, schema: String },
    ]) do |**given|
      echo(cookie: { Session: given[:Session], session: given[:session] })
    end
    app.mount("/", router)
    app
  end

  # HTTP/2 may split the cookies into several fields; they count as one.
  fixture "several_cookie_fields" do
    app = Sabir::App.new
    app.get("/items", cookies: { a?: Integer, b?: Integer }) { |a: nil, b: nil| echo(cookie: { a:, b: }) }
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", cookies: {
      int_or_bool?: { anyOf: [{ type: :integer }, { type: :boolean }] },
      types?: { type: ["integer", "boolean"] },
      one_of?: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] },
      int_or_all?: { anyOf: [{ const: "all" }, { type: :integer }] },
      int_or_text?: { anyOf: [{ type: :string }, { type: :integer }] },
      int_or_float?: { anyOf: [{ type: :integer }, { type: :number }] },
      mixed?: { enum: [1, "a", true, 2.5] },
      maybe?: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
    }) do |int_or_bool: nil, types: nil, one_of: ABSENT, int_or_all: ABSENT, int_or_text: nil, int_or_float: nil, mixed: nil, maybe: ABSENT|
      echo(cookie: {
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

  # A cookie is text unless its schema says more.
  fixture "text" do
    app = Sabir::App.new
    app.get("/items", parameters: [{ name: "a", in: :cookie, schema: String }, { name: "b", in: :cookie }]) do |a: nil, b: ABSENT|
      echo(cookie: { a:, b: nullable(b) })
    end
    app
  end

  # The schema gives a cookie its type and refuses what does not fit.
  fixture "typed_values" do
    app = Sabir::App.new
    options = { cookies: { n?: Integer, on?: :boolean, id?: { type: :string, format: :uuid } } }
    app.get("/items", **options) do |n: nil, on: nil, id: nil|
      echo(cookie: { n:, on:, id: typed(id, options[:cookies][:id?]) })
    end
    app
  end

  # Cookies that are not declared change nothing, and reach a handler that reads the request.
  fixture "undeclared_cookies_are_ignored" do
    app = Sabir::App.new
    app.get("/items", cookies: { a?: Integer }) { |a: nil| echo(cookie: { a: }) }
    app.get("/raw") { |request| { "cookie:b": request.cookies["b"], "cookie:c": request.cookies["c"] } }
    app
  end

  # White space around a pair and empty pieces are skipped.
  fixture "white_space_and_empty_pieces" do
    app = Sabir::App.new
    app.get("/items", cookies: { a?: String, b?: String }) { |a: nil, b: nil| echo(cookie: { a:, b: }) }
    app
  end
end
