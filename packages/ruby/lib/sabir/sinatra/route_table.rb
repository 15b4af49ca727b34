# frozen_string_literal: true

module Sabir
  module Sinatra
    # The routes of one method, those of a class before those of its superclass, matched in one go.
    #
    # Private.
    class RouteTable
      # A route at its place. +names+ are those of its captures, where each of them is a parameter.
      Route = Struct.new(:index, :pattern, :conditions, :action, :name, :names, :all_names) do
        # What a match means: the captures, where they have names, or a Pattern::Found. Nil where only Ruby can tell, and it is none.
        def found(match, path)
          return match.is_a?(Array) ? captures(match) : NOTHING unless pattern.native.nil?

          pattern.find_in_ruby(path)
        end

        private

        def captures(match)
          match.shift
          names ? match : pattern.of_captures(match, all_names)
        end
      end
      NOTHING = [].freeze
      private_constant :Route, :NOTHING

      def initialize(verb, routes)
        @native = Native::OrderedRoutes.new(routes.map { |pattern,| pattern.native })
        @routes = routes.each_with_index.map do |(pattern, conditions, action), index|
          names = @native.names(index).map { |name| name && -name }
          Route.new(index, pattern, conditions, action, "#{verb} #{pattern}".freeze, (names if plain?(pattern, names)), names)
        end
      end

      # The first match from an index on: an index, or an array of it and of captures; nil if there is none.
      def find(path, from)
        @native.find(path, from)
      end

      # The route of a match.
      def route(match)
        @routes[match.is_a?(Integer) ? match : match[0]]
      end

      private

      # Whether each capture is a parameter.
      def plain?(pattern, names)
        pattern.native.is_a?(String) && names.uniq.size == names.size && !names.include?("splat")
      end
    end
    private_constant :RouteTable
  end
end
