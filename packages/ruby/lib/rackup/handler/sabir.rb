# frozen_string_literal: true

require "rack"
require "rackup/handler"
require "sabir"

module Rackup
  module Handler
    # For `rackup -s sabir` of Rack 3.
    Sabir = ::Sabir::Rack::Handler

    register :sabir, Sabir
  end
end
