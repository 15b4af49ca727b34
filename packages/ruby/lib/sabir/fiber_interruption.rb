# frozen_string_literal: true

module Sabir
  # Raises Disconnected in a fiber that makes an answer, where it waits.
  #
  # Private.
  class FiberInterruption
    def initialize(fibers)
      @fibers = fibers
      @fiber = Fiber.current
      @scheduler = Fiber.scheduler
    end

    def defer
      yield
    end

    # Has it be raised where the block waits.
    def allow
      @is_allowed = true
      yield
    ensure
      @is_allowed = false
    end

    # Raises it, from any fiber and thread.
    def interrupt
      @fibers.interrupt(self)
    end

    # The same on the thread of the fiber, which may have ended meanwhile.
    def deliver
      raise_in_fiber(Disconnected.new) if @is_allowed && @fiber.alive?
    rescue FiberError
      # It runs another fiber, and is told when it writes again.
      nil
    end

    # What comes too late is not delivered.
    def settle; end

    private

    # A scheduler may have a way of its own, by which the fiber that raises goes on: Ruby's, or that of the gem async.
    def raise_in_fiber(error)
      return @scheduler.fiber_interrupt(@fiber, error) if @scheduler.respond_to?(:fiber_interrupt)
      return @scheduler.raise(@fiber, error) if @scheduler.respond_to?(:raise)

      @fiber.raise(error)
    end
  end
  private_constant :FiberInterruption
end
