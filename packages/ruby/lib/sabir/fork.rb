# frozen_string_literal: true

module Sabir
  # Tells the native module that it is in a fork, whose threads are the parent's.
  #
  # Private.
  module Fork
    def _fork
      process = super
      if process.zero?
        Native.after_fork
        Bell.after_fork
        HandlerFibers.current&.after_fork
      end
      process
    end
  end
  private_constant :Fork

  Process.singleton_class.prepend(Fork)
end
