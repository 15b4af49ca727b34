# frozen_string_literal: true

module Sabir
  # All hooks around one block, in the order in which they are called.
  #
  # Private.
  class Chain
    # +levels+ are HookSets from the outside to the inside, +answers+ is what the route says of its answers.
    def initialize(levels, answers)
      @answers = answers
      inwards = ->(kind) { levels.flat_map { |level| level.of(kind) } }
      @middleware = inwards[:middleware]
      @before = inwards[:on_request] + inwards[:pre_validation]
      @pre_handler = inwards[:pre_handler]
      @on_response = levels.reverse.flat_map { |level| level.of(:on_response) }
      @errors = levels.reverse.map(&:errors).reject(&:empty?)
    end

    # Whether the runtime has to ask Ruby about what it refuses, where a route has been found, or none.
    def takes_refusals?(has_route:)
      wants = @middleware.any? || @on_response.any? || @errors.flatten(1).any? { |kind,| fits_problems?(kind) }
      wants || (has_route && @before.any?)
    end

    # What answers the request: what the block returns, or somebody around it. Where the runtime refuses the request, +problem+ takes the
    # place of the block.
    def call(request, problem = nil, &block)
      @middleware.empty? ? answered(request, problem, &block) : through(0, request, problem, &block)
    end

    # What refuses a socket before it is open; nil where nothing does.
    def open(request)
      answer = before(request, nil) || first_of(@pre_handler, request)
      answer && after(request, response_of(answer))
    rescue StandardError => error
      after(request, response_of(recovered(request, error)))
    end

    private

    # What the middleware with this index and all within it make of a request.
    def through(index, request, problem, &block)
      around = @middleware[index]
      return response_of(answered(request, problem, &block)) if around.nil?

      has_gone_on = false
      go_on = lambda do
        raise "call_next was called twice" if has_gone_on

        has_gone_on = true
        through(index + 1, request, problem, &block)
      end
      response_of(around.call(request, go_on))
    end

    def answered(request, problem, &block)
      answer = begin
        before(request, problem) || first_of(@pre_handler, request) || block.call
      rescue StandardError => error
        recovered(request, error)
      end
      @on_response.empty? ? answer : after(request, response_of(answer))
    end

    def before(request, problem)
      answer = first_of(@before, request)
      raise problem if answer.nil? && problem

      answer
    end

    # The first answer that one of the hooks gives.
    def first_of(hooks, request)
      hooks.each do |hook|
        answer = hook.call(request)
        return answer if answer?(answer)
      end
      nil
    end

    def after(request, response)
      @on_response.each do |hook|
        answer = hook.call(request, response)
        response = response_of(answer) if answer?(answer)
      end
      response
    end

    # The answer for what was raised, which is raised again where there is none.
    def recovered(request, error)
      @errors.each do |level|
        candidates = level.filter_map { |kind, hook| (rank = rank_of(kind, error)) && [rank, hook] }
        candidates.sort_by.with_index { |(rank, _), index| [rank, index] }.each do |_, hook|
          answer = hook.call(request, error)
          return answer if answer?(answer)
        end
      end
      error.is_a?(Problem) ? error : raise(error)
    end

    # How far from the error a kind is; nil where it does not fit.
    def rank_of(kind, error)
      case kind
      when nil then Float::INFINITY
      when Integer then error.class.ancestors.index(Problem) - 0.5 if error.is_a?(Problem) && error.status == kind
      else error.class.ancestors.index(kind)
      end
    end

    def fits_problems?(kind)
      kind.nil? || kind.is_a?(Integer) || kind <= Problem || Problem <= kind
    end

    def answer?(value)
      value.is_a?(Response) || value.is_a?(Problem)
    end

    def response_of(answer)
      Encoding.response_of(answer, @answers)
    end
  end
  private_constant :Chain
end
