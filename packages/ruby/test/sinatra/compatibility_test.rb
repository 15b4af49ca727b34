# frozen_string_literal: true

require "sinatra_helper"

class SinatraCompatibilityTest < Minitest::Test
  PAGE = File.expand_path("../../../../docs/compatibility/sinatra.md", __dir__)
  TESTS = Dir[File.join(__dir__, "*_test.rb")].flat_map do |file|
    code = File.read(file)
    code.scan(/def (test_\w+)/).map { |name,| "#{code[/class (\w+)/, 1]}##{name}" }
  end

  def test_each_row_names_a_test
    rows = File.readlines(PAGE).grep(/\| `Sinatra\w+Test#/)
    refute_empty rows
    named = rows.map { |row| row[/`(Sinatra\w+Test#\w+)`/, 1] }
    assert_empty named - TESTS
    assert_empty TESTS.grep_v(/Compatibility/) - named, "tests without a row"
  end
end
