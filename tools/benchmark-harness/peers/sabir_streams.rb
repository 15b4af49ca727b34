# frozen_string_literal: true

# Sabir's streams in Ruby.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require "sabir"

CHUNK = ("x" * 65_536).b.freeze

app = Sabir::App.new

app.sse("/ticks") { |events:| 20_000.times { |number| events << number.to_s } }
app.get("/download") { Sabir::Response.stream(media_type: "application/octet-stream") { |out| 1_000.times { out << CHUNK } } }

app.run(port: Integer(ARGV.first))
