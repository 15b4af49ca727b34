# frozen_string_literal: true

module Sabir
  module Rack
    # What the body of Rack 3 that is called writes to, and reads the request's content from. It is to be closed; until then it may be used
    # after the call has returned, by another thread.
    class Stream
      def initialize(native, input)
        @native = native
        @input = input
        @lock = Mutex.new
      end

      # Reads from the content of the request, like IO#read.
      def read(...)
        @input.read(...)
      end

      # Sends a chunk, and waits while the client does not read. Returns its size.
      def write(chunk)
        raise IOError, "closed stream" if @is_closed

        chunk = chunk.to_s
        gone unless @native.write(chunk.b)
        chunk.bytesize
      end

      def <<(chunk)
        write(chunk)
        self
      end

      # There is nothing to do: chunks are sent as they come.
      def flush
        self
      end

      def close
        return if @is_closed

        @native.finish([])
        waiting = @lock.synchronize do
          @is_closed = true
          @when_closed
        end
        waiting&.call
        nil
      end
      alias close_write close

      # Leaves the rest of the request's content unread.
      def close_read
        @input.close
      end

      def closed?
        @is_closed ? true : !@native.open?
      end

      # Calls the block when it is closed; at once if that has happened.
      #
      # Private.
      def when_closed(&block)
        is_over = @lock.synchronize do
          @when_closed = block
          @is_closed
        end
        yield if is_over
      end

      # The call has returned, and whoever has this is on its own.
      #
      # Private.
      def leave
        @is_left = true
        @native.detach
      end

      private

      def gone
        raise @is_left ? Errno::EPIPE.new("the client has left") : Disconnected.new
      end
    end
  end
end
