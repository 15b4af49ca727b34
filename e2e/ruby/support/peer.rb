# frozen_string_literal: true

# The client's end of a WebSocket, in memory.
class MemoryPeer
  def initialize(socket)
    @socket = socket
  end

  def text(message)
    @socket.text(message)
  end

  def binary(message)
    @socket.binary(message)
  end

  def ping(content)
    @socket.ping(content)
  end

  def close(content)
    write(Frames.frame(Frames::CLOSE, content))
  end

  def write(content)
    @socket.write(content)
  rescue SystemCallError, IOError
    # The server may have closed already.
  end

  # The next message. Pings and pongs are the client's own business.
  def message
    event = receive
    raise "#{event.to_a} came, and no message" unless event.type == :message

    event.data
  end

  def control(kind, content); end

  # Code and reason of the close that comes next.
  def closed
    event = receive
    return [1006, ""] if event.type == :gone
    raise "#{event.to_a} came before the close" unless event.type == :close

    event.data
  end

  def read(_length)
    raise "bytes need a connection"
  end

  private

  def receive
    loop do
      event = Timeout.timeout(Wire::TIMEOUT_SECONDS) { @socket.receive }
      return event unless %i[ping pong].include?(event.type)
    end
  end
end

# A client that writes and reads frames by itself.
class ConnectionPeer
  HANDSHAKE = {
    "connection" => "Upgrade",
    "upgrade" => "websocket",
    "sec-websocket-version" => "13",
    "sec-websocket-key" => "dGhlIHNhbXBsZSBub25jZQ==",
  }.freeze
  # What belongs to that key (RFC 6455 §1.3).
  ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

  # Asks for a socket; gives the answer, and the client where it was opened.
  def self.open(wire, request)
    names = Content.fields(request).map { |name, _| name.downcase }
    missing = HANDSHAKE.reject { |name, _| names.include?(name) }
    answer = wire.ask(Content.written(request.merge("headers" => request.fetch("headers", {}).merge(missing))))
    return [answer, nil] unless answer.status == 101
    raise "the key is not accepted" if missing.key?("sec-websocket-key") && answer.headers["sec-websocket-accept"] != ACCEPT

    [answer, new(wire.opened)]
  end

  def initialize(reader)
    @reader = reader
    @has_closed = false
  end

  def text(message)
    write(Frames.frame(Frames::TEXT, message.b))
  end

  def binary(message)
    write(Frames.frame(Frames::BINARY, message))
  end

  def ping(content)
    write(Frames.frame(Frames::PING, content))
  end

  def close(content)
    @has_closed = true
    write(Frames.frame(Frames::CLOSE, content))
  end

  def write(content)
    @reader.write(content)
  end

  def message
    opcode, content = Frames.read(@reader)
    case opcode
    when Frames::TEXT then content.force_encoding(Encoding::UTF_8)
    when Frames::BINARY then content
    else raise "a frame with the opcode #{opcode} came, not a message: #{content.inspect}"
    end
  end

  def control(kind, content)
    came = Frames.read(@reader)
    raise "#{came} came, not a #{kind} with #{content.inspect}" if came != [kind == "ping" ? Frames::PING : Frames::PONG, content]

    write(Frames.frame(Frames::PONG, content)) if kind == "ping"
  end

  def closed
    return [1006, ""] unless @reader.more?

    opcode, content = Frames.read(@reader)
    raise "a frame with the opcode #{opcode} came, not a close: #{content.inspect}" unless opcode == Frames::CLOSE

    close(content) unless @has_closed
    raise "the connection goes on after its close" unless @reader.ends?(Wire::TIMEOUT_SECONDS) && @reader.data.empty?

    [content.empty? ? 1005 : content.unpack1("n"), (content.byteslice(2..) || +"").force_encoding(Encoding::UTF_8)]
  end

  def read(length)
    @reader.exactly(length)
  end
end
