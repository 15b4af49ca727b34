# frozen_string_literal: true

module Sabir
  # The schema of the events of a stream, in the words of OpenAPI 3.2 §4.14.4.
  #
  # Private.
  module EventSchema
    TEXT = { "type" => "string" }.freeze
    FIELDS = {
      "type" => "object",
      "properties" => { "data" => TEXT, "event" => TEXT, "id" => TEXT, "retry" => { "type" => "integer", "minimum" => 0 } },
    }.freeze
    private_constant :TEXT, :FIELDS

    class << self
      # The schema for those of the data by the types of the events, `message` for those that name none; nil says nothing of them.
      def of(types)
        types.nil? ? FIELDS : { **FIELDS, "oneOf" => types.map { |name, written| named(name.to_s, written) } }
      end

      private

      def named(name, written)
        described = { "properties" => { "event" => { "const" => name }, "data" => data(Schema.of(written)) } }
        name == "message" ? described : { **described, "required" => ["event"] }
      end

      # The field `data` is text, which is JSON where the values are no text.
      def data(schema)
        return schema if schema.is_a?(Hash) && schema["type"] == "string"

        { **TEXT, "contentMediaType" => "application/json", "contentSchema" => schema }
      end
    end
  end
  private_constant :EventSchema
end
