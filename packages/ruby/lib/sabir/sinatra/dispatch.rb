# frozen_string_literal: true

module Sabir
  module Sinatra
    # What an instance does with its request.
    #
    # Private.
    module Dispatch
      METHODS_OF_FILES = %w[GET HEAD].freeze
      private_constant :METHODS_OF_FILES

      private

      # Runs what ends with `throw :halt`, and takes what it says as the answer.
      def invoke
        take_result(catch(:halt) { yield })
      end

      # Filters and routes, and the blocks for failures.
      def dispatch
        take_result(catch(:halt) { answer_of_blocks })
      rescue ::Exception => error # rubocop:disable Lint/RescueException -- blocks may be there for any class.
        invoke { handle_exception(error) }
      ensure
        run_after_filters
      end

      def answer_of_blocks
        take_parameters
        static! if @_plan.static && METHODS_OF_FILES.include?(verb_of_request)
        run_filters(@_plan.before)
        @_has_type = response_has_type?
        run_routes
      end

      def run_after_filters
        return if @_plan.after.empty? || (@env && @env["sinatra.static_file"])

        invoke { run_filters(@_plan.after) && nil }
      rescue ::Exception => error # rubocop:disable Lint/RescueException -- as above.
        invoke { handle_exception(error) } unless env["sinatra.error"]
      end

      def run_filters(filters)
        filters.each do |pattern, conditions, action|
          if pattern.nil?
            catch(:pass) { action.call(self, []) if hold?(conditions) }
          elsif (found = pattern.find(path_of_routes))
            with_found(found) { |values| catch(:pass) { action.call(self, values) if hold?(conditions) } }
          end
        end
      end

      # What the first route answers that does not pass the request on.
      def run_routes
        table = @_plan.table(verb_of_request)
        path = path_of_routes
        fallback = nil
        from = 0
        while (match = table.find(path, from))
          route = table.route(match)
          from = route.index + 1
          found = route.found(match, path)
          next if found.nil?

          @_has_answered = false
          result = try_route(route, found)
          return result if @_has_answered

          fallback = result if result.is_a?(Proc)
          forget_type unless @_has_type
        end
        fallback ? instance_eval(&fallback) : route_missing
      end

      # What a route answers, or passes on, with what its pattern has found among the parameters.
      def try_route(route, found)
        return with_found(found) { |values| run_route(route, values) } unless found.is_a?(Array)

        found.empty? ? run_route(route, found) : with_captures(route, found)
      end

      def run_route(route, values)
        catch(:pass) do
          next unless hold?(route.conditions)

          name_route(route.name)
          answer = route.action.call(self, values)
          @_has_answered = true
          answer
        end
      end

      # Whether no condition is false.
      def hold?(conditions)
        conditions.empty? || conditions.none? { |condition| condition.bind_call(self) == false }
      end

      # The path without its final slash, unless that counts.
      def path_of_routes
        path = path_of_request
        return "/" if path.empty? && !@_plan.empty_path_info

        !@_plan.strict_paths && path != "/" && path.end_with?("/") ? path.delete_suffix("/") : path
      end

      # Runs a block with the arguments that a pattern has found, and with its parameters among the others.
      def with_found(found)
        before = add_params(found.params)
        yield(found.values.map { |value| force_encoding(value) })
      rescue StandardError
        @_params_of_failure ||= @params.dup
        raise
      ensure
        restore_params(found.params, before) if before
      end

      def with_captures(route, captures)
        before = add_captures(captures, route.names)
        run_route(route, captures)
      rescue StandardError
        @_params_of_failure ||= @params.dup
        raise
      ensure
        remove_captures(route.names, before)
      end

      # Adds captures to the parameters, and returns those that they have replaced, if there are some.
      def add_captures(captures, names)
        before = nil
        index = 0
        while index < names.size
          name = names[index]
          value = captures[index]
          force_encoding(value) unless @_plan.is_utf8
          (before ||= {})[name] = @params.plain_fetch(name) if @params.plain_key?(name)
          @params.plain_store(name, value || @params.plain_fetch(name))
          index += 1
        end
        before
      end

      def remove_captures(names, before)
        index = 0
        while index < names.size
          name = names[index]
          before&.key?(name) ? @params.plain_store(name, before[name]) : @params.plain_delete(name)
          index += 1
        end
      end

      # Adds parameters, and returns those that they have replaced.
      def add_params(added)
        before = @params.slice(*added.keys)
        added.each { |name, value| @params[name] = force_encoding(value) || @params[name] }
        before
      end

      def restore_params(added, before)
        added.each_key { |name| before.key?(name) ? @params[name] = before[name] : @params.delete(name) }
      end

      # Nothing has answered: the application behind this one does, if there is one.
      def route_missing
        raise NotFound unless @app

        forward
      end

      def force_encoding(data)
        settings.force_encoding(data)
      end
    end
    private_constant :Dispatch
  end
end
