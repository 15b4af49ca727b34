# frozen_string_literal: true

require "tempfile"

module Sabir
  module Rack
    # Content that can be read again, as Rack 2 asks for. It is still read while it arrives; what has been read is kept, in a file once
    # it is much.
    class RewindableInput < Input
      # How much of it is kept in memory, in bytes.
      MEMORY = 128 * 1024
      private_constant :MEMORY

      def initialize(content)
        super
        @kept = content.is_a?(String) ? [content] : []
        @size = @kept.sum(&:bytesize)
      end

      # Has it be read from its beginning.
      def rewind
        unless @size.zero?
          @buffer = ""
          @offset = 0
          @has_ended = false
          @file&.rewind
          @replayed = 0
        end
        0
      end

      private

      def next_chunk
        chunk = again
        return chunk unless chunk.nil?

        chunk = super
        keep(chunk) unless chunk.nil?
        chunk
      end

      # The next piece of what has been read before.
      def again
        return if @replayed.nil?

        chunk = @file ? @file.read(MEMORY) : @kept[@replayed]
        @replayed = chunk && (@replayed + 1)
        chunk
      end

      def keep(chunk)
        @size += chunk.bytesize
        return @file.write(chunk) if @file

        @kept << chunk
        spill if @size > MEMORY
      end

      # Nobody else knows the file, and it is gone when this is.
      def spill
        file = Tempfile.new("sabir", binmode: true)
        file.unlink
        @kept.each { |chunk| file.write(chunk) }
        @kept = []
        @file = file
      end
    end
  end
end
