# frozen_string_literal: true

module Sabir
  module Sinatra
    # The server of an application.
    module Serving
      # Servers that applications name because Sinatra has none of its own.
      REPLACED = %w[HTTP falcon iodine puma rainbows thin trinidad unicorn webrick].freeze
      private_constant :REPLACED

      # Serves until a signal, or #quit!. Settings may be given; a block is called with the server.
      #
      # That is the runtime, which also stands in for the servers that the setting `server` names. `run!(server: "puma")`, as the option `-s`, serves
      # on that one, and so does the setting where it names a handler of Rack that is not widely known.
      def run!(options = {}, &block)
        return if running?

        chosen = options[:server] || chosen_server
        set(options) unless options.empty?
        names = [*(chosen || server)].map(&:to_s)
        name = names.find { |candidate| native?(candidate, chosen) || handler_of(candidate) }
        raise "there is none of the servers #{names.join(", ")}" if name.nil?

        set(:handler_name, name)
        serve_by(name, chosen, &block)
      end
      alias start! run!

      # Runs a block before it serves.
      def on_start(&block)
        @on_start = block
      end

      # Runs a block after it has served.
      def on_stop(&block)
        @on_stop = block
      end

      # Ends #run!.
      def quit!
        return unless running?

        running_server.respond_to?(:stop!) ? running_server.stop! : running_server.stop
      end
      alias stop! quit!

      def running?
        !running_server.nil?
      end

      # The application on the runtime, for TestClient and #run!.
      def native_app
        @native_app ||= NativeApp.new(self)
      end

      # What the runtime calls: an instance behind its middleware.
      #
      # Private.
      def native_stack(instance)
        stack = build(instance, is_native: true).to_app
        lock? ? ->(env) { Base.synchronize { stack.call(env) } } : stack
      end

      private

      def serve_by(name, chosen, &)
        @on_start&.call
        native?(name, chosen) ? run_native(&) : run_handler(handler_of(name), &)
      ensure
        @on_stop&.call
        set(:running_server, nil)
        set(:handler_name, nil)
      end

      def native?(name, is_chosen)
        name == "sabir" || (!is_chosen && REPLACED.include?(name))
      end

      def run_native
        native = native_app
        set(:running_server, native)
        yield native if block_given?
        native.run(host: bind == "localhost" ? "127.0.0.1" : bind, port:, workers:)
      end

      def run_handler(handler, &block)
        # Errors in middleware are told before anything is served.
        prototype
        handler.run(self, Host: bind, Port: port, **server_settings_of_class) do |server|
          set(:running_server, server)
          block&.call(server)
        end
      end

      def server_settings_of_class
        respond_to?(:server_settings) ? server_settings : {}
      end

      # The handler of Rack with a name, or nil.
      def handler_of(name)
        rack_handlers.get(name)
      rescue LoadError, NameError
        nil
      end

      def rack_handlers
        return ::Rack::Handler if ::Rack.const_defined?(:Handler)

        require "rackup"
        ::Rackup::Handler
      end
    end
  end
end
