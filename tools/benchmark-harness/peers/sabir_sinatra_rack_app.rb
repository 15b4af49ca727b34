# frozen_string_literal: true

# Sinatra itself on Sabir.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require_relative "sinatra_app"
require "sabir"

Sabir.serve(SinatraApp, port: Integer(ARGV.first))
