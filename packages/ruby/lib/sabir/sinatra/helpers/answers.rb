# frozen_string_literal: true

module Sabir
  module Sinatra
    module Helpers
      # Status, header fields and content of the answer, and ways to end a request.
      module Answers
        # Sets the status, and returns it.
        def status(value = nil)
          response.status = ::Rack::Utils.status_code(value) if value
          response.status
        end

        # Sets the content, and returns it. A block makes it when it is sent.
        def body(value = nil, &block)
          if block then response.body = Deferred.new(block)
          elsif value
            # What was there before said how long it is.
            headers.delete(Response::LENGTH) unless headers.empty? || request.head? || value.is_a?(::Rack::Files::BaseIterator) || value.is_a?(Stream)
            response.body = value
          else response.body
          end
        end

        # Sets header fields, and returns all.
        def headers(fields = nil)
          response.headers.merge!(fields) if fields
          response.headers
        end

        # Sends the client elsewhere, and ends the request.
        def redirect(target, *rest)
          status(env["REQUEST_METHOD"] != "GET" && at_least_http11? ? 303 : 302)
          response["Location"] = uri(target.to_s, settings.absolute_redirects?, settings.prefixed_redirects?)
          halt(*rest)
        end

        # The page that the client comes from.
        def back
          request.referer
        end

        # Ends the request with a failure.
        def error(code, body = nil)
          code, body = 500, code.to_str if code.respond_to?(:to_str)
          response.body = body unless body.nil?
          halt(code)
        end

        # Ends the request: nothing is here.
        def not_found(body = nil)
          error(404, body)
        end

        # The values of the client's session.
        def session
          request.session
        end

        # The logger of the request; one that writes nothing, if `logging` is disabled.
        def logger
          request.logger || (env["rack.logger"] = NO_LOGGER unless settings.logging.nil?)
        end

        NO_LOGGER = ::Logger.new(nil)
        private_constant :NO_LOGGER

        def informational?
          status.between?(100, 199)
        end

        def success?
          status.between?(200, 299)
        end

        def redirect?
          status.between?(300, 399)
        end

        def client_error?
          status.between?(400, 499)
        end

        def server_error?
          status.between?(500, 599)
        end

        def not_found?
          status == 404
        end

        def bad_request?
          status == 400
        end

        private

        def at_least_http11?
          env.values_at("HTTP_VERSION", "SERVER_PROTOCOL").any? { |version| version.to_s >= "HTTP/1.1" }
        end
      end

      # Content that a block makes when it is sent.
      #
      # Private.
      class Deferred
        def initialize(block)
          @block = block
        end

        def each
          yield @block.call
        end

        def call
          @block.call
        end
      end
      private_constant :Deferred
    end
  end
end
