# frozen_string_literal: true

require "rack"

module Sabir
  module Sinatra
    # A request of Rack with what an application asks of it.
    class Request < ::Rack::Request
      # For those who look for it here.
      HEADER_VALUE_WITH_PARAMS = MediaType::WITH_PARAMETERS
      HEADER_PARAM = /\s*[\w.]+=(?:[\w.-]+|"(?:[^"\\]|\\.)*")?\s*/
      AcceptEntry = Sinatra::AcceptEntry
      MimeTypeEntry = MediaType

      SAFE = %w[GET HEAD OPTIONS TRACE].freeze
      IDEMPOTENT = [*SAFE, "PUT", "DELETE", "LINK", "UNLINK"].freeze
      private_constant :SAFE, :IDEMPOTENT

      # The media ranges that the client accepts, the best one first.
      def accept
        @env["sabir.accept"] ||= read_accept
      end

      # Whether the client accepts a media type.
      def accept?(type)
        preferred_type(type).to_s.include?(type)
      end

      # The best of these media types; with a block, the best that it holds for. What the client likes most, without any.
      def preferred_type(*types)
        return accept.first if types.empty?

        types.flatten!
        return types.first if accept.empty?

        accept.each do |range|
          fitting = types.find { |type| MediaType.new(type).accepts?(range) }
          return fitting if fitting
        end
        nil
      end

      alias secure? ssl?

      def forwarded?
        !forwarded_authority.nil? || @env["HTTP_FORWARDED"].to_s.match?(/\bhost=/i)
      end

      def safe?
        SAFE.include?(request_method)
      end

      def idempotent?
        IDEMPOTENT.include?(request_method)
      end

      def link?
        request_method == "LINK"
      end

      def unlink?
        request_method == "UNLINK"
      end

      # Raises BadRequest where the query or the form cannot be read.
      def params
        super
      rescue ::Rack::Utils::ParameterTypeError, ::Rack::Utils::InvalidParameterError => error
        raise BadRequest, "Invalid query parameters: #{::Rack::Utils.escape_html(error.message)}"
      rescue EOFError => error
        raise BadRequest, "Invalid multipart/form-data: #{::Rack::Utils.escape_html(error.message)}"
      end

      private

      def read_accept
        header = @env["HTTP_ACCEPT"].to_s
        return [AcceptEntry.new("*/*")] if header.empty?

        # The order is kept among those that are liked as much.
        entries = header.scan(HEADER_VALUE_WITH_PARAMS).map { |text| AcceptEntry.new(text) }
        entries.sort_by.with_index { |entry, index| [*entry.priority.map(&:-@), index] }
      end
    end
  end
end
