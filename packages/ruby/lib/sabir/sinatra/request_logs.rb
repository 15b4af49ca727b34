# frozen_string_literal: true

require "logger"
require "rack"

module Sabir
  module Sinatra
    # Writes a line for each request, unless another one does.
    #
    # Private.
    class AccessLog < ::Rack::CommonLogger
      def call(env)
        return @app.call(env) if env["sinatra.commonlogger"]

        env["sinatra.commonlogger"] = true
        began_at = ::Rack::Utils.clock_time
        status, headers, body = @app.call(env)
        if body.is_a?(Array)
          # There is nothing to wait for.
          log(env, status, headers, began_at)
        else
          body = ::Rack::BodyProxy.new(body) { log(env, status, headers, began_at) }
        end
        [status, headers, body]
      end

      private

      def extract_content_length(headers)
        length = headers[Response::LENGTH] || headers["content-length"]
        length.nil? || length.to_s == "0" ? "-" : length
      end
    end
    private_constant :AccessLog

    # Gives each request a logger of its own.
    #
    # Private.
    class RequestLogger
      def initialize(app, level = ::Logger::INFO)
        @app = app
        @level = level
      end

      def call(env)
        env["rack.logger"] = logger_to(env["rack.errors"]).dup
        @app.call(env)
      end

      private

      # A logger, which is made once for a stream: a copy has a level and a format of its own, and costs less.
      def logger_to(errors)
        stream, logger = @latest
        return logger if stream.equal?(errors) && logger

        @latest = [errors, ::Logger.new(errors, level: @level)]
        @latest.last
      end
    end
    private_constant :RequestLogger
  end
end
