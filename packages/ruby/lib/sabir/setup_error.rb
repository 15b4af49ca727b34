# frozen_string_literal: true

module Sabir
  # A mistake in a route, an option or a setting, found before the first request.
  #
  # The message reads `route: field: problem; remedy`, the same in every language.
  class SetupError < ArgumentError
    # The route as `GET /users/{id}`, or what else the mistake belongs to.
    attr_reader :route
    # The field as a path such as `parameters[0].schema`.
    attr_reader :field
    # What is wrong, without a final full stop.
    attr_reader :problem
    # What to do, as an imperative without a final full stop.
    attr_reader :remedy

    def initialize(route, field, problem, remedy)
      @route = route
      @field = field
      @problem = problem
      @remedy = remedy
      super("#{route}: #{field}: #{problem}; #{remedy}")
    end
  end
end
