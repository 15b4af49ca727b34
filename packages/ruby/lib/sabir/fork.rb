# frozen_string_literal: true

module Sabir
  # Tells the native module that it is in a fork, whose threads are the parent's.
  #
  # Private.
  module Fork
    def _fork
      process = super
      Native.after_fork if process.zero?
      process
    end
  end
  private_constant :Fork

  Process.singleton_class.prepend(Fork)
end
