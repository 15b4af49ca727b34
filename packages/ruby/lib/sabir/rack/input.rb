# frozen_string_literal: true

module Sabir
  module Rack
    # The content of a request as an IO that is read while it arrives: nothing of it is in memory before it is asked for, and it cannot
    # be rewound. What goes wrong meanwhile, such as too much of it, is raised as the problem which is the answer then.
    class Input
      # +content+ is what chunks are read from, or a string which is all of it; nil where there is none.
      def initialize(content)
        @offset = 0
        if content.nil? || content.is_a?(String)
          @buffer = content || ""
          @has_ended = true
        else
          @buffer = ""
          @has_ended = false
          @content = content
        end
      end

      # The whole rest; or up to +length+ bytes, and nil at the end. Like IO#read.
      def read(length = nil, buffer = nil)
        data = length.nil? ? read_rest : read_up_to(length)
        return data if buffer.nil?

        buffer.replace(data || "")
        data && buffer
      end

      # As much as there is, up to +length+ bytes; waits only when there is nothing. Like IO#readpartial.
      def readpartial(length, buffer = nil)
        fill(1) unless length.zero?
        raise EOFError, "end of file reached" if available.zero? && length.positive?

        data = take([length, available].min)
        buffer.nil? ? data : buffer.replace(data)
      end

      # The next line with its end; nil at the end.
      def gets
        searched = @offset
        until (newline = @buffer.index("\n", searched))
          known = available
          break unless fill(known + 1)

          searched = @offset + known
        end
        size = newline ? newline + 1 - @offset : available
        size.zero? ? nil : take(size)
      end

      # Every line.
      def each
        return enum_for unless block_given?

        while (line = gets)
          yield line
        end
        self
      end

      # Whether all has been read.
      def eof?
        !fill(1)
      end

      # Leaves the rest unread.
      def close
        @content&.close
        @has_ended = true
        @buffer = ""
        @offset = 0
      end

      def inspect
        "#<#{self.class}>"
      end

      private

      # The next piece; nil at the end.
      def next_chunk
        @content&.read
      end

      def available
        @buffer.bytesize - @offset
      end

      # Reads until so many bytes are there. Whether they are.
      def fill(size)
        while available < size
          return false if @has_ended || (chunk = next_chunk).nil?

          # A chunk is left as it is: it may be kept.
          @buffer = available.zero? ? chunk : @buffer.byteslice(@offset..) << chunk
          @offset = 0
        end
        true
      ensure
        @has_ended ||= chunk.nil? && available < size
      end

      def take(size)
        data = @buffer.byteslice(@offset, size)
        @offset += size
        data.force_encoding(::Encoding::BINARY)
      end

      def read_up_to(length)
        raise ArgumentError, "negative length #{length} given" if length.negative?

        fill(length)
        size = [length, available].min
        size.zero? && length.positive? ? nil : take(size)
      end

      def read_rest
        rest = take(available)
        until @has_ended
          chunk = next_chunk
          @has_ended = chunk.nil?
          rest << chunk unless chunk.nil?
        end
        rest
      end
    end
  end
end
