# frozen_string_literal: true

module Sabir
  module Exchange
    # A response that is written. It may be finished later than its handler returns, by another thread.
    class Response
      def initialize(stream)
        @stream = stream
      end

      # Says the status and the header fields, whose values are strings, or arrays of them. They are sent with the first chunk.
      def write_head(status, headers = {})
        raise IOError, "the head has been sent" if @has_begun

        @status = status
        @fields = headers.flat_map { |name, value| Array(value).map { |one| [name.to_s.downcase, one.to_s] } }
        self
      end

      # Sends a chunk, and waits while the client does not read.
      #
      # Raises Disconnected when the client has left.
      def write(chunk)
        raise IOError, "the response is finished" if @is_finished

        chunk = chunk.to_s.b
        return answer(chunk) if !@has_begun && content_length == chunk.bytesize

        begin_content
        raise Disconnected unless @stream.write(chunk)

        self
      end
      alias << write

      # Ends the response.
      def finish
        return if @is_finished
        return answer("") && nil unless @has_begun

        @is_finished = true
        @stream.finish([])
        nil
      end
      alias close finish

      # Whether the head has been sent.
      def begun?
        @has_begun ? true : false
      end

      def finished?
        @is_finished ? true : false
      end

      # Whether somebody reads.
      def open?
        !@is_finished && @stream.open?
      end

      # Nobody reads any more.
      #
      # Private.
      def abandon
        @is_finished = true
        @stream.finish([])
      end

      private

      def head
        raise IOError, "no head has been written: call write_head first" if @status.nil?

        [@status, @fields]
      end

      # All of the content is there.
      def answer(content)
        @stream.answer(*head, content)
        @has_begun = @is_finished = true
        self
      end

      def begin_content
        return if @has_begun

        @stream.begin(*head, [], false)
        @has_begun = true
      end

      def content_length
        field = @fields&.find { |name, _| name == "content-length" }
        field && Integer(field.last, exception: false)
      end
    end
  end
end
