# frozen_string_literal: true

module Sabir
  # What stands around the blocks of an application, of the routes of a router, or of one route.
  #
  # Private.
  class HookSet
    # How many arguments each kind is called with.
    KINDS = { on_request: 1, pre_validation: 1, pre_handler: 1, on_response: 2, middleware: 2 }.freeze
    # Options of routes and routers.
    OPTIONS = [*KINDS.keys, :on_error].freeze

    # Pairs of what an error has to be, and what is called with the request and the error. What it has to be is a class, a status, or nil for all.
    attr_reader :errors

    # +place+ is what mistakes name. +options+ are hooks by their kinds: one, or an Array; those for errors may be a Hash.
    def initialize(place, options = {})
      @place = place
      @hooks = KINDS.keys.to_h { |kind| [kind, []] }
      @errors = []
      options.each do |kind, given|
        next add_errors(given) if kind == :on_error

        Array(given).each { |hook| add(kind, hook) }
      end
    end

    # The hooks of a kind.
    def of(kind)
      @hooks.fetch(kind)
    end

    def add(kind, hook)
      refuse_late(kind)
      @hooks.fetch(kind) << checked(kind, hook, KINDS.fetch(kind))
    end

    def add_error(kinds, hook)
      refuse_late(:on_error)
      checked(:on_error, hook, 2)
      kinds = [nil] if kinds.empty?
      kinds.each { |kind| @errors << [checked_kind(kind), hook] }
    end

    def empty?
      @errors.empty? && @hooks.each_value.all?(&:empty?)
    end

    # Lets nothing be added any more.
    def seal
      @is_sealed = true
    end

    private

    def add_errors(given)
      return given.each { |kinds, hook| add_error(Array(kinds), hook) } if given.is_a?(Hash)

      Array(given).each { |hook| add_error([], hook) }
    end

    def refuse_late(kind)
      mistake(kind, "the application has taken its first request", "add it before") if @is_sealed
    end

    def checked(kind, hook, count)
      mistake(kind, "it is missing", "give a block, or something with call") if hook.nil?
      mistake(kind, "#{hook.inspect} has no method call", "give a block, or something with call") unless hook.respond_to?(:call)
      arguments = %w[request response][0, count].join(" and ") if kind != :on_error
      arguments ||= "request and error"
      arguments = "request and call_next" if kind == :middleware
      mistake(kind, "it cannot be called with #{arguments}", "take these") unless accepts?(hook, count)
      hook
    end

    def accepts?(hook, count)
      return true if hook.is_a?(Proc) && !hook.lambda?

      parameters = hook.is_a?(Proc) || hook.is_a?(Method) ? hook.parameters : hook.method(:call).parameters
      kinds = parameters.map(&:first)
      return false if kinds.include?(:keyreq)

      required = kinds.count(:req)
      required <= count && (kinds.include?(:rest) || count <= required + kinds.count(:opt))
    end

    def checked_kind(kind)
      return kind if kind.nil? || (kind.is_a?(Module) && kind <= Exception) || (kind.is_a?(Integer) && kind.between?(400, 599))

      mistake(:on_error, "#{kind.inspect} is no class of exceptions and no status of a problem", "give one, such as KeyError or 404")
    end

    def mistake(kind, problem, remedy)
      raise SetupError.new(@place, kind.to_s, problem, remedy)
    end
  end
  private_constant :HookSet
end
