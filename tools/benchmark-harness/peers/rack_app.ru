# frozen_string_literal: true

# Bare Rack.
require_relative "rack_application"

run RackApplication.new
