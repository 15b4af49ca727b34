# frozen_string_literal: true

module Sabir
  # A WebSocket. What happens to it is told to the blocks that its route gave it, one after the other, on threads for handlers:
  #
  #   app.websocket("/echo") do |ws|
  #     ws.on_open { ws.text("Hello!") }
  #     ws.on_message { |event| ws.text(event.data) }
  #     ws.on_close { |event| puts event.code }
  #   end
  #
  # An exception in one of them goes to the block of `on_error`, if there is one, else the socket is closed with 1011; a Problem of a 4xx
  # status closes it with 1008 and its detail.
  class WebSocket
    # What has happened: the +data+ of a message, a ping or a pong, the +code+ and +reason+ of a close, the +error+ that was raised.
    Event = Struct.new(:type, :data, :code, :reason, :error) do
      # Whether a message is bytes, and not text.
      def binary?
        data.is_a?(String) && data.encoding == ::Encoding::BINARY
      end
    end

    # The codes of a close (RFC 6455 §7.4.1).
    CLOSE_NORMAL = 1000
    CLOSE_GOING_AWAY = 1001
    CLOSE_PROTOCOL_ERROR = 1002
    CLOSE_UNSUPPORTED_DATA = 1003
    CLOSE_NO_STATUS = 1005
    CLOSE_ABNORMAL = 1006
    CLOSE_INVALID_PAYLOAD = 1007
    CLOSE_POLICY_VIOLATION = 1008
    CLOSE_MESSAGE_TOO_BIG = 1009
    CLOSE_MANDATORY_EXTENSION = 1010
    CLOSE_INTERNAL_ERROR = 1011
    CLOSE_SERVICE_RESTART = 1012
    CLOSE_TRY_AGAIN_LATER = 1013
    CLOSE_BAD_GATEWAY = 1014

    # Stands for a message that does not fit.
    REFUSED = Object.new.freeze
    private_constant :REFUSED

    # What has a socket turn messages into what their schema stands for; nil where they stay as they are. Private.
    def self.converter(schema)
      converter = Schema.converter(schema)
      converter && ->(socket) { socket.tap { socket.instance_variable_set(:@converter, converter) } }
    end

    %i[open message close ping pong error].each do |type|
      define_method("on_#{type}") { |&block| handlers[type] = block }
    end

    # Sends text, and waits while the client reads too slowly. Whether the socket is open.
    def text(data)
      write(data.encode(::Encoding::UTF_8))
    end

    # Sends bytes.
    def binary(data)
      write(data.b)
    end

    # Sends a value as JSON.
    def json(value)
      write(Native.encode_json(value))
    end

    # Sends a ping with at most 125 bytes.
    def ping(data = "")
      send_ping(data)
    end

    # Closes the socket after what waits to be sent. Whether it was open. The block of `on_close` is called next, with this code and reason:
    # no message comes before it, and what the client answers is not waited for.
    def close(code = CLOSE_NORMAL, reason = "")
      send_close(code, reason)
    end

    # Sends a message to all that have subscribed to a channel, as App#publish does.
    def publish(channel, message)
      send_to_channel(channel.to_s, message.is_a?(String) ? message : Native.encode_json(message))
    end

    def inspect
      "#<#{self.class} #{request.path}>"
    end

    private

    def handlers
      @handlers ||= {}
    end

    # Called by the native module with what has happened.
    def receive(type, value)
      value = convert(value) if type == :message && @converter
      block = handlers[type] unless value.equal?(REFUSED)
      block&.call(event(type, value))
    rescue StandardError => error
      raise if type == :error || !handlers[:error]

      handlers[:error].call(Event.new(:error, nil, nil, nil, error))
    end

    # The value of a message as its schema has it. One that it does not fit is answered as the route says.
    def convert(value)
      @converter.call(value)
    rescue Problem => problem
      reject(Hooks.problem_of(problem))
      REFUSED
    end

    def event(type, value)
      return Event.new(type, value) unless type == :close

      code, reason = value || [CLOSE_ABNORMAL, ""]
      Event.new(type, nil, code, reason)
    end
  end
end
