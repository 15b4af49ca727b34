# frozen_string_literal: true

require "stringio"

module Sabir
  module Sinatra
    # An application on the runtime: its server, and requests in memory.
    #
    # Private.
    class NativeApp < App
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

      def initialize(base)
        super(trailing_slash: "strict", **settings_of(base))
        @environment = Native::Environment.new({ **CONSTANTS, "rack.errors" => $stderr, "rack.input" => StringIO.new("".b) })
        @stack = base.native_stack
        add_contracts(base.ancestors_of_routes.flat_map(&:contracts))
        base.all_streams.each { |operation, block, action| add_stream(base, operation, block, action) }
        mount("/", @stack)
      end

      private

      # Those of the runtime's settings that the application has.
      def settings_of(base)
        SETTINGS.keys.select { |name| base.respond_to?(name) }.to_h { |name| [name, base.public_send(name)] }.compact
      end

      # A subclass's contract stands in the way of its superclass's with the same path.
      def add_contracts(contracts)
        contracts.uniq { |contract| [contract.verb, contract.operation.path] }.each { |contract| add_contract(contract) }
        # Other methods have routes elsewhere, perhaps.
        paths = contracts.map { |contract| contract.operation.path }.uniq
        paths.each { |path| all(path) { |request| @stack.call(env_of(request)) } }
      end

      # The runtime answers bad input itself. Whether it is the route's turn is asked in the order of all routes.
      def add_contract(contract)
        contract.add_to(@native) do |positional, keywords, request|
          env = env_of(request, is_kept: contract.keeps_content?(request))
          env[Contract::DECODED] = [contract, positional, keywords]
          @stack.call(env)
        end
      end

      def add_stream(base, operation, block, action)
        receiver = lambda do |positional, keywords, request|
          socket = positional.find { |argument| argument.is_a?(WebSocket) } || keywords[:ws]
          action.bind_call(base.new!.serve_stream(env_of(request), socket), *positional, **keywords)
        end
        add_operation("GET", operation, Recorder.new(block, &receiver))
      end

      # The environment of a request whose content the runtime has read, and decoded perhaps.
      def env_of(request, is_kept: true)
        env = @environment.of(request)
        return env unless env.key?("CONTENT_LENGTH") || env.key?("HTTP_TRANSFER_ENCODING")

        env["rack.input"] = StringIO.new(is_kept ? request.body : "".b)
        return env if is_kept

        # Nobody is to read a form that is not there any more.
        env["rack.request.form_input"] = env["rack.input"]
        env["rack.request.form_hash"] = {}
        env
      end
    end
    private_constant :NativeApp
  end
end
