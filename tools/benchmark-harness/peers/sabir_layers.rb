# frozen_string_literal: true

# Sabir on Ruby with what the environment variable LAYERS names around its handler.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require "sabir"

app = Sabir::App.new

case ENV.fetch("LAYERS", nil)
when "stages"
  app.use Sabir::Cors, allow_origins: ["https://shop.example"]
  app.use Sabir::RequestId
  app.use Sabir::SecurityHeaders
  app.use Sabir::Compression
when "hook"
  app.pre_handler { |request| request.state[:user] = "ada" }
end

app.get("/") { "Hello, world!" }

app.run(port: Integer(ARGV.first))
