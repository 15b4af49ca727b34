# frozen_string_literal: true

module Sabir
  module Sinatra
    # What an instance does with its request.
    #
    # Private.
    module Dispatch
      private

      # Runs what ends with `throw :halt`, and takes what it says as the answer.
      def invoke(&)
        result = catch(:halt, &)
        case result
        when String then body([result])
        when Integer then status(result)
        when Array then take_array(result)
        else body(result) if result.respond_to?(:each)
        end
        nil
      end

      # Content, or a status with fields and content.
      def take_array(result)
        return body(result) unless result.first.is_a?(Integer)

        code, *fields, content = result
        return status(code) if result.size == 1

        status(code)
        body(content)
        headers(*fields)
      end

      # Filters and routes, and the blocks for failures.
      def dispatch
        invoke do
          take_parameters
          static! if @plan.static && (request.get? || request.head?)
          run_filters(@plan.before)
          @has_type = !response.headers.empty? && !response[Response::TYPE].nil?
          run_routes
        end
      rescue ::Exception => error # rubocop:disable Lint/RescueException -- blocks may be there for any class.
        invoke { handle_exception(error) }
      ensure
        run_after_filters
      end

      def run_after_filters
        return if @plan.after.empty? || env["sinatra.static_file"]

        invoke { run_filters(@plan.after) && nil }
      rescue ::Exception => error # rubocop:disable Lint/RescueException -- as above.
        invoke { handle_exception(error) } unless env["sinatra.error"]
      end

      # The parameters of the query and the form, in the default encoding.
      def take_parameters
        return if plain_query?

        @params.merge!(request.params)
        @params.each { |name, value| @params[name] = force_encoding(value.frozen? ? value.dup : value) if value.respond_to?(:force_encoding) }
      end

      FORM = "application/x-www-form-urlencoded"
      MAY_BE_FORM = %r{\A\s*(?:application/x-www-form|multipart/)}i
      private_constant :FORM, :MAY_BE_FORM

      # Whether nobody else has read the query and the form, and both have plain names, so that they are read at once.
      def plain_query?
        return false if env.key?("rack.request.query_hash") || env.key?("rack.request.form_hash") || !@plan.is_utf8

        query = env["QUERY_STRING"]
        (query.nil? || query.empty? || Native.read_query(query, @params)) && plain_form?
      end

      # Whether there is no form, or one that has been read. What is read has to be there for others.
      def plain_form?
        length = env["CONTENT_LENGTH"]
        return true if length.nil? ? !env.key?("HTTP_TRANSFER_ENCODING") : length == "0"

        type = env["CONTENT_TYPE"]
        return true if type && !type.match?(MAY_BE_FORM)

        input = env["rack.input"]
        return false unless type&.start_with?(FORM) && input.respond_to?(:rewind)

        text = input.read
        input.rewind
        text.empty? || Native.read_query(text, @params)
      end

      def run_filters(filters)
        filters.each do |pattern, conditions, action|
          if pattern.nil?
            catch(:pass) { action.call(self, []) if hold?(conditions) }
          elsif (found = pattern.find(path_of_routes))
            with_found(found) { |values| action.call(self, values) if hold?(conditions) }
          end
        end
      end

      def run_routes
        fallback = nil
        @plan.table(env["REQUEST_METHOD"]).each_match(path_of_routes) do |(_pattern, conditions, action, name, names), found|
          passed = with_found(found, names) do |values|
            next unless hold?(conditions)

            env["sinatra.route"] = name
            throw(:halt, action.call(self, values))
          end
          fallback = passed if passed.is_a?(Proc)
          response.headers.delete(Response::TYPE) unless @has_type || response.headers.empty?
        end
        throw(:halt, instance_eval(&fallback)) if fallback
        route_missing
      end

      # Whether no condition is false.
      def hold?(conditions)
        conditions.empty? || conditions.none? { |condition| condition.bind_call(self) == false }
      end

      # The path without its final slash, unless that counts.
      def path_of_routes
        path = env["PATH_INFO"].to_s
        return "/" if path.empty? && !@plan.empty_path_info

        !@plan.strict_paths && path != "/" && path.end_with?("/") ? path.delete_suffix("/") : path
      end

      NOTHING = [].freeze
      private_constant :NOTHING

      # Runs a block with what a pattern has found among the parameters: captures with these names, or a Pattern::Found. Returns what is
      # passed on.
      def with_found(found, names = nil, &)
        return catch(:pass) { yield(NOTHING) } if found.nil?
        return with_captures(found, names, &) if found.is_a?(Array)

        before = add_params(found.params)
        catch(:pass) { yield(found.values.map { |value| force_encoding(value) }) }
      rescue StandardError
        @params_of_failure ||= @params.dup
        raise
      ensure
        restore_params(found.params, before) if before
      end

      def with_captures(captures, names)
        before = nil
        index = 0
        while index < names.size
          name = names[index]
          value = captures[index]
          force_encoding(value) unless @plan.is_utf8
          (before ||= {})[name] = @params[name] if @params.key?(name)
          @params[name] = value || @params[name]
          index += 1
        end
        catch(:pass) { yield(captures) }
      rescue StandardError
        @params_of_failure ||= @params.dup
        raise
      ensure
        names.each { |name| before&.key?(name) ? @params[name] = before[name] : @params.delete(name) }
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
