# frozen_string_literal: true

# Fixtures as their files say.
module Fixture
  ROOT = File.expand_path("../../../testing_data", __dir__)

  # The fixture at +path+, such as `routing/root`.
  def self.load(path)
    fixture = JSON.parse(File.read(File.join(ROOT, "#{path}.json"), encoding: "utf-8"), max_nesting: false)
    raise "#{path} has no exchanges" if fixture["exchanges"].empty?

    fixture
  end

  # The paths of all fixtures.
  def self.paths
    Dir.glob("*/*.json", base: ROOT).map { |file| file.delete_suffix(".json") }.sort
  end

  # Writes out every `{"$repeat": "a", "times": 3}`.
  def self.expand(value)
    case value
    when Array then value.map { |item| expand(item) }
    when Hash
      value.key?("$repeat") ? value["$repeat"] * value["times"] : value.transform_values { |member| expand(member) }
    else value
    end
  end
end
