# frozen_string_literal: true

# The AsyncAPI document of an application in Ruby is that of the same application in other languages.

require_relative "support"

class AsyncapiTest < Minitest::Test
  EXPECTED = File.expand_path("../asyncapi.json", __dir__)

  COMMENT = { "$ref": "#/components/schemas/Comment" }.freeze
  STATE = { title: "State", enum: %w[open closed], type: :string }.freeze
  JOIN = Sabir::Schema.struct({ title: "Join" }, kind: { type: :string, const: "join" }, name: String)
  SAY = Sabir::Schema.struct(
    { title: "Say" },
    kind: { type: :string, const: "say" },
    text: { type: :string, minLength: 1 },
    to: { type: :array, items: String, default: [] },
  )
  SAID = Sabir::Schema.struct({ title: "Said" }, name: String, text: String)
  LEFT = Sabir::Schema.struct({ title: "Left" }, name: String)
  LINE = Sabir::Schema.struct({ title: "Line" }, sku: String, quantity: { type: :integer, minimum: 1 })
  ORDER = Sabir::Schema.struct(
    { title: "Order", description: "An order of the shop." },
    id: Integer,
    state: STATE,
    price: Float,
    lines: [LINE],
    counts: { type: :object, additionalProperties: Integer },
    note?: { type: %i[string null] },
  )
  FILTER = Sabir::Schema.struct({ title: "Filter" }, state?: { type: %i[string null] })
  TICK = Sabir::Schema.struct({ title: "Tick" }, n: Integer)

  PAGE = { limit: { type: :integer, minimum: 1, maximum: 100, default: 10 }, since?: String }.freeze

  def test_the_document_is_that_of_every_language
    document = shop.asyncapi(title: "Shop", version: "1.2.0", description: "Tea and more.", servers: ["https://shop.example/api"])
    assert_equal JSON.parse(File.read(EXPECTED)), document
    assert_equal JSON.generate(JSON.parse(File.read(EXPECTED))), JSON.generate(document)
  end

  private

  def shop
    app = Sabir::App.new(components: { Comment: Sabir::Schema.object({ text: String, replies: { type: :array, items: COMMENT } }) })
    app.websocket(
      "/chat/{room}",
      subprotocols: %w[chat.v2 chat.v1],
      operation_id: "chat",
      summary: "Talk in a room.",
      description: "Everybody in it hears it.",
      tags: ["talk"],
      query: PAGE,
      headers: { x_key: String },
      cookies: { seen: { type: :string, default: "no" } },
      incoming: { anyOf: [JOIN, SAY] },
      outgoing: { anyOf: [SAID, LEFT] },
    ) { nil }
    app.websocket("/echo") { nil }
    app.websocket("/orders/{id:int}/comments", invalid_message: :close, incoming: FILTER, outgoing: COMMENT) { nil }
    app.sse("/ticks", summary: "Count.", events: { tick: TICK }) { nil }
    app.sse("/news") { nil }
    app.get("/export", query: PAGE, items: ORDER) { [].each }
    app.post("/import", headers: { x_key: String }, body_items: LINE, items: ORDER) { [].each }
    app.put("/lines", body_items: LINE) { nil }
    app.get("/plain") { "no channel" }
    app
  end
end
