# frozen_string_literal: true

module Sabir
  # Raises Disconnected in a thread that makes an answer, where it waits.
  #
  # Private.
  class ThreadInterruption
    def initialize
      @thread = Thread.current
    end

    # Has nothing be raised while the block runs.
    def defer(&)
      Thread.handle_interrupt(Disconnected => :never, &)
    end

    # Has it be raised where the block waits.
    def allow(&)
      Thread.handle_interrupt(Disconnected => :on_blocking, &)
    end

    # Raises it, from another thread.
    def interrupt
      @thread.raise(Disconnected.new)
    end

    # What came too late must not reach the next handler.
    def settle
      allow { Thread.pass }
    rescue Disconnected
      nil
    end
  end
  private_constant :ThreadInterruption
end
