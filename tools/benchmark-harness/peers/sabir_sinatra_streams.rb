# frozen_string_literal: true

# Streams in Sinatra's words on Sabir.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require_relative "stream_routes"
require "sabir/base"

# The routes of the workloads.
class SabirSinatraStreams < Sabir::Base
  register StreamRoutes
end

SabirSinatraStreams.run!(port: Integer(ARGV.first), bind: "127.0.0.1")
