# frozen_string_literal: true

module Sabir
  module Sinatra
    module Helpers
      # Content that is made while it is sent.
      module Streams
        # Sends what the block gives to its argument. With `:keep_open` the stream goes on after the block, until it is closed or the client
        # leaves; others may write to it meanwhile.
        #
        #   stream(:keep_open) { |out| connections << out }
        def stream(keep_open = false)
          params_then = @params.dup
          content = Stream.new(Stream, keep_open) { |out| with_params(params_then) { yield(out) } }
          content.wait_until_closed if keep_open && on_runtime?
          if (closed = env["async.close"])
            closed.callback { content.close }
            closed.errback { content.close }
          end
          body(content)
        end

        private

        # Whether threads that send streams keep no others from running.
        def on_runtime?
          env["SERVER_SOFTWARE"].to_s.start_with?("Sabir/")
        end

        def with_params(params)
          before = @params
          @params = params
          yield
        ensure
          @params = before
        end
      end

      # Content that a block writes. What is written by other threads and fibers, once it is open, is sent, too.
      class Stream
        # Runs what is to be done at once: the schedule of a server with threads.
        def self.schedule(*)
          yield
        end

        # Runs what may take its time.
        def self.defer(*)
          yield
        end

        def initialize(scheduler = self.class, keep_open = false, &writer)
          @scheduler = scheduler
          @keep_open = keep_open
          @writer = writer
          @callbacks = []
          @lock = Monitor.new
          @is_closed = false
        end

        # Has #each return only when the stream has been closed.
        #
        # Private.
        def wait_until_closed
          @chunks = Queue.new
        end

        def each(&reader)
          @reader = reader
          @owner = here
          @scheduler.defer do
            begin
              @writer.call(self)
            rescue Exception => error # rubocop:disable Lint/RescueException -- it is raised where the answer is sent.
              @scheduler.schedule { raise error }
            end
            close unless @keep_open
          end
          send_chunks if @chunks
        end

        # Sends something, as text.
        def <<(data)
          if @chunks && here != @owner
            @chunks << data.to_s
          else
            @scheduler.schedule { @reader.call(data.to_s) }
          end
          self
        end
        alias write <<

        # Ends the stream, and runs the callbacks.
        def close
          callbacks = @lock.synchronize do
            return if @is_closed

            @is_closed = true
            @callbacks.slice!(0..)
          end
          @chunks&.close
          @scheduler.schedule { callbacks.each(&:call) }
        end

        # Runs a block when the stream ends, or at once if it has.
        def callback(&block)
          @lock.synchronize { return @callbacks << block unless @is_closed }
          yield
        end
        alias errback callback

        def closed?
          @is_closed
        end

        private

        # Where it is sent: a thread, or one of the fibers that a thread has.
        def here
          Fiber.current_scheduler ? Fiber.current : Thread.current
        end

        def send_chunks
          while (chunk = @chunks.pop)
            @reader.call(chunk)
          end
        end
      end
    end
  end
end
