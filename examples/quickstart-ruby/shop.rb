# frozen_string_literal: true

# A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store. The same as
# examples/quickstart in Python.
#
# Run it with `ruby --yjit shop.rb` from this folder, or `./task demo:ruby` from the root.

require "sabir"

require_relative "store"

STORE = Store.new(ENV.fetch("SHOP_DATABASE", ":memory:"))
SKU = { type: :string, pattern: "^[A-Z]{3}-[0-9]{4}$" }.freeze

NewUser = Sabir::Schema.struct(
  { title: "NewUser" },
  name: { type: :string, minLength: 1, maxLength: 80 },
  email: { type: :string, pattern: "^[^@\\s]+@[^@\\s]+$" },
)
Line = Sabir::Schema.struct({ title: "Line" }, sku: SKU, quantity: { type: :integer, minimum: 1, maximum: 100 })
NewOrder = Sabir::Schema.struct(
  { title: "NewOrder" },
  user: Integer,
  lines: { type: :array, items: Line, minItems: 1 },
  note?: { type: %i[string null] },
)

TEXT_OR_NULL = { type: %i[string null] }.freeze
User = Sabir::Schema.struct({ title: "User" }, id: Integer, name: String, email: String)
Order = Sabir::Schema.struct({ title: "Order" }, id: Integer, user: Integer, note: TEXT_OR_NULL, lines: [Line])
AddedOrder = Sabir::Schema.struct({ title: "AddedOrder" }, id: Integer, items: Integer)
Photo = Sabir::Schema.struct({ title: "Photo" }, sku: String, filename: TEXT_OR_NULL, type: TEXT_OR_NULL, bytes: Integer)
Basket = Sabir::Schema.struct({ title: "Basket" }, added: String, items: Integer)

app = Sabir::App.new
app.documents(title: "Shop", version: "1.0.0", description: "Users, orders and photographs.")
app.use Sabir::Cors, allow_origins: ["https://shop.example"]
app.use Sabir::SecurityHeaders
app.use Sabir::Compression
clerk = app.security(:clerk, Sabir::Security.bearer(keys: { ada: ENV.fetch("SHOP_TOKEN", "open-sesame") }))

app.get("/") { "Welcome to the shop.\n" }

app.post("/users", body: NewUser, status: 201, returns: User, responses: { 409 => {} }) do |body:|
  id = STORE.add_user(body.name, body.email) or raise Sabir::Conflict, "#{body.email} is taken."
  { id:, name: body.name, email: body.email }
end

app.get("/users/{id:int}", returns: User) do |id:|
  STORE.user(id) or raise Sabir::NotFound, "There is no user #{id}."
end

app.get("/users", query: { limit: { type: :integer, minimum: 1, maximum: 100, default: 10 } }, returns: [User]) do |limit:|
  STORE.users(limit)
end

app.post("/orders", body: NewOrder, status: 201, returns: AddedOrder, responses: { 404 => {} }, security: clerk) do |body:|
  STORE.user(body.user) or raise Sabir::NotFound, "There is no user #{body.user}."
  { id: STORE.add_order(body.user, body.lines, body.note), items: body.lines.sum(&:quantity) }
end

app.get("/orders/{id:int}", returns: Order, security: clerk) do |id:|
  STORE.order(id) or raise Sabir::NotFound, "There is no order #{id}."
end

app.sse("/orders/{id:int}/progress", headers: { last_event_id?: Integer }, security: clerk) do |events, id:, last_event_id: 0|
  STORE.order(id) or raise Sabir::NotFound, "There is no order #{id}."
  %w[taken packed sent].each.with_index(1) do |state, number|
    events << Sabir::Event.new(data: state, id: number) if number > last_event_id
  end
end

app.websocket("/basket", incoming: Line, outgoing: Basket) do |ws|
  items = 0
  ws.on_message { |event| ws.json({ added: event.data.sku, items: items += event.data.quantity }) }
end

app.post("/products/{sku}/photo", params: { sku: SKU }, form: { photo: Sabir::UploadFile }, status: 201, returns: Photo) do |sku:, photo:|
  { sku:, filename: photo.filename, type: photo.content_type, bytes: photo.read.bytesize }
end

app.run(port: Integer(ENV.fetch("PORT", "8000"))) if $PROGRAM_NAME == __FILE__
