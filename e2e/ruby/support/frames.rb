# frozen_string_literal: true

require "zlib"

# Frames of WebSocket (RFC 6455 §5.2), as a client writes and reads them.
module Frames
  TEXT = 1
  BINARY = 2
  CLOSE = 8
  PING = 9
  PONG = 10
  # A client masks what it sends; any key will do.
  KEY = [0x37, 0xfa, 0x21, 0x3d].freeze
  # What the end of a compressed message leaves out (RFC 7692 §7.2.2).
  TAIL = "\x00\x00\xff\xff".b.freeze

  class << self
    # A masked frame that is all of a message.
    def frame(opcode, content)
      length = content.bytesize
      head = if length < 126 then [0x80 | opcode, 0x80 | length].pack("CC")
             elsif length < 1 << 16 then [0x80 | opcode, 0x80 | 126, length].pack("CCn")
             else [0x80 | opcode, 0x80 | 127, length].pack("CCQ>")
             end
      masked = content.each_byte.with_index.map { |byte, index| byte ^ KEY[index % 4] }
      head + KEY.pack("C4") + masked.pack("C*")
    end

    # The content of a close frame.
    def closing(close)
      close.key?("code") ? [close["code"]].pack("n") + close.fetch("reason", "").b : "".b
    end

    # Reads the opcode and the content of a frame, which a server neither masks nor cuts.
    def read(reader)
      first, second = reader.exactly(2).bytes
      raise format("no server begins a frame with %<first>02x %<second>02x", first:, second:) if first & 0xb0 != 0x80 || second & 0x80 != 0

      length = case second
               when 126 then reader.exactly(2).unpack1("n")
               when 127 then reader.exactly(8).unpack1("Q>")
               else second
               end
      content = reader.exactly(length)
      [first & 0xf, first & 0x40 == 0 ? content : Zlib::Inflate.new(-15).inflate(content + TAIL)]
    end
  end
end
