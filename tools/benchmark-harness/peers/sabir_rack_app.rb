# frozen_string_literal: true

# Bare Rack on Sabir.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require_relative "rack_application"
require "sabir"

Sabir.serve(RackApplication.new, port: Integer(ARGV.first))
