# frozen_string_literal: true

module Sabir
  # Threads that run each handler in a fiber of its own, which a Fiber::Scheduler has go on when what it waits for has come.
  #
  # Private.
  class FiberThreads < HandlerThreads
    # +scheduler+ makes the scheduler of a thread.
    def initialize(native, scheduler)
      super(native)
      @scheduler = scheduler
      @bell = nil
    end

    def leave
      @bell&.ring
    end

    # A fiber that takes as long as a client likes keeps no other one waiting.
    def begin_lend; end

    def end_lend; end

    def interruption
      FiberInterruption.new(HandlerFibers.current)
    end

    private

    # With the first thread, since a fork must not listen to the bell of its parent.
    def start
      @bell ||= Bell.new.tap { |bell| @native.attach(bell) }
      super
    end

    # Waits until the thread has its scheduler.
    def start_thread
      made = Thread::Queue.new
      name_thread(Thread.new { run { set_scheduler(made) } })
      failure = made.pop
      raise failure if failure
    end

    def set_scheduler(made)
      Fiber.set_scheduler(@scheduler.call)
      made.push(nil)
    rescue Exception => error # rubocop:disable Lint/RescueException -- it is raised in the thread that waits.
      made.push(error)
      raise
    end

    def serve(&is_over)
      fibers = HandlerFibers.new(@native, @bell, is_shared: @count > 1)
      Fiber.schedule { fibers.run(&is_over) }
      # Runs the fibers until all have ended.
      Fiber.set_scheduler(nil)
    rescue Exception => error # rubocop:disable Lint/RescueException -- another thread takes the place of this one.
      return if fibers.forked?

      Sabir.logger.error(error)
      raise
    ensure
      fibers.abandon
      # Another thread may have to hear of it, too.
      @bell.ring
    end
  end
  private_constant :FiberThreads
end
