# frozen_string_literal: true

module Sabir
  # Header fields: names in any case, several values of one name in their order (RFC 9110 §5).
  class Headers
    include Enumerable

    # +fields+ is a Hash, whose values may be arrays, or pairs of name and value.
    def initialize(fields = nil)
      @fields = []
      fields&.each { |name, value| add(name, value) }
    end

    # The first value of the field, or nil.
    def [](name)
      name = normalize(name)
      @fields.find { |key, _| key == name }&.last
    end

    # Sets the field to this value alone; nil removes it.
    def []=(name, value)
      delete(name)
      add(name, value) unless value.nil?
    end

    # Adds a value, or each of an array; those of the same name are kept.
    def add(name, value)
      return value.each { |one| add(name, one) } if value.is_a?(Array)

      @fields << [normalize(name), value.to_s]
    end

    # Every value of the field.
    def get_all(name)
      name = normalize(name)
      @fields.filter_map { |key, value| value if key == name }
    end

    def key?(name)
      name = normalize(name)
      @fields.any? { |key, _| key == name }
    end
    alias include? key?

    # Removes the field, and returns its first value.
    def delete(name)
      first = self[name]
      name = normalize(name)
      @fields.reject! { |key, _| key == name }
      first
    end

    # Adds fields, each in place of those of the same name.
    def merge!(fields)
      fields.each { |name, value| self[name] = value }
      self
    end

    # Every name, in lower case, with every value.
    def each(&)
      @fields.each(&)
    end

    # The pairs of name and value.
    def to_a
      @fields.map(&:dup)
    end

    # The values by name, several of one name with commas between them.
    def to_h
      @fields.group_by(&:first).transform_values { |pairs| pairs.map(&:last).join(", ") }
    end

    def empty?
      @fields.empty?
    end

    def inspect
      "#<#{self.class} #{to_h.inspect}>"
    end

    private

    def normalize(name)
      name.to_s.downcase
    end
  end
end
