# frozen_string_literal: true

module Sabir
  # Raised in a handler that makes an answer while it is sent, when its client has left. Only `ensure` has to know of it.
  class Disconnected < Exception # rubocop:disable Lint/InheritException -- `rescue => error` must not keep it.
    def initialize
      super("the client has left")
    end
  end

  # An answer that is written where its handler has run. Subclasses say how, with #write and #close.
  #
  # Private.
  class AnswerWriter
    # Writes the answer to a native stream.
    def run(native)
      @native = native
      @lock = Mutex.new
      @interruption = HandlerThreads.current.interruption
      @interruption.defer do
        write if attach
        finish
      rescue Disconnected => error
        @error = error
        native.finish([])
      rescue Exception => error # rubocop:disable Lint/RescueException -- whatever it is, the client must not wait.
        @error = error
        native.fail(error)
        raise if error.instance_of?(NoMemoryError)
      ensure
        detach
      end
    end

    # Tells that nobody reads any more, from another thread or fiber: what waits is interrupted, so that its `ensure` runs.
    def cancel
      @lock.synchronize do
        @is_cancelled = true
        @interruption.interrupt if @is_attached
      end
    end

    private

    def finish
      @native.finish([])
    end

    def attach
      @lock.synchronize { @is_attached = true }
      @native.attach(self)
    end

    def detach
      @lock.synchronize { @is_attached = false }
      @interruption.settle if @is_cancelled
    ensure
      close_safely
    end

    def interruptible(&)
      @interruption.allow(&)
    end

    def close_safely
      close
    rescue StandardError => error
      Sabir.logger.error(error)
    end
  end
  private_constant :AnswerWriter
end
