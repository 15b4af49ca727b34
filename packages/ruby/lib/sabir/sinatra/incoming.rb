# frozen_string_literal: true

module Sabir
  module Sinatra
    # The request of an instance. Where the runtime has called it without middleware, the environment is made when somebody asks for it.
    #
    # Private.
    module Incoming
      # The arguments that the runtime has decoded for a contract, or nil.
      def arguments_of(contract)
        decoded = @env ? @env[Contract::DECODED] : @_decoded
        decoded[1] if decoded && decoded[0].equal?(contract)
      end

      private

      def make_variables
        env
        request
        response
      end

      def make_environment
        environment = @_caller.environment(@_incoming, @_content, @_decoded)
        environment["sinatra.route"] = @_route_name if @_route_name
        environment
      end

      def verb_of_request
        @env ? @env["REQUEST_METHOD"] : @_caller.verb(@_incoming)
      end

      def path_of_request
        @env ? @env["PATH_INFO"].to_s : @_path
      end

      # Says which route answers.
      def name_route(name)
        @env ? @env["sinatra.route"] = name : @_route_name = name
      end

      # The parameters of the query and the form, in the default encoding.
      def take_parameters
        return if @env ? plain_query? : (@_plan.is_utf8 && @_content.nil? && Native::Environment.read_parameters(@_incoming, @params))

        @params.merge!(request.params)
        @params.each { |name, value| @params[name] = force_encoding(value.frozen? ? value.dup : value) if value.respond_to?(:force_encoding) }
      end

      FORM = "application/x-www-form-urlencoded"
      MAY_BE_FORM = %r{\A\s*(?:application/x-www-form|multipart/)}i
      private_constant :FORM, :MAY_BE_FORM

      # Whether nobody else has read the query and the form, and both have plain names, so that they are read at once.
      def plain_query?
        return false if env.key?("rack.request.query_hash") || env.key?("rack.request.form_hash") || !@_plan.is_utf8

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
    end
    private_constant :Incoming
  end
end
