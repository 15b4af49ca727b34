# frozen_string_literal: true

# Values as JSON with their types beside them.
module Tag
  SAFE_INTEGER = 2**53 - 1
  PATTERNS = {
    "uuid" => /\A\h{8}(-\h{4}){3}-\h{12}\z/,
    "date" => /\A\d{4}-\d\d-\d\d\z/,
    "date-time" => /\A\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)\z/i,
    "time" => /\A\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)?\z/i,
    "duration" => /\AP(?!\z)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\z/i,
    "decimal" => /\A[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\z/i,
  }.freeze
  # The seconds of the units of a duration, whose days have 24 hours (RFC 3339 appendix A).
  SECONDS = [604_800, 86_400, 3600, 60, 1].freeze

  class << self
    # +value+ with its type, where the class, or the format that +schema+ declares, says it.
    def of(value, schema = {}, components = {})
      schema = resolve(schema, value, components)
      case value
      when nil then nil
      when true, false then { bool: value }
      when Integer then { int: value.abs <= SAFE_INTEGER ? value : value.to_s }
      when Float then { float: value }
      when String then string(value, schema["format"])
      when Time then { datetime: time(value.iso8601(9)) }
      when Date then { date: value.iso8601 }
      when Sabir::UploadFile then { file: file(value) }
      when Struct then { object: members(value, components) }
      when Hash then { object: value.to_h { |name, member| [name, of(member, member_schema(schema, name.to_s), components)] } }
      when Array then { list: value.each_with_index.map { |item, index| of(item, item_schema(schema, index), components) } }
      else raise TypeError, "a #{value.class} is no value of a request"
      end
    end

    private

    # What describes a value: the component that the schema refers to, or what it permits beside null.
    def resolve(schema, value, components)
      return {} unless schema.is_a?(Hash)

      name = schema["$ref"]&.delete_prefix("#/components/schemas/")
      return resolve(Sabir::Schema.of(components.fetch(name.to_sym)), value, components) if name && components.key?(name.to_sym)

      others = schema["anyOf"]&.reject { |choice| choice["type"] == "null" }
      value && others&.size == 1 ? resolve(others.first, value, components) : schema
    end

    def member_schema(schema, name)
      schema.fetch("properties", {}).fetch(name) { schema["additionalProperties"] }
    end

    def item_schema(schema, index)
      schema.fetch("prefixItems", [])[index] || schema["items"]
    end

    # Absent members of an object are nil.
    def members(value, components)
      schema = value.class.json_schema
      present = value.to_h.select { |name, member| !member.nil? || schema.fetch("required", []).include?(name.to_s) }
      present.to_h { |name, member| [name, of(member, schema["properties"][name.to_s], components)] }
    end

    def string(value, format)
      return { bytes: Base64.strict_encode64(value) } if value.encoding == Encoding::BINARY
      return { str: value } unless (pattern = PATTERNS[format])

      match = pattern.match(value) or raise "#{value.inspect} does not have the format #{format}"
      case format
      when "uuid" then { uuid: value.downcase }
      when "date-time" then { datetime: time(value) }
      when "time" then { time: time(value) }
      when "duration" then { duration_seconds: SECONDS.zip(match.captures).sum { |unit, count| unit * count.to_f } }
      else { format => value }
      end
    end

    # A time in upper case, its fraction without trailing zeros, `Z` for UTC (RFC 3339 §5.6).
    def time(text)
      text.upcase.sub(" ", "T").sub(/(\.\d*?)0+(?=Z|[+-]|\z)/, '\1').sub(/\.(?=Z|[+-]|\z)/, "").sub(/[+-]00:00\z/, "Z")
    end

    def file(file)
      { filename: file.filename, content_type: file.content_type, size: file.size, sha256: Digest::SHA256.hexdigest(file.read) }
    end
  end
end
