# frozen_string_literal: true

module Sabir
  # What an application does before its first request and after its last one, in each process that serves it.
  #
  # Private.
  class Lifespan
    PLACES = %i[process server].freeze
    private_constant :PLACES

    def initialize
      @starts = []
      @stops = []
      @lock = Mutex.new
      @entered = {}
    end

    def on_start(hook, per)
      @starts << [checked("on_start", hook, per), per]
    end

    def on_stop(hook, per)
      @stops << [checked("on_stop", hook, per), per]
    end

    # Runs what is to be done before the first request, once in each process until #leave. What fails is raised, and the rest is not done.
    def enter(app, per)
      @lock.synchronize do
        next if @entered[per] == Process.pid

        of(@starts, per).each { |hook| run("on_start", hook, app) { |error| raise error } }
        @entered[per] = Process.pid
      end
    end

    # Runs what is to be done after the last request, the last one added first. What fails is logged.
    def leave(app, per)
      @lock.synchronize do
        next unless @entered[per] == Process.pid

        @entered.delete(per)
        of(@stops, per).reverse_each { |hook| run("on_stop", hook, app) { nil } }
      end
    end

    private

    def of(hooks, per)
      hooks.filter_map { |hook, place| hook if place == per }
    end

    def run(name, hook, app)
      hook.call(*(hook.arity.zero? ? [] : [app]))
    rescue StandardError, ScriptError => error
      place = hook.respond_to?(:source_location) && hook.source_location&.join(":")
      Sabir.logger.error("#{name}#{" at #{place}" if place} failed\n#{error.full_message(highlight: false)}")
      yield error
    end

    def checked(name, hook, per)
      raise SetupError.new("lifespan", name, "it is missing", "give a block") unless hook.is_a?(Proc) || hook.is_a?(Method)
      return hook if PLACES.include?(per)

      raise SetupError.new("lifespan", name, "#{per.inspect} is no place where it could run", "use per: :process or per: :server")
    end
  end
  private_constant :Lifespan
end
