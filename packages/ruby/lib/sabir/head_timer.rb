# frozen_string_literal: true

module Sabir
  # Sends the heads of event streams whose first event is late: clients, and proxies, wait for them. One thread does it for all.
  #
  # Private.
  module HeadTimer
    # How long an event may take, in seconds.
    DELAY = 0.25
    private_constant :DELAY

    @lock = Mutex.new
    @waiting = Queue.new

    class << self
      # Calls the block when the time is over.
      def after_delay(&block)
        @waiting.push([now + DELAY, block])
        start unless @thread&.alive?
      end

      private

      # All wait for as long, so that the first one is due first.
      def run
        loop do
          due, block = @waiting.pop
          # A thread that is woken for something else sleeps on.
          while (left = due - now).positive?
            sleep(left)
          end
          block.call
        end
      end

      def start
        @lock.synchronize do
          return if @thread&.alive?

          @thread = Thread.new { run }
          @thread.name = "sabir-heads"
          @thread.report_on_exception = false
        end
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
  private_constant :HeadTimer
end
