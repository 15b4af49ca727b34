# frozen_string_literal: true

module Sabir
  module Sinatra
    # The answer of an instance. As long as that is a text and its media type, as most are, there is no Response.
    #
    # Private.
    module Outgoing
      private

      def response_so_far
        response = Response.new
        response[Response::TYPE] = @_type.dup if @_type
        response.body = [@_text] if @_text
        response
      end

      # Takes what a block has returned or halted with.
      def take_result(result)
        case result
        when String then @response ? body([result]) : @_text = result
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

      def response_has_type?
        @response ? !@response.headers.empty? && !@response[Response::TYPE].nil? : !@_type.nil?
      end

      # Forgets the media type that a route has set which has passed the request on.
      def forget_type
        @_type = nil
        @response&.headers&.delete(Response::TYPE)
      end

      # The answer of Rack.
      def finished_response
        return plain_response(@_type || @_plan.default_type) if plain_response?

        set_default_type
        response.finish
      end

      # Whether the answer is one text and nothing else: nothing is asked of its fields.
      def plain_response?
        @response.nil? && @_text.instance_of?(String) && !@_text.is_a?(Templates::Typed) && (@_type || @_plan.default_type)
      end

      def plain_response(type)
        fields = @_caller ? @_caller.fields(type) : { Response::TYPE => type.dup, Response::LENGTH => @_text.bytesize.to_s }
        [200, fields, [@_text]]
      end

      # What the content says, or the default.
      def set_default_type
        return if response[Response::TYPE]

        content = response.body
        first = content[0] if content.is_a?(Array)
        if first.is_a?(Templates::Typed)
          content_type(first.content_type)
        elsif @_plan.default_type
          response[Response::TYPE] = @_plan.default_type.dup
        end
      end
    end
    private_constant :Outgoing
  end
end
