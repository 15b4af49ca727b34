# frozen_string_literal: true

module Sabir
  # Content of a request that its handler takes while it arrives: nothing of it is in memory before it is read, and a handler
  # that reads slowly slows its client down. What goes wrong meanwhile is raised as the problem which is the answer then.
  class Content
    include Enumerable

    # A part of a multipart form begins. Its chunks follow.
    Part = Struct.new(:name, :filename, :content_type)

    # Reads the next piece: a binary string, the value of a line of JSON, or a Part. Nil at the end.
    def read
      kind, value = next_piece
      case kind
      when nil then nil
      when :problem then raise problem(**value)
      when :part then Part.new(*value)
      else value
      end
    end

    # Every piece.
    def each
      return enum_for unless block_given?

      while (piece = read)
        yield piece
      end
      self
    end

    private

    def problem(status:, type:, title:, headers:, errors:, detail: nil)
      refusal = Problem.new(detail, status:, type:, title:, headers:)
      refusal.define_singleton_method(:errors) { errors }
      refusal
    end
  end
end
