# frozen_string_literal: true

module Sabir
  module Exchange
    # A request, of which the head has been read.
    class Request < Sabir::Request
      # The content as an IO that is read while it arrives, and cannot be rewound.
      attr_reader :body

      # Says what the content is read from.
      #
      # Private.
      def content=(content)
        @body = Rack::Input.new(content)
      end
    end
  end
end
