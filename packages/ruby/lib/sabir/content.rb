# frozen_string_literal: true

module Sabir
  # Content of a request that its handler takes while it arrives: nothing of it is in memory before it is read, and a handler
  # that reads slowly slows its client down. What goes wrong meanwhile is raised as the problem which is the answer then.
  class Content
    include Enumerable

    # Reads the next piece: a binary string, or the value of a line of JSON. Nil at the end.
    def read
      kind, value = read_piece
      kind && value
    end

    # Every piece.
    def each
      return enum_for unless block_given?

      while (piece = read)
        yield piece
      end
      self
    end

    # Reads the next piece and its kind, which is `part` for the head of a part of a form. Private.
    def read_piece
      kind, value = next_piece
      raise Problem.of(**value) if kind == :problem

      [kind, value]
    end
  end
end
