# frozen_string_literal: true

# What a client says and hears on a WebSocket.
module Talk
  class << self
    # Takes every turn of a fixture.
    def all(turns, peer)
      Fixture.expand(turns).each_with_index do |turn, index|
        take(turn, peer)
      rescue StandardError => error
        raise "talk[#{index}]: #{error.message} (#{error.class})"
      end
    end

    private

    def take(turn, peer)
      kind, value = turn.first
      case kind
      when "send" then peer.text(value)
      when "send_base64" then peer.binary(Base64.strict_decode64(value))
      when "send_json" then peer.text(JSON.generate(value, max_nesting: 0))
      when "send_ping" then peer.ping(value.b)
      when "send_close" then peer.close(Frames.closing(value))
      when "write" then peer.write(hex(value))
      when "receive_ping" then peer.control("ping", value.b)
      when "receive_pong" then peer.control("pong", value.b)
      else hear(kind, value, peer)
      end
    end

    def hear(kind, value, peer)
      case kind
      when "receive" then same(peer.message, value)
      when "receive_base64" then same(peer.message, Base64.strict_decode64(value))
      when "receive_json" then json(peer.message, value)
      when "receive_close" then closed(peer.closed, value)
      when "read" then same(peer.read(hex(value).bytesize), hex(value))
      else raise "there is no turn #{kind}"
      end
    end

    def hex(text)
      [text.delete(" ")].pack("H*")
    end

    def json(message, pattern)
      raise "bytes came, and JSON is text" if message.encoding == Encoding::BINARY

      found = Matching.json(pattern, message, "the message")
      raise "#{found.join("; ")}; it was #{message[0, 500]}" unless found.empty?
    end

    def closed(came, close)
      code, reason = came
      expected = [close.fetch("code", 1005), close.fetch("reason", reason)]
      raise "it is closed with #{code} #{reason.inspect}, not with #{expected}" if [code, reason] != expected
    end

    # Text and bytes with the same content are two things.
    def same(came, expected)
      return if came == expected && (came.encoding == Encoding::BINARY) == (expected.encoding == Encoding::BINARY)

      raise "#{came[0, 100].inspect} came, not #{expected[0, 100].inspect}"
    end
  end
end
