# frozen_string_literal: true

module Sabir
  # A request of Rack for an application, and its answer.
  #
  # Private.
  module RackApplication
    # Content that is made while it is read.
    class Body
      def initialize(content)
        @content = content
      end

      def each
        while (chunk = @content.read)
          raise IOError, chunk.first if chunk.is_a?(Array)

          yield chunk
        end
      end

      def close
        @content.close
      end
    end
    private_constant :Body

    # Fields that are about the connection, which belongs to the server.
    CONNECTION = %w[connection keep-alive transfer-encoding upgrade].freeze
    private_constant :CONNECTION

    class << self
      def call(app, environment)
        path = "#{environment["SCRIPT_NAME"]}#{environment["PATH_INFO"]}"
        query = environment["QUERY_STRING"].to_s
        target = "#{path.empty? ? "/" : path}#{"?#{query}" unless query.empty?}"
        content = environment["rack.input"]&.read.to_s
        status, fields, body = app.request(environment["REQUEST_METHOD"], target, fields(environment, content), content.b)
        [status, headers(fields), body.is_a?(String) ? [body] : Body.new(body)]
      end

      private

      def fields(environment, content)
        fields = environment.filter_map do |key, value|
          name = key[/\AHTTP_(.+)/, 1] || (key if key == "CONTENT_TYPE")
          name = name&.tr("_", "-")&.downcase
          [name, value.to_s] unless name.nil? || name == "version" || CONNECTION.include?(name)
        end
        fields << ["host", environment["SERVER_NAME"].to_s] unless environment.key?("HTTP_HOST")
        fields << ["content-length", content.bytesize.to_s] unless content.empty?
        fields
      end

      # Up to Rack 2, several values are lines.
      def headers(fields)
        fields.group_by(&:first).transform_values do |pairs|
          values = pairs.map(&:last)
          next values.first if values.size == 1

          lines? ? values.join("\n") : values
        end
      end

      def lines?
        defined?(::Rack::RELEASE) && ::Rack::RELEASE.to_i < 3
      end
    end
  end
  private_constant :RackApplication
end
