# frozen_string_literal: true

require "sabir"
require_relative "select_scheduler"

# Has every application run its handlers in fibers, unless it says something else: `SABIR_FIBERS=1` runs a suite so.
module InFibers
  def initialize(fiber_scheduler: nil, **)
    fiber_scheduler ||= -> { SelectScheduler.new }
    super
  end
end

Sabir::App.prepend(InFibers)
