# frozen_string_literal: true

module Sabir
  # The threads that run handlers. They are there while the application is used, and end soon after.
  #
  # Private.
  class HandlerThreads
    # How long a thread waits for a call before it looks whether it is still wanted.
    IDLE_MS = 10_000
    private_constant :IDLE_MS

    # The threads that this one belongs to.
    def self.current
      Thread.current.thread_variable_get(:sabir_handler_threads)
    end

    def initialize(native)
      @native = native
      @count = native.handler_threads
      @lock = Mutex.new
      @threads = 0
      @lent = 0
      @users = 0
    end

    # Runs calls while the block runs.
    def use
      begin_use
      yield
    ensure
      end_use
    end

    # Runs calls from now on.
    def begin_use
      @lock.synchronize do
        @users += 1
        start
      end
    end

    # Lets the threads end, unless somebody else uses them.
    def end_use
      @lock.synchronize { @users -= 1 }
    end

    # Has threads that nobody needs end now.
    def leave
      @native.leave
    end

    # Lets this thread do something that may take as long as a client likes, while another one takes its place.
    def lend
      begin_lend
      yield
    ensure
      end_lend
    end

    # The same, until #end_lend.
    def begin_lend
      @lock.synchronize do
        @lent += 1
        start
      end
    end

    def end_lend
      @lock.synchronize { @lent -= 1 }
    end

    # What interrupts the handler that runs here.
    def interruption
      ThreadInterruption.new
    end

    private

    # To be called with the lock.
    def start
      while @threads - @lent < @count
        @threads += 1
        begin
          start_thread
        rescue StandardError => error
          @threads -= 1
          # The system gives no more threads.
          raise if @threads.zero? || !error.is_a?(ThreadError)

          break
        end
      end
    end

    def start_thread
      name_thread(Thread.new { run })
    end

    def name_thread(thread)
      thread.name = "sabir-handler"
      thread.report_on_exception = false
    end

    # Runs calls, after what the block does. A failure of that is one of #start_thread.
    def run
      yield if block_given?
      has_begun = true
      Thread.current.thread_variable_set(:sabir_handler_threads, self)
      process = Process.pid
      # A handler that has forked comes back in the child, too, which ends here.
      serve { process != Process.pid || finished? }
      has_finished = true
    ensure
      # It was killed, by a handler perhaps.
      replace if has_begun && !has_finished
    end

    # Runs calls until the block says that it is over.
    def serve
      work until yield
    end

    def work
      @native.work(IDLE_MS)
    rescue Exception => error # rubocop:disable Lint/RescueException -- no handler ends the threads.
      # Raised in a thread whose handler had ended already.
      Sabir.logger.error(error)
    end

    # Whether the thread is wanted no more; it does not count any longer then.
    def finished?
      @lock.synchronize do
        is_wanted = used? && @threads - @lent <= @count
        @threads -= 1 unless is_wanted
        !is_wanted
      end
    end

    # Whether there is something to do. Those who use it may have gone when a stream is still being made, which has to hear of the end
    # of its client.
    def used?
      @users.positive? || @lent.positive?
    end

    def replace
      @lock.synchronize do
        @threads -= 1
        start if used?
      end
    end
  end
  private_constant :HandlerThreads
end
