# frozen_string_literal: true

require "date"
require "time"

module Sabir
  # JSON Schemas of what Ruby has.
  #
  # A schema is written as
  #
  # - a class: `String`, `Integer`, `Float`, `Date`, `Time`, `Object` for anything, or `UploadFile`;
  # - a symbol, a word of JSON Schema's `type` such as `:boolean`;
  # - an array with the schema of its items: `[Integer]`;
  # - a `Struct` or `Data` class: an object with a member for each of its own, of which instances are made;
  # - a class of Schema.struct, or any with a method `json_schema`, and `from_json` if values are to be turned into something;
  # - a Hash, which is JSON Schema 2020-12 as it stands, with symbols or strings.
  module Schema
    CLASSES = {
      String => { "type" => "string" },
      Symbol => { "type" => "string" },
      Integer => { "type" => "integer" },
      Float => { "type" => "number" },
      Numeric => { "type" => "number" },
      TrueClass => { "type" => "boolean" },
      NilClass => { "type" => "null" },
      Date => { "type" => "string", "format" => "date" },
      Time => { "type" => "string", "format" => "date-time" },
      DateTime => { "type" => "string", "format" => "date-time" },
      Hash => { "type" => "object" },
      Array => { "type" => "array" },
      Object => {},
      UploadFile => { "type" => "string", "format" => "binary" },
    }.freeze
    CONVERTERS = {
      Symbol => :to_sym.to_proc,
      Date => Date.method(:iso8601),
      Time => Time.method(:iso8601),
      DateTime => DateTime.method(:iso8601),
    }.freeze
    private_constant :CLASSES, :CONVERTERS

    class << self
      # A `Struct` class whose members have schemas. Those with a name that ends in `?`, or with a default, may be absent. +words+
      # are further words of the schema of the object.
      #
      #   Order = Sabir::Schema.struct(sku: String, quantity: { type: :integer, minimum: 1 }, note?: String)
      #   Point = Sabir::Schema.struct({ additionalProperties: false }, x: Float, y: Float)
      def struct(words = {}, **members)
        names = members.keys.map { |name| plain_name(name) }
        optional = members.keys.filter_map { |name| plain_name(name) if name.end_with?("?") }
        kind = Struct.new(*names, keyword_init: true)
        kind.extend(StructSchema)
        kind.describe(names.zip(members.values).to_h, optional, plain(words))
        kind
      end

      # The schema as data, with strings for names.
      def of(written)
        case written
        when Hash then plain(written)
        when Symbol then { "type" => written.to_s }
        when Array then { "type" => "array", "items" => of(single(written)) }
        when true, false then written
        when Class then of_class(written)
        else unknown(written)
        end
      end

      # What makes of a value that fits the schema what the handler gets; nil where it is the value itself.
      def converter(written)
        case written
        when Array then array_converter(single(written))
        when Hash then (items = written[:items] || written["items"]) && array_converter(items)
        when Class
          CONVERTERS[written] || class_converter(written)
        end
      end

      # Whether a value may be absent: it has a default.
      def default?(written)
        written.is_a?(Hash) && (written.key?(:default) || written.key?("default"))
      end

      # The name without the mark of what may be absent.
      def plain_name(name)
        name.to_s.delete_suffix("?").to_sym
      end

      # The schema of an object with these members, by their names as strings.
      def object(members, optional = [])
        required = members.reject { |name, written| optional.include?(name) || default?(written) }.keys
        schema = { "type" => "object", "properties" => members.to_h { |name, written| [name.to_s, of(written)] } }
        schema["required"] = required.map(&:to_s) unless required.empty?
        schema
      end

      private

      def of_class(written)
        return CLASSES[written].dup if CLASSES.key?(written)
        return plain(written.json_schema) if written.respond_to?(:json_schema)
        return object(written.members.to_h { |name| [name, {}] }) if members?(written)

        unknown(written)
      end

      def array_converter(items)
        item = converter(items)
        item && ->(values) { values.map { |value| item.call(value) } }
      end

      def class_converter(written)
        return written.method(:from_json) if written.respond_to?(:from_json)
        return unless !written.respond_to?(:json_schema) && members?(written)

        names = written.members.map(&:to_s)
        if takes_keywords?(written)
          ->(value) { written.new(**names.to_h { |name| [name.to_sym, value[name]] }) }
        else
          ->(value) { written.new(*value.values_at(*names)) }
        end
      end

      def members?(written)
        written < Struct || (defined?(::Data) && ::Data.respond_to?(:define) && written < ::Data)
      end

      def takes_keywords?(written)
        !(written < Struct) || written.keyword_init?
      end

      def single(written)
        return written.first if written.size == 1

        raise ArgumentError, "#{written.inspect} is no schema; write the one of the items, as in [Integer]"
      end

      def plain(data)
        case data
        when Hash then data.to_h { |name, value| [name.to_s, plain(value)] }
        when Array then data.map { |value| plain(value) }
        when Symbol then data.to_s
        when Class then of(data)
        else data
        end
      end

      def unknown(written)
        raise ArgumentError, "#{written.inspect} is no schema; give a class, a symbol, an array of one, or a Hash"
      end
    end

    # What a class of Schema.struct says of itself.
    #
    # Private.
    module StructSchema
      # The JSON Schema of its values.
      attr_reader :json_schema

      # Makes `from_json`, the instance for a value that fits the schema. It is written out, so that an instance costs no more
      # than one that is written by hand.
      def describe(members, optional, words)
        @json_schema = Schema.object(members, optional).merge(words).freeze
        converters = members.transform_values { |written| Schema.converter(written) }.compact
        lines = members.keys.map { |name| assignment(name, converters.key?(name)) }
        singleton_class.define_method(:converters) { converters }
        singleton_class.class_eval(<<~RUBY, __FILE__, __LINE__ + 1)
          def from_json(value)
            made = new
            #{lines.join("\n  ")}
            made
          end
        RUBY
        singleton_class.send(:private, :converters)
      end

      private

      def assignment(name, has_converter)
        return "made.#{name} = value['#{name}']" unless has_converter

        "(member = value['#{name}']).nil? || made.#{name} = converters[:#{name}].call(member)"
      end
    end
    private_constant :StructSchema
  end
end
