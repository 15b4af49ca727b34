# frozen_string_literal: true

require "json"

# What the workloads ask of their input, for servers that do not check it themselves.
module OrderChecks
  Invalid = Class.new(StandardError)

  ORDER = {
    "id" => ->(id) { id.is_a?(Integer) && id >= 1 },
    "customer" => ->(name) { name.is_a?(String) && name.size.between?(1, 80) },
    "email" => ->(email) { email.is_a?(String) && email.include?("@") },
    "lines" => ->(lines) { lines.is_a?(Array) && !lines.empty? && lines.all? { |line| OrderChecks.fits?(line, LINE) } },
    "note" => ->(note) { note.nil? || note.is_a?(String) },
  }.freeze
  LINE = {
    "sku" => ->(sku) { sku.is_a?(String) && sku.match?(/\A[A-Z]{3}-[0-9]{4}\z/) },
    "quantity" => ->(quantity) { quantity.is_a?(Integer) && quantity.between?(1, 100) },
    "price" => ->(price) { price.is_a?(Numeric) && price >= 0 },
  }.freeze

  module_function

  # Whether a value has no other members, and those that it has or must have fit.
  def fits?(value, members)
    value.is_a?(Hash) && (value.keys - members.keys).empty? && members.all? { |name, check| check.call(value[name]) }
  end

  def order(text)
    order = JSON.parse(text)
    raise Invalid unless fits?(order, ORDER)

    { id: order["id"], items: order["lines"].sum { |line| line["quantity"] } }
  rescue JSON::ParserError
    raise Invalid
  end

  def user(id, limit)
    { id: whole(id), limit: limit.nil? ? 10 : whole(limit, 1..100) }
  end

  def form(name, age)
    raise Invalid if name.nil?

    { name:, age: whole(age, 1..150) }
  end

  def whole(text, range = nil)
    number = Integer(text, 10)
    raise Invalid unless range.nil? || range.cover?(number)

    number
  rescue ArgumentError, TypeError
    raise Invalid
  end
end
