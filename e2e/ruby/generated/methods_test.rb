# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class MethodsTest < FixtureTest
  category "methods"

  # A route of any method answers every method that has no route of its own.
  fixture "any_method" do
    app = Sabir::App.new
    app.all("/hook") { |request| { method: request.request_method } }
    app.get("/items/{id}") { "show" }
    app.all("/items/{id}") { "rest" }
    app.options("/items/{id}") { "own" }
    app.get("/users") { "list" }
    app
  end

  # A path with a route of any method knows no 405: what its more specific routes do not answer goes there,
  # and OPTIONS too.
  fixture "any_method_of_a_less_specific_route" do
    app = Sabir::App.new
    app.get("/files/readme") { "readme" }
    app.all("/files/{path:path}") { |request| { method: request.request_method, path: request.path } }
    app.post("/{page}") { "page" }
    app
  end

  # Content that a GET route does not declare changes nothing.
  fixture "content_of_a_get_is_ignored" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "list" }
    app.mount("/", router)
    app
  end

  # A method is any token; one that no standard names has routes like the others.
  fixture "custom_methods" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.route("PURGE", "/cache") { "purged" }
    router.get("/cache") { "shown" }
    router.route("REPORT", "/calendar") { "report" }
    router.route("VERSION-CONTROL", "/calendar") { "versions" }
    app.mount("/", router)
    app
  end

  # A HEAD route of its own is run instead of the GET route.
  fixture "declared_head_counts" do
    app = Sabir::App.new
    app.get("/items") { [200, { "x-by" => "get" }, "list"] }
    app.head("/items") { [200, { "x-by" => "head" }, nil] }
    app
  end

  # An OPTIONS route of its own is run instead of the automatic answer.
  fixture "declared_options_counts" do
    app = Sabir::App.new
    app.options("/items") { "own" }
    app.get("/items") { "list" }
    app.get("/users") { "list" }
    app
  end

  # DELETE may have content where it is declared, and none elsewhere.
  fixture "delete_with_and_without_content" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(n: Integer)
    app.delete("/items", body?: items_body) { |body: ABSENT| echo(body:) }
    app.delete("/users") { "gone" }
    app
  end

  # Methods of one path lead to routes of their own.
  fixture "each_method_has_its_route" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "get" }
    router.post("/items") { "post" }
    router.put("/items") { "put" }
    router.patch("/items") { "patch" }
    router.delete("/items") { "delete" }
    app.mount("/", router)
    app
  end

  # A handler that reads the request sees the method as it was sent.
  fixture "handler_sees_the_method" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items") { |request| { method: request.request_method, path: request.path } }
    router.patch("/items") { |request| { method: request.request_method, path: request.path } }
    router.route("PURGE", "/items") { |request| { method: request.request_method, path: request.path } }
    app.mount("/", router)
    app
  end

  # HEAD runs the GET handler and sends its header fields, but no content.
  fixture "head_answers_as_get_without_content" do
    app = Sabir::App.new
    app.get("/items") { Sabir::Response.new("some text", headers: { "x-total" => "3" }) }
    app.get("/users/{id:int}", query: { n?: Integer }) { |n: nil, id:| echo(path: { id: }, query: { n: }) }
    app
  end

  # HEAD has the Content-Length that GET has.
  fixture "head_names_the_length_of_get" do
    app = Sabir::App.new
    app.get("/items") { "some text" }
    app.post("/made") { "x" }
    app
  end

  # The method is case-sensitive: a lower-case name is another method.
  fixture "methods_are_case_sensitive" do
    app = Sabir::App.new
    app.route("PURGE", "/items") { "upper" }
    app.route("Purge", "/items") { "mixed" }
    app
  end

  # The automatic answer to OPTIONS asks for no parameters.
  fixture "options_does_not_check_parameters" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(n: Integer)
    app.post("/items", query: { n: Integer }, headers: { x_key: String }, body: items_body) do |n:, x_key:, body:|
      echo(query: { n: }, header: { "x-key": x_key }, body:)
    end
    app
  end

  # OPTIONS is answered with the methods of the path, without a handler.
  fixture "options_is_answered" do
    app = Sabir::App.new
    app.get("/items") { "list" }
    app.post("/items") { "make" }
    app.put("/items/{id:int}") { "put" }
    app.get("/items/{name}") { "show" }
    app
  end

  # QUERY is safe and has content that is validated.
  fixture "query_method" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(n: Integer)
    app.route("QUERY", "/items", body: items_body) { |body| echo(body:) }
    app
  end

  # A refused HEAD request has the status of GET, and no content.
  fixture "refusals_of_head_have_no_content" do
    app = Sabir::App.new
    app.get("/items", query: { n: Integer }) { |n:| echo(query: { n: }) }
    app.get("/users/{id:int}") { |id:| echo(path: { id: }) }
    app
  end

  # A path that does not have the method is refused before its parameters are looked at.
  fixture "wrong_method_is_judged_before_parameters" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(n: Integer)
    app.post("/items", query: { n: Integer }, body: items_body) { |n:, body:| echo(query: { n: }, body:) }
    app
  end

  # A method that the path lacks is refused, and Allow names those it has, sorted.
  fixture "wrong_method_is_refused_with_allow" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "list" }
    router.post("/items") { "make" }
    router.delete("/items/{id:int}") { "drop" }
    app.mount("/", router)
    app
  end
end
