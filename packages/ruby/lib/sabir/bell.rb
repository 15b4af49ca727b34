# frozen_string_literal: true

require "io/wait"

module Sabir
  # What a fiber waits for, while its scheduler runs others of the same thread: threads of the runtime ring it.
  #
  # Private.
  class Bell
    @idle = []
    class << self
      # One that nobody else waits for.
      def take
        @idle.pop || new
      end

      def give_back(bell)
        @idle.push(bell)
      end

      # In a forked child: the parent's are rung by the parent's threads.
      def after_fork
        @idle.clear
      end
    end

    # Waits until it is rung, at most for so many seconds. Whether it was.
    def wait(seconds = nil)
      @io ||= IO.for_fd(descriptor, autoclose: false)
      is_rung = @io.wait_readable(seconds)
      clear
      !is_rung.nil?
    end
  end
  private_constant :Bell
end
