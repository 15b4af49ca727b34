# frozen_string_literal: true

# Sabir on Ruby, with Sinatra's words and contracts.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require "sabir/base"

# The routes of the workloads.
class SabirSinatraApp < Sabir::Base
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

  set :environment, :production
  set :default_content_type, "text/plain"

  get("/") { "Hello, world!" }
  get("/sleep") { sleep(0.001) && "Slept." }
  get("/users/{id:int}", query: { limit: LIMIT }) { |id:, limit:| { id:, limit: } }
  post("/orders", body: ORDER) { |body:| { id: body.id, items: body.lines.sum(&:quantity) } }
  post("/echo", body: {}) { |body:| body }
  post("/form", form: { name: String, age: AGE }) { |name:, age:| { name:, age: } }
  post("/upload", form: { file: Sabir::UploadFile }) { |file:| { size: file.read.bytesize } }

  (ENV["ROUTES"].to_i / 2).times do |number|
    get("/static/#{number}") { "static #{number}" }
    get("/items/#{number}/parts/:part") { |part| "items #{number} #{part}" }
  end
end

SabirSinatraApp.run!(port: Integer(ARGV.first), bind: "127.0.0.1")
