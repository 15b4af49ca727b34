# frozen_string_literal: true

module Sabir
  module Sinatra
    # WebSockets, server-sent events and channels, which the runtime serves. Under other servers their routes are not there.
    module Sockets
      # What the runtime has routes for: operation and block of each.
      attr_reader :streams

      # Adds a route of WebSockets. See App#websocket for the options. The block is called on an instance of its own, whose `on_open`,
      # `on_message`, `on_close`, `on_ping`, `on_pong` and `on_error` are those of the socket.
      #
      #   websocket "/chat" do |ws|
      #     on_open { ws.subscribe("chat") }
      #     on_message { |event| ws.publish("chat", event.data) }
      #   end
      def websocket(path, **options, &block)
        operation = Operation.of_socket(path, options)
        operation.arguments[:ws].converter = WebSocket.converter(options[:incoming])
        add_stream(operation, block)
      end

      # Adds a route of server-sent events. See App#sse.
      def sse(path, **options, &block)
        add_stream(Operation.of_events(path, options), block)
      end

      # Sends a message to all sockets and event streams that have subscribed to a channel.
      def publish(channel, message)
        native_app.publish(channel, message)
      end

      # How many have subscribed to a channel.
      def presence(channel)
        native_app.presence(channel)
      end

      # Those of this class and its superclasses.
      #
      # Private.
      def all_streams
        ancestors_of_routes.flat_map(&:streams)
      end

      private

      def add_stream(operation, block)
        raise ArgumentError, "#{operation.path} has no block" if block.nil?

        streams << [operation, block, Action.unbound(self, operation.path, block)]
        self
      end
    end

    # What instances have for the routes of Sockets.
    module SocketEvents
      %i[open message close ping pong error].each do |type|
        define_method("on_#{type}") { |&block| @socket.public_send("on_#{type}", &block) }
      end

      # Sends a message to all that have subscribed to a channel.
      def publish(channel, message)
        settings.publish(channel, message)
      end

      # An answer that is the stream of what is published on a channel, for routes of `sse`.
      def events(channel, last_event_id = nil)
        settings.native_app.events(channel, last_event_id)
      end

      # Makes an instance for a route that the runtime has called.
      #
      # Private.
      def serve_stream(env, socket)
        @env = env
        @request = Request.new(env)
        @response = Response.new
        @params = IndifferentHash[@request.params]
        @_plan = settings.plan
        @socket = socket
        self
      end
    end
  end
end
