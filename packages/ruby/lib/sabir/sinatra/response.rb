# frozen_string_literal: true

require "rack"

module Sabir
  module Sinatra
    # A response of Rack, made in steps. Its fields have names in any case.
    class Response < ::Rack::Response
      # Statuses without content, and those whose content is not described (RFC 9110 §6.4.1, §15.4.5).
      WITHOUT_CONTENT = [204, 304].freeze
      # Whether names of fields have to be in lower case.
      LOWER = Gem::Version.new(::Rack.release) >= Gem::Version.new("3")
      TYPE = LOWER ? "content-type" : "Content-Type"
      LENGTH = LOWER ? "content-length" : "Content-Length"
      private_constant :WITHOUT_CONTENT

      def body=(value)
        value = value.body while value.is_a?(::Rack::Response)
        @body = value.is_a?(String) ? [value.to_str] : value
      end

      def each(&)
        block_given? ? super : enum_for(:each)
      end

      # Status, fields and content.
      def finish
        content = body
        if describes_no_content?
          headers.delete(LENGTH)
          headers.delete(TYPE)
        end
        if has_no_content?
          close
          content = []
        end
        headers[LENGTH] = content.sum(&:bytesize).to_s if countable?(content)
        [status, LOWER ? headers : headers.to_hash, content]
      end

      private

      def countable?(content)
        headers[TYPE] && !headers[LENGTH] && content.is_a?(Array)
      end

      def describes_no_content?
        (status.to_i / 100) == 1 || WITHOUT_CONTENT.include?(status.to_i)
      end

      def has_no_content?
        WITHOUT_CONTENT.include?(status.to_i)
      end
    end
  end
end
