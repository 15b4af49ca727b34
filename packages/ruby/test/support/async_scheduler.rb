# frozen_string_literal: true

require "async"

# The scheduler of the gem async, whose version 1 has one that belongs to a reactor.
class AsyncScheduler < Async::Scheduler
  unless method_defined?(:run)
    def initialize
      super(@reactor = Async::Reactor.new)
    end

    # It may be for ever.
    def kernel_sleep(seconds = nil)
      block(nil, seconds)
    end

    def timeout_after(seconds, error, _message)
      @reactor.with_timeout(seconds, error) { yield seconds }
    end

    # Runs what is left.
    def close
      nil while @reactor.run_once
    end
  end
end
