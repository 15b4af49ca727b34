# frozen_string_literal: true

# The OpenAPI document of an application in Ruby is that of the same application in other languages.

require_relative "support"

class OpenapiTest < Minitest::Test
  COMMENT = { "$ref": "#/components/schemas/Comment" }.freeze
  STATE = { title: "State", enum: %w[open closed], type: :string }.freeze
  LINE = Sabir::Schema.struct(
    { title: "Line" },
    sku: { type: :string, pattern: "^[A-Z]{3}-[0-9]{4}$" },
    quantity: { type: :integer, minimum: 1, maximum: 100 },
  )
  NEW_ORDER = Sabir::Schema.struct(
    { title: "NewOrder", description: "What a client orders." },
    lines: { type: :array, items: LINE, minItems: 1 },
    note?: { type: %i[string null] },
  )
  ORDER = Sabir::Schema.struct(
    { title: "Order", description: "An order of the shop." },
    id: Integer,
    state: STATE,
    price: Float,
    lines: [LINE],
    counts: { type: :object, additionalProperties: Integer },
    note?: { type: %i[string null] },
  )
  JOIN = Sabir::Schema.struct({ title: "Join" }, kind: { type: :string, const: "join" }, name: String)
  SAY = Sabir::Schema.struct({ title: "Say" }, kind: { type: :string, const: "say" }, text: { type: :string, minLength: 1 })
  TICK = Sabir::Schema.struct({ title: "Tick" }, n: Integer)

  INFO = {
    title: "Shop",
    version: "1.2.0",
    description: "Tea and more.",
    terms_of_service: "https://shop.example/terms",
    contact: { name: "Ada", url: "https://shop.example", email: "ada@shop.example" },
    license: { name: "MIT License", identifier: "MIT" },
    servers: ["https://shop.example/api", { url: "/", description: "Here." }],
    tags: [{ name: "orders", description: "What is bought." }],
  }.freeze

  %w[3.1 3.2].each do |version|
    define_method("test_the_document_of_#{version.tr(".", "_")}_is_that_of_every_language") do
      expected = JSON.parse(File.read(File.expand_path("../openapi-#{version}.json", __dir__)))
      document = shop.openapi(openapi_version: version, **INFO)
      assert_equal expected, document
      assert_equal JSON.generate(expected), JSON.generate(document)
    end
  end

  private

  def shop
    app = Sabir::App.new(components: { Comment: Sabir::Schema.object({ text: String, replies: { type: :array, items: COMMENT } }) })
    app.converter("sku", "[A-Z]{3}-[0-9]{4}", { type: :string, pattern: "^[A-Z]{3}-[0-9]{4}$" })
    add_orders(app)
    app.get("/files/{path:path}") { "" }
    app.get("/reports/{kind:csv|pdf}/{day:date}.{n}") { "" }
    app.get("/parts/{sku:sku}", produces: %w[application/json text/html]) { "" }
    app.post("/photos", form: { photo: Sabir::UploadFile, caption: { type: :string, default: "" } }, status: 201) { nil }
    app.post("/names", form: { first: String, age: { type: :integer, minimum: 0 } }) { nil }
    app.post("/comments", body: COMMENT, returns: COMMENT) { nil }
    app.post("/messages", body: { anyOf: [JOIN, SAY] }) { nil }
    app.sse("/ticks", events: { tick: TICK }) { nil }
    app.get("/export", items: ORDER) { [].each }
    app.post("/import", body_items: LINE, returns: [Integer]) { [] }
    app.put("/blob") { nil }
    app.all("/any") { nil }
    app.route("PURGE", "/cache") { nil }
    app.get("/cache") { nil }
    app.get("/hidden", hidden: true) { nil }
    app.websocket("/chat") { nil }
    app
  end

  def add_orders(app)
    app.get(
      "/orders",
      operation_id: "find_orders",
      tags: ["orders"],
      summary: "Find orders.",
      description: "The newest first.",
      headers: { x_key: { type: :string, description: "The key of the client." } },
      query: {
        limit: { type: :integer, minimum: 1, maximum: 100, default: 10 },
        since?: String,
        state?: { type: :array, items: { enum: %w[open closed] } },
      },
      cookies: { seen: { type: :string, default: "no" } },
      returns: [ORDER],
    ) { [] }
    app.post("/orders", tags: ["orders"], body: NEW_ORDER, status: 201, returns: ORDER, responses: { 409 => {} }) { nil }
    app.get("/orders/{id:int}", returns: ORDER, responses: { 404 => { "description" => "There is no such order." } }) { nil }
    app.put("/orders/{id:int}", params: { id: { type: :integer, minimum: 1 } }, body: NEW_ORDER, returns: ORDER, deprecated: true) { nil }
    app.delete("/orders/{number}", status: 204) { nil }
    app.get("/orders/{id:uuid}") { {} }
  end
end
