# frozen_string_literal: true

# The comparison of answers, held to the table that all languages share.

require_relative "support"

class ComparisonsTest < Minitest::Test
  ROWS = JSON.parse(File.read(File.expand_path("../comparisons.json", __dir__)), max_nesting: false).freeze

  ROWS.each do |row|
    { "passes" => true, "fails" => false }.each do |kind, passes|
      row[kind].each_with_index do |brought, index|
        # A comparison that passes too much would let every test of the suite pass.
        define_method("test_#{row["about"]}_#{kind}_#{index}") { compare(row["expect"], brought, passes) }
      end
    end
  end

  def test_the_table_is_whole
    assert_operator ROWS.sum { |row| row["passes"].size + row["fails"].size }, :>=, 300
  end

  private

  def compare(expect, brought, passes)
    answers = brought.fetch("answers", [brought]).map { |answer| received(answer) }
    expected = expect.is_a?(Array) ? expect : [expect]
    found = Matching.differences(expected, answers, calls: brought.fetch("calls", 1), closed: brought.fetch("closed", false))
    assert_equal passes, found.empty?, found.join("; ")
  end

  def received(brought)
    content = brought.key?("base64") ? Base64.strict_decode64(brought["base64"]) : brought.fetch("text", "")
    headers = Sabir::Headers.new(brought.fetch("headers", []))
    Received.new(brought.fetch("status", 200), headers, content.b, brought.fetch("breaks_off", false))
  end
end
