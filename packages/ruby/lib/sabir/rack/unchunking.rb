# frozen_string_literal: true

module Sabir
  module Rack
    # Takes the chunked coding away (RFC 9112 §7.1), which an application of Rack 2 may have applied itself: the server applies its own.
    #
    # Private.
    class Unchunking
      LINE_END = "\r\n"
      private_constant :LINE_END

      def initialize
        @pending = String.new(encoding: ::Encoding::BINARY)
      end

      # The content of a piece that is coded; of a chunk that is not whole, when the rest has come.
      def decode(piece)
        @pending << piece.b
        content = String.new(encoding: ::Encoding::BINARY)
        loop do
          break if @has_ended || (size = next_size).nil?

          content << @pending.slice!(0, size)
          @pending.slice!(0, LINE_END.bytesize)
          @size = nil
        end
        content
      end

      private

      # The size of the next chunk, once all of it is there.
      def next_size
        if @size.nil?
          line = @pending.slice!(/\A.*?\r\n/mn) or return
          @size = Integer(line[/\A\h+/] || "", 16)
          @has_ended = @size.zero?
        end
        @size if !@has_ended && @pending.bytesize >= @size + LINE_END.bytesize
      end
    end
    private_constant :Unchunking
  end
end
