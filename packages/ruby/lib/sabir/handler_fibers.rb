# frozen_string_literal: true

module Sabir
  # The fibers of one thread that run handlers.
  #
  # Private.
  class HandlerFibers
    # Raised in the fibers of a thread that a handler has killed.
    class Killed < Exception # rubocop:disable Lint/InheritException -- `rescue => error` must not keep it.
      def initialize
        super("the thread of this handler was killed by another one")
      end
    end

    # How many seconds a thread waits for a call before it looks whether it is still wanted.
    IDLE = 10
    private_constant :IDLE

    # Those of this thread, if it is one that runs handlers in fibers.
    def self.current
      Thread.current.thread_variable_get(:sabir_handler_fibers)
    end

    # +is_shared+ says whether other threads run handlers, too.
    def initialize(native, bell, is_shared:)
      @native = native
      @bell = bell
      @is_shared = is_shared
      @running = {}.compare_by_identity
      @interruptions = Thread::Queue.new
      @end = Bell.new
    end

    # Begins calls in fibers as they come, until none is at work and the block says that it is over.
    def run
      Thread.current.thread_variable_set(:sabir_handler_fibers, self)
      Fiber.schedule { interrupt_fibers }
      Fiber.schedule { look_after_calls }
      loop do
        begin_calls
        # Fibers that have something to do again have their turn.
        next sleep(0) unless @native.rest?

        @bell.wait
        break if @running.empty? && @native.waiting.zero? && yield
      end
    ensure
      @interruptions.close
      @end.ring
    end

    # Has the interruption be delivered on this thread, from any thread.
    def interrupt(interruption)
      @interruptions.push(interruption)
    rescue ClosedQueueError
      nil
    end

    # In a child of a handler, where this thread ends after it. The other fibers belong to the parent: nothing has them go on here where
    # their scheduler is left without being closed.
    def after_fork
      @is_forked = true
      scheduler = Fiber.scheduler
      return if scheduler.nil?

      %i[scheduler_close close].each { |name| scheduler.define_singleton_method(name) { nil } }
      Fiber.set_scheduler(nil)
    end

    # Whether this is the child of a handler that has forked.
    def forked?
      @is_forked
    end

    # Ends the fibers that go on no more, since their thread was killed.
    def abandon
      return if forked? || !Thread.main.alive?

      @running.each_key.to_a.each do |fiber|
        fiber.raise(Killed.new) if fiber.alive?
      rescue FiberError
        # It runs another fiber.
      end
    end

    private

    # Has it be seen now and then that there are no calls any more. A limit of each wait for one would cost more.
    def look_after_calls
      @bell.ring until @end.wait(IDLE)
    end

    def begin_calls
      @native.waiting.times { Fiber.schedule { handle } }
    end

    def handle
      fiber = Fiber.current
      @running[fiber] = true
      @native.work_once(@is_shared)
    rescue Exception => error # rubocop:disable Lint/RescueException -- no handler ends the others.
      # Raised in a thread whose handler had ended already.
      Sabir.logger.error(error)
    ensure
      @running.delete(fiber)
      exit if forked?
    end

    def interrupt_fibers
      while (interruption = @interruptions.pop)
        interruption.deliver
      end
    end
  end
  private_constant :HandlerFibers
end
