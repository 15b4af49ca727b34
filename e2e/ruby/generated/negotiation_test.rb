# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class NegotiationTest < FixtureTest
  category "negotiation"

  # Of types with the same weight the one declared first is chosen.
  fixture "equal_weights_leave_the_choice_to_the_server" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Types of declared errors are not offered.
  fixture "only_the_success_takes_part" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", responses: {
      "404": { description: "None.", content: { "text/plain": {} } },
      "200": { description: "An item.", content: { "application/json": {}, "text/csv": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app.mount("/", router)
    app
  end

  # A range with a parameter takes only types that have it, and describes these more closely.
  fixture "parameters_narrow_a_range" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "text/html": {}, "text/html;level=1": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Problems are application/problem+json, whatever the client accepts.
  fixture "problems_are_not_negotiated" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "text/html": {}, "text/csv": {} } },
    }) do
      raise Sabir::Problem.new(status: 409)
    end
    app.get("/page", query: { n?: Integer }, responses: {
      "200": { description: "An item.", content: { "text/html": {} } },
    }) do
      "ok"
    end
    app.get("/broken", responses: { "200": { description: "An item.", content: { "text/html": {} } } }) do
      raise "boom"
    end
    app
  end

  # A comma within quotes ends no element.
  fixture "range_with_a_quoted_comma" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # The refusal names the types that there are.
  fixture "refusal_names_the_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/csv": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app.mount("/", router)
    app
  end

  # Several Accept fields count as one, and empty elements as none.
  fixture "repeated_fields_are_one_list" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Where no response is declared nothing is negotiated.
  fixture "routes_without_declared_types_take_any_wish" do
    app = Sabir::App.new
    app.get("/items") { |request| { accepts: request.accepts } }
    app.get("/plain", responses: { "204": { description: "Nothing." } }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # A type with the suffix +json is not application/json: neither stands for the other.
  fixture "structured_suffix_is_a_type_of_its_own" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/vnd.api+json": {}, "text/csv": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # The type with the greatest weight is chosen, whatever its place in the field.
  fixture "the_heaviest_type_wins" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": {
        description: "An item.",
        content: { "application/json": {}, "text/html": {}, "text/plain": {} },
      },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Each type has the weight of the range that describes it most closely.
  fixture "the_most_specific_range_counts" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": {
        description: "An item.",
        content: { "application/json": {}, "text/html": {}, "text/plain": {} },
      },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # A range with a subtype wildcard takes every type below it.
  fixture "type_range" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Types and the name of the weight are compared without regard to case.
  fixture "types_ignore_case" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # An answer that was chosen among several types says so in Vary, the refusal too.
  fixture "vary_names_accept" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # Weight 0 says that a type is not acceptable.
  fixture "weight_zero_excludes" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app
  end

  # A client that states no wish gets the type declared first.
  fixture "without_accept_the_first_type_counts" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items", responses: {
      "200": { description: "An item.", content: { "text/html": {}, "application/json": {} } },
    }) do |request|
      { accepts: request.accepts }
    end
    app.mount("/", router)
    app
  end
end
