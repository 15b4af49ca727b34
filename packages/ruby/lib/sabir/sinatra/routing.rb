# frozen_string_literal: true

module Sabir
  module Sinatra
    # What is said of routes in a class.
    module Routing
      VERBS = %w[GET POST PUT PATCH DELETE HEAD OPTIONS LINK UNLINK].freeze
      private_constant :VERBS

      # Routes by method: pattern, conditions and action of each.
      attr_reader :routes
      # Filters by kind, `:before` and `:after`.
      attr_reader :filters
      # Routes with contracts, for the runtime.
      attr_reader :contracts
      # Blocks that answer for statuses and classes of exceptions.
      attr_reader :errors

      # A route of GET is one of HEAD, too.
      def get(path, options = {}, &block)
        conditions = @conditions.dup
        route("GET", path, options, &block)
        @conditions = conditions
        route("HEAD", path, options, &block)
      end

      (VERBS - %w[GET]).each do |verb|
        define_method(verb.downcase) { |path, options = {}, &block| route(verb, path, options, &block) }
      end

      # Runs a block before the routes, for all requests or those whose path matches. Options are conditions.
      def before(path = nil, **options, &block)
        add_filter(:before, path, **options, &block)
      end

      # Runs a block after the routes.
      def after(path = nil, **options, &block)
        add_filter(:after, path, **options, &block)
      end

      def add_filter(kind, path = nil, **options, &block)
        # One Hash in place of a path has conditions only.
        path, options = nil, path if path.is_a?(Hash)
        filters[kind] << signature(path, block, options, "#{kind} #{path}")
        changed
      end

      # Has the next route, or filter, match only where the block is not false.
      def condition(name = "condition", &block)
        @conditions << Action.unbound(self, name, block)
      end

      # Answers for exceptions of classes, and for statuses, of which ranges may be given; for all failures without any.
      def error(*codes, &block)
        action = Action.new(self, "error", block)
        codes = codes.flat_map { |code| code.is_a?(Range) ? code.to_a : [*code] }
        codes << Exception if codes.empty?
        codes << NotFound if codes.include?(404)
        codes.each { |code| (errors[code] ||= []) << action }
        changed
      end

      # Answers for what is not there.
      def not_found(&)
        error(404, &)
      end

      # The routes of a method, the superclass's, too.
      def route_table(verb)
        RouteTable.new(verb, ancestors_of_routes.flat_map { |owner| owner.routes[verb] || [] })
      end

      # Whether a method has routes.
      def routes?(verb)
        ancestors_of_routes.any? { |owner| owner.routes.key?(verb) }
      end

      # The filters of a kind, the superclass's before those of the class.
      def all_filters(kind)
        ancestors_of_routes.reverse.flat_map { |owner| owner.filters[kind] }
      end

      # This class and those that it inherits routes from.
      def ancestors_of_routes
        ancestors.select { |ancestor| ancestor.is_a?(Class) && ancestor <= Base }
      end

      # What every request asks for.
      #
      # Private.
      def plan
        plan = @plan
        plan&.current? ? plan : (@plan = Plan.new(self, plan))
      end

      # Says that a block names `@env`, `@request` or `@response`.
      #
      # Private.
      def name_variables
        @names_variables = true
      end

      # Whether one does.
      #
      # Private.
      def names_variables?
        @names_variables ? true : false
      end

      @generation = 0
      class << self
        # Grows whenever something is added.
        attr_accessor :generation
      end

      private

      def route(verb, path, options = {}, &block)
        raise ArgumentError, "#{verb} #{path} has no block" if block.nil?

        enable(:empty_path_info) if path == "" && empty_path_info.nil?
        options, contract = contract_of(verb, path, options, block)
        added = signature(path, block, options, "#{verb} #{path}", contract)
        (routes[verb] ||= []) << added
        changed
        invoke_hook(:route_added, verb, path, block)
        added
      end

      def signature(path, block, options, name, contract = nil)
        pattern_options = options.fetch(:mustermann_opts, {})
        options.each { |option, arguments| __send__(option, *arguments) unless option == :mustermann_opts }
        action = contract || Action.new(self, name, block)
        pattern = path && Pattern.of(path, path.is_a?(String) || path.is_a?(Regexp) ? { **mustermann_opts, **pattern_options } : {})
        conditions, @conditions = @conditions, []
        [pattern, conditions, action]
      end

      # The options that are conditions, and the contract that the others make.
      def contract_of(verb, path, options, block)
        return [options, nil] unless path.is_a?(String) && Contract.of?(self, options, block)

        described, conditions = options.partition { |name,| Contract.option?(self, name) }.map(&:to_h)
        contract = Contract.new(self, verb, path, described, block)
        contracts << contract unless verb == "HEAD"
        [conditions, contract]
      end

      def changed
        Routing.generation += 1
      end

      def host_name(pattern)
        condition { pattern === request.host }
      end
      alias host host_name

      def user_agent(pattern)
        condition do
          if request.user_agent.to_s =~ pattern
            @params[:agent] = $~[1..]
            true
          else
            false
          end
        end
      end
      alias agent user_agent

      # The media types of an answer, one of which the client has to accept.
      def provides(*types)
        types = types.flat_map { |type| mime_types(type) }
        condition { provide(types) }
      end
    end
  end
end
