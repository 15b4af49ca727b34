# frozen_string_literal: true

# Sabir on Ruby, with blocks and contracts.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require "sabir"

CLOSED = { additionalProperties: false }.freeze
LINE = Sabir::Schema.struct(
  CLOSED,
  sku: { type: :string, pattern: "^[A-Z]{3}-[0-9]{4}$" },
  quantity: { type: :integer, minimum: 1, maximum: 100 },
  price: { type: :number, minimum: 0 },
)
ORDER = Sabir::Schema.struct(
  CLOSED,
  id: { type: :integer, minimum: 1 },
  customer: { type: :string, minLength: 1, maxLength: 80 },
  email: { type: :string, pattern: "@" },
  lines: { type: :array, items: LINE, minItems: 1 },
  note?: { type: %i[string null] },
)
AGE = { type: :integer, minimum: 1, maximum: 150 }.freeze
LIMIT = { type: :integer, minimum: 1, maximum: 100, default: 10 }.freeze

app = Sabir::App.new

app.get("/") { "Hello, world!" }
app.get("/sleep") { sleep(0.001) && "Slept." }
app.get("/users/{id:int}", query: { limit: LIMIT }) { |id:, limit:| { id:, limit: } }
app.post("/orders", body: ORDER) { |body:| { id: body.id, items: body.lines.sum(&:quantity) } }
app.post("/echo", body: {}) { |body:| body }
app.post("/form", form: { name: String, age: AGE }) { |name:, age:| { name:, age: } }
app.post("/upload", form: { file: Sabir::UploadFile }) { |file:| { size: file.read.bytesize } }

app.static("/files", File.join(__dir__, "files"))

(ENV["ROUTES"].to_i / 2).times do |number|
  app.get("/static/#{number}") { "static #{number}" }
  app.get("/items/#{number}/parts/{part}") { |part:| "items #{number} #{part}" }
end

app.run(port: Integer(ARGV.first))
