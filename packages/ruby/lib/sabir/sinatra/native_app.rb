# frozen_string_literal: true

module Sabir
  module Sinatra
    # An application on the runtime: its server, and requests in memory.
    #
    # Private.
    class NativeApp < App
      def initialize(base)
        super(trailing_slash: "strict", fiber_scheduler: scheduler_of(base), **settings_of(base))
        @environments = Environments.new(@native)
        instance = base.new!
        @stack = base.native_stack(instance)
        @direct = DirectStack.new(instance, @stack, @environments) if DirectStack.fits?(base)
        @hosts = HostAuthorization.of(base)
        add_contracts(base.ancestors_of_routes.flat_map(&:contracts))
        base.all_streams.each { |operation, block, action| add_stream(base, operation, block, action) }
        @direct ? Rack.mount_deferred(@native, "", @direct, MountedRequest) : mount("/", @stack)
      end

      private

      # Those of the runtime's settings that the application has.
      def settings_of(base)
        SETTINGS.keys.select { |name| base.respond_to?(name) }.to_h { |name| [name, base.public_send(name)] }.compact
      end

      # What makes schedulers. A setting that is a block, or a Proc, is called by being read.
      def scheduler_of(base)
        read = base.fiber_scheduler if base.respond_to?(:fiber_scheduler)
        read.nil? || read.respond_to?(:call) ? read : -> { base.fiber_scheduler }
      end

      # A subclass's contract stands in the way of its superclass's with the same path.
      def add_contracts(contracts)
        contracts.uniq { |contract| [contract.verb, contract.operation.path] }.each { |contract| add_contract(contract) }
        # Other methods have routes elsewhere, perhaps.
        paths = contracts.map { |contract| contract.operation.path }.uniq
        paths.each { |path| all(path) { |request| @direct ? @direct.call(request) : @stack.call(@environments.of_route(request)) } }
      end

      # The runtime answers bad input itself. Whether it is the route's turn is asked in the order of all routes.
      def add_contract(contract)
        contract.add_to(@native) do |arguments, request|
          decoded = [contract, arguments]
          @direct ? @direct.answer(request, nil, decoded) : @stack.call(@environments.of_contract(request, decoded))
        end
      end

      def add_stream(base, operation, block, action)
        receiver = lambda do |positional, keywords, request|
          socket = positional.find { |argument| argument.is_a?(WebSocket) } || keywords[:ws]
          environment = @environments.of_route(request)
          raise Forbidden, "The host is not permitted." if @hosts && !@hosts.accepts?(environment)

          action.bind_call(base.new!.serve_stream(environment, socket), *positional, **keywords)
        end
        add_operation("GET", operation, Recorder.new(block, &receiver))
      end
    end
    private_constant :NativeApp
  end
end
