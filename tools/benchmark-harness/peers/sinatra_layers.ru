# frozen_string_literal: true

# Sinatra with what the environment variable LAYERS names around its handler.
require "securerandom"
require "sinatra/base"

# The fields of CORS, an id and what browsers may do with an answer.
class Headers
  FIELDS = {
    "X-Content-Type-Options" => "nosniff",
    "X-Frame-Options" => "SAMEORIGIN",
    "Referrer-Policy" => "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy" => "same-origin",
  }.freeze

  def initialize(app)
    @app = app
  end

  def call(env)
    status, headers, body = @app.call(env)
    headers.merge!(FIELDS)
    headers["X-Request-Id"] = SecureRandom.hex(16)
    headers["Vary"] = "Origin"
    headers["Access-Control-Allow-Origin"] = env["HTTP_ORIGIN"] if env["HTTP_ORIGIN"] == "https://shop.example"
    [status, headers, body]
  end
end

# The application.
class Layered < Sinatra::Base
  set :environment, :production
  disable :logging, :protection

  before { @user = "ada" } if ENV["LAYERS"] == "hook"

  get("/") do
    content_type "text/plain"
    "Hello, world!"
  end
end

if ENV["LAYERS"] == "stages"
  use Headers
  use Rack::Deflater, if: ->(_, _, headers, _) { headers["Content-Length"].to_i >= 1024 }
end
run Layered
