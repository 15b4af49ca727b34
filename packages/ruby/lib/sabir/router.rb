# frozen_string_literal: true

module Sabir
  # A group of routes that are written in one place and mounted into applications in others. It answers nothing by itself.
  #
  #   orders = Sabir::Router.new("/orders", tags: ["orders"])
  #   orders.get("/{id:int}") { |id:| { id: } }
  #   app.mount("/api", orders)
  #
  # The paths begin with +prefix+, and further options hold for each of the routes, unless it says something else itself; tags and responses are
  # added to those of a route. A mistake in a route is told when the route is added; what only an application knows, such as its
  # converters and other routes, when it mounts the router.
  class Router
    include Routes

    # Options that routes of all kinds have.
    DESCRIBING = %i[tags deprecated hidden operation_id summary description use security].freeze
    private_constant :DESCRIBING

    def initialize(prefix = "", **shared)
      unless prefix.empty? || prefix.start_with?("/")
        raise SetupError.new("router #{prefix}", "prefix", "it does not start with /", "write it from the root")
      end
      @prefix = prefix
      @shared = shared.except(*HookSet::OPTIONS)
      @hook_set = HookSet.new("router #{prefix}", shared.slice(*HookSet::OPTIONS))
    end

    private

    def add(definition)
      definition = definition.under(@prefix)
      definition.options = merged(definition)
      definition.operation
      definitions << definition
    end

    def serve(given)
      given = given.within(@shared[:use], @shared[:security])
      given.operation
      served << given.under(@prefix)
    end

    def merged(definition)
      shared = definition.kind == :socket ? @shared.slice(*DESCRIBING) : @shared
      shared.merge(definition.options) do |option, ours, own|
        case option
        when :tags, :use then [*ours, *own]
        when :responses then ours.transform_keys(&:to_s).merge(own.transform_keys(&:to_s))
        else own
        end
      end
    end
  end
end
