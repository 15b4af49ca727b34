# frozen_string_literal: true

require "test_helper"
require "tmpdir"

# OpenAPI documents: what they are made of, what they cannot be made of, and how they are served.
class OpenapiTest < Minitest::Test
  ORDER = Sabir::Schema.struct({ title: "Order" }, id: Integer, note?: { type: %i[string null] })

  def test_routes_describe_operations
    paths = shop.openapi.fetch("paths")
    content = { "application/json" => { "schema" => { "$ref" => "#/components/schemas/Order" } } }
    assert_equal ["/orders/{id}", "/orders"], paths.keys
    assert_equal "show_order", paths.dig("/orders/{id}", "get", "operationId")
    assert_equal({ "description" => "OK", "content" => content }, paths.dig("/orders/{id}", "get", "responses", "200"))
    assert_equal({ "content" => content, "required" => true }, paths.dig("/orders", "post", "requestBody"))
  end

  def test_hidden_routes_are_no_part_of_documents
    router = Sabir::Router.new(hidden: true)
    router.get("/a") { nil }
    router.websocket("/b") { nil }
    app = Sabir::App.new
    app.mount("/v1", router)
    assert_empty app.openapi.fetch("paths")
    assert_empty app.asyncapi.fetch("channels")
  end

  def test_documents_are_served_without_a_block
    app = shop.documents(title: "Shop", version: "1.2.0")
    client = Sabir::TestClient.new(app)
    response = client.get("/openapi.json")
    assert_equal app.openapi(title: "Shop", version: "1.2.0"), JSON.parse(response.body)
    assert_equal app.asyncapi(title: "Shop", version: "1.2.0"), JSON.parse(client.get("/asyncapi.json").body)
    assert_includes client.get("/docs").body, "<title>Shop</title>"
    assert_equal 304, client.get("/openapi.json", headers: { "if-none-match" => response.headers["etag"] }).status
    assert_equal 0, app.handler_calls
  end

  def test_paths_of_documents_may_be_others_or_none
    app = shop.documents(openapi: "/api/openapi.json", asyncapi: nil, docs: "/api/", openapi_version: "3.2")
    client = Sabir::TestClient.new(app)
    assert_equal "3.2.0", JSON.parse(client.get("/api/openapi.json").body).fetch("openapi")
    assert_includes client.get("/api/").body, 'data-document="openapi.json"'
    assert_equal 404, client.get("/asyncapi.json").status
  end

  def test_a_file_tells_when_a_document_has_changed
    ci = ENV.delete("CI")
    Dir.mktmpdir do |folder|
      path = File.join(folder, "openapi.json")
      2.times { shop.check_openapi(path, title: "Shop") }
      error = assert_raises(Sabir::DocumentChanged) { shop.check_openapi(path, title: "Store") }
      assert_includes error.message, %(-    "title": "Shop",\n+    "title": "Store",\n)
      shop.check_asyncapi("#{folder}/asyncapi.json")
      assert_equal "3.0.0", JSON.parse(File.read("#{folder}/asyncapi.json")).fetch("asyncapi")
      assert_raises(Sabir::SetupError) { shop.check_openapi(folder) }
    end
  ensure
    ENV["CI"] = ci if ci
  end

  def test_what_does_not_fit_is_named
    { { titel: "Shop" } => "titel", { openapi_version: "3.0" } => "openapi_version", { license: {} } => "license" }.each do |given, field|
      assert_equal field, assert_raises(Sabir::SetupError) { shop.openapi(**given) }.field
    end
    assert_equal "ui", assert_raises(Sabir::SetupError) { shop.documents(ui: :redoc) }.field
    error = assert_raises(Sabir::SetupError) { shop.documents.get("/docs") { nil } }
    assert_includes error.message, "GET /docs"
  end

  private

  def shop
    app = Sabir::App.new
    app.get("/orders/{id:int}", operation_id: "show_order", returns: ORDER) { nil }
    app.post("/orders", body: ORDER, status: 201, returns: ORDER) { |body:| body }
    app.websocket("/chat") { nil }
    app
  end
end
