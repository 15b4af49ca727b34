# frozen_string_literal: true

require "stringio"

module Sabir
  module Sinatra
    # Makes environments of Rack for requests that the runtime has read.
    #
    # Private.
    class Environments
      # What all environments have.
      CONSTANTS = {
        "SCRIPT_NAME" => "",
        "SERVER_SOFTWARE" => "Sabir/#{VERSION}",
        "rack.version" => [1, 3].freeze,
        "rack.url_scheme" => "http",
        "rack.multithread" => true,
        "rack.multiprocess" => false,
        "rack.run_once" => false,
        "rack.hijack?" => false
      }.freeze
      private_constant :CONSTANTS

      def initialize(native)
        @of_routes = Native::Environment.new({ **CONSTANTS, "rack.errors" => $stderr, "rack.input" => StringIO.new("".b) })
        @inputs = Rack.inputs
        @mounted = Native::Environment.new(Rack.constants(native, "", false, @inputs.new(nil)))
      end

      def verb(request)
        @mounted.verb(request)
      end

      def path(request)
        @mounted.path(request)
      end

      # That of a request that no route of the runtime is for, whose content may still arrive.
      def of_mounted(request, content)
        env = @mounted.of(request)
        content = request.body if content.nil? && content?(env)
        env["rack.input"] = @inputs.new(content) unless content.nil?
        env
      end

      # That of a request of a route, of which the content has been read, and decoded unless it +is_kept+.
      def of_route(request, is_kept: true)
        env = @of_routes.of(request)
        return env unless content?(env)

        env["rack.input"] = StringIO.new(is_kept ? request.body : "".b)
        return env if is_kept

        # Nobody is to read a form that is not there any more.
        env["rack.request.form_input"] = env["rack.input"]
        env["rack.request.form_hash"] = {}
        env
      end

      # That of a request of a contract's route, with the arguments.
      def of_contract(request, decoded)
        env = of_route(request, is_kept: decoded[0].keeps_content?(request))
        env[Contract::DECODED] = decoded
        env
      end

      private

      def content?(env)
        env.key?("CONTENT_LENGTH") || env.key?("HTTP_TRANSFER_ENCODING")
      end
    end
    private_constant :Environments
  end
end
