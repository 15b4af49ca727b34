# frozen_string_literal: true

require "monitor"
require_relative "helpers/answers"
require_relative "helpers/addresses"
require_relative "helpers/media_types"
require_relative "helpers/caching"
require_relative "helpers/streams"

module Sabir
  module Sinatra
    # What blocks of routes, filters and failures can say.
    module Helpers
      include Answers
      include Addresses
      include MediaTypes
      include Caching
      include Streams
    end
  end
end
