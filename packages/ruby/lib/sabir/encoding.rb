# frozen_string_literal: true

require "set"

module Sabir
  # From what a handler returned to status, header fields and content.
  #
  # Private.
  module Encoding
    TEXT = "text/plain; charset=utf-8"
    BYTES = "application/octet-stream"
    JSON_TYPE = "application/json"
    LINES = "application/jsonl"
    private_constant :TEXT, :BYTES, :JSON_TYPE, :LINES

    class << self
      # Status, fields and content, which is a string, or an array that has the path of a file; or a Streaming.
      def encode(result, answers)
        case result
        when Problem then raise result
        when Response then encode_response(result, answers)
        when nil then [answers.status || 204, [], ""]
        when Enumerator then Streaming.new(result, answers.status || 200, [], answers.media_type)
        else encode_value(result, answers)
        end
      end

      # The Response that an answer will be, with its status. A problem is its body.
      def response_of(result, answers)
        case result
        when Response then result.tap { result.status ||= answers.status || 200 }
        when Problem then Response.new(result, status: result.status, headers: result.headers.to_a)
        when nil then Response.new(status: answers.status || 204)
        else triple?(result) ? response_of_triple(*result) : Response.new(result, status: answers.status || 200, media_type: answers.media_type)
        end
      end

      # A value that JSON has a word for, in place of one that it has none for.
      def plain(value)
        case value
        when Struct, Hash then value.to_h
        when Time then value.iso8601(value.subsec.zero? ? 0 : 6)
        when DateTime then value.iso8601(value.sec_fraction.zero? ? 0 : 6)
        when Date then value.iso8601
        when Set then value.to_a
        else described(value)
        end
      end

      # The media type of chunks that begin with this one.
      def media_type_of_stream(value)
        value.is_a?(String) ? type_of_string(value) : LINES
      end

      private

      def encode_value(result, answers)
        return encode_triple(*result) if triple?(result)

        media_type, content = content_of(result)
        [answers.status || 200, [["content-type", answers.media_type || media_type]], content]
      end

      def triple?(result)
        result.is_a?(Array) && result.size == 3 && result[0].is_a?(Integer) && result[1].is_a?(Hash)
      end

      # An answer of Rack.
      def encode_triple(status, headers, body)
        fields = headers.flat_map do |name, value|
          values = value.is_a?(Array) ? value : value.to_s.split("\n", -1)
          values.map { |one| [name.to_s.downcase, one.to_s] }
        end
        case body
        when String then [status, with_type(fields, type_of_string(body)), body]
        when nil then [status, fields, ""]
        when Array then [status, with_type(fields, TEXT), body.join]
        else file?(status, body) ? encode_file(status, fields, body) : Streaming.new(body, status, fields, nil)
        end
      end

      def response_of_triple(status, headers, body)
        fields = headers.flat_map { |name, value| (value.is_a?(Array) ? value : value.to_s.split("\n", -1)).map { |one| [name.to_s, one] } }
        return Response.new(Response::FileBody.new(body.to_path), status:, headers: fields) if file?(status, body)

        body = body.join if body.is_a?(Array)
        media_type = type_of_string(body) if body.is_a?(String)
        Response.new(body, status:, headers: fields, media_type:)
      end

      # Whether the whole of a file is the answer.
      def file?(status, body)
        status == 200 && body.respond_to?(:to_path)
      end

      # The runtime sends files, and knows their length.
      def encode_file(status, fields, body)
        [status, fields.reject { |name,| name == "content-length" }, [body.to_path]]
      ensure
        body.close if body.respond_to?(:close)
      end

      def encode_response(response, answers)
        status = response.status || answers.status || 200
        fields = response.headers.to_a
        body = response.body
        case body
        when Problem then raise problem_of(body, response)
        when nil then [status, with_type(fields, response.media_type), ""]
        when Response::FileBody then [status, with_type(fields, response.media_type), [body.path]]
        when Native::Events then [status, with_type(fields, "text/event-stream"), body]
        else
          if stream?(body)
            return Streaming.new(body, status, fields, response.media_type || answers.media_type, response.trailers)
          end

          raise ArgumentError, "trailers follow streams alone" unless response.trailers.empty?

          media_type, content = content_of(body)
          [status, with_type(fields, response.media_type || answers.media_type || media_type), content]
        end
      end

      # The problem with what hooks have changed. It may have been raised for other requests, too.
      def problem_of(problem, response)
        return problem if problem.status == response.status && problem.headers.to_a == response.headers.to_a

        problem.dup.tap do |copy|
          copy.instance_variable_set(:@status, response.status)
          copy.instance_variable_set(:@headers, response.headers)
        end
      end

      def stream?(body)
        body.is_a?(Enumerator) || (body.respond_to?(:each) && !body.respond_to?(:to_h) && !body.is_a?(String))
      end

      def with_type(fields, media_type)
        return fields if media_type.nil? || fields.any? { |name, _| name == "content-type" }

        [["content-type", media_type], *fields]
      end

      def content_of(value)
        return [JSON_TYPE, Native.encode_json(value)] unless value.is_a?(String)
        return [BYTES, value] if value.encoding == ::Encoding::BINARY

        [TEXT, value.encode(::Encoding::UTF_8)]
      end

      def type_of_string(value)
        value.encoding == ::Encoding::BINARY ? BYTES : TEXT
      end

      def described(value)
        return value.to_h if defined?(::Data) && ::Data.respond_to?(:define) && value.is_a?(::Data)
        return value.as_json if value.respond_to?(:as_json)
        return value.to_s if value.is_a?(Numeric) && value.class.name == "BigDecimal"

        raise TypeError, "a value of class #{value.class} cannot be sent as JSON"
      end
    end
  end
  private_constant :Encoding
end
