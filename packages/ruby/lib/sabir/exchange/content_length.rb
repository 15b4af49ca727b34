# frozen_string_literal: true

require "delegate"

module Sabir
  module Exchange
    # A filter that keeps what is written until the end, and says its length.
    #
    #   Sabir.build_app([], [Sabir::Exchange::ContentLength.new], app)
    class ContentLength
      # A response that is written at its end.
      class Buffered < DelegateClass(Response)
        def initialize(response)
          super
          @content = String.new(encoding: ::Encoding::BINARY)
        end

        def write_head(status, headers = {})
          @status = status
          @headers = headers
          self
        end

        def write(chunk)
          @content << chunk.to_s.b
          self
        end
        alias << write

        def finish
          return if finished?

          __getobj__.write_head(@status, @headers.merge("content-length" => @content.bytesize.to_s))
          __getobj__.write(@content) unless @content.empty?
          __getobj__.finish
        end
        alias close finish
      end
      private_constant :Buffered

      def filter(request, response, chain)
        chain.next(request, Buffered.new(response))
      end
    end
  end
end
