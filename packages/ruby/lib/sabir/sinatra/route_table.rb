# frozen_string_literal: true

module Sabir
  module Sinatra
    # The routes of one method, those of a class before those of its superclass, matched in one go.
    #
    # Private.
    class RouteTable
      def initialize(verb, routes)
        @routes = routes.map { |pattern, conditions, action| [pattern, conditions, action, "#{verb} #{pattern}".freeze] }
        @native = Native::OrderedRoutes.new(routes.map { |pattern,| pattern.native })
        @names = routes.each_index.map { |index| @native.names(index) }
        @routes.each_with_index { |route, index| route << (@names[index] if plain?(route[0], @names[index])) }
      end

      # Yields each route that matches, with what it has found, until the block ends otherwise. Where all captures have names of their
      # own, they are what it has found.
      def each_match(path)
        from = 0
        while (match = @native.find(path, from))
          index = match.is_a?(Integer) ? match : match.shift
          route = @routes[index]
          pattern = route[0]
          if match.is_a?(Array) then yield(route, route[4] ? match : pattern.of_captures(match, @names[index]))
          elsif !pattern.native.nil? then yield(route, nil)
          else
            found = pattern.find_in_ruby(path)
            yield(route, found) if found
          end
          from = index + 1
        end
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
