# frozen_string_literal: true

module Sabir
  module Sinatra
    # A failure that a client sees as a status.
    class Error < StandardError
    end

    # The request is not well formed.
    class BadRequest < Error
      def http_status
        400
      end
    end

    # Nothing is here.
    class NotFound < Error
      def http_status
        404
      end
    end
  end
end
