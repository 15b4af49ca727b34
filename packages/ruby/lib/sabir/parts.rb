# frozen_string_literal: true

module Sabir
  # The parts of a multipart form, taken while they arrive.
  #
  #   app.post("/upload", parts: true) { |parts:| parts.map { |part| { name: part.name, size: part.sum(&:bytesize) } } }
  class Parts
    include Enumerable

    # One part: it gives its chunks, binary strings. What is not read of it when the next one is asked for is skipped.
    class Part
      include Enumerable

      attr_reader :name, :filename, :content_type

      def initialize(parts, name, filename, content_type)
        @parts = parts
        @name = name
        @filename = filename
        @content_type = content_type
      end

      # Reads the next chunk. Nil at the end.
      def chunk
        @parts.chunk_of(self)
      end

      # Every chunk.
      def each
        return enum_for unless block_given?

        while (piece = chunk)
          yield piece
        end
        self
      end

      # The rest of it.
      def read
        to_a.join.b
      end
    end

    def initialize(content)
      @content = content
      @pieces = []
    end

    # Reads the next part. Nil at the end.
    def next_part
      until @is_over
        kind, value = next_piece
        return @current = Part.new(self, *value) if kind == :part
      end
    end

    # Every part.
    def each
      return enum_for unless block_given?

      while (part = next_part)
        yield part
      end
      self
    end

    # Leaves the rest unread.
    def close
      @is_over = true
      @content.close
    end

    # The next chunk of a part, unless it has ended. Private.
    def chunk_of(part)
      return unless part.equal?(@current) && !@is_over

      kind, value = next_piece
      return value if kind == :chunk

      @pieces << [kind, value] if kind == :part
      @current = nil
    end

    private

    def next_piece
      return @pieces.shift unless @pieces.empty?

      kind, value = @content.read_piece
      @is_over = kind.nil?
      [kind, value]
    end
  end
end
