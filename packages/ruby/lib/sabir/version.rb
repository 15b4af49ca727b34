# frozen_string_literal: true

module Sabir
  VERSION = "0.1.0"
end
