# frozen_string_literal: true

require "rack"
require "sabir"

module Rack
  module Handler
    # For `rackup -s sabir` of Rack 2.
    Sabir = ::Sabir::Rack::Handler

    register "sabir", "Rack::Handler::Sabir"
  end
end
