# frozen_string_literal: true

require "test_helper"
require "tempfile"

class ReadmeTest < Minitest::Test
  README = File.expand_path("../README.md", __dir__)

  # Each line with a comment such as `# => 1` has that value.
  def test_the_code_works
    code = File.read(README).scan(/^```ruby\n(.*?)^```/m).join.sub('require "sabir"', "")
    checked = code.gsub(/^(client\..*) # => (.*)$/) { "raise #{Regexp.last_match(1).inspect} unless (#{Regexp.last_match(1)}) == (#{Regexp.last_match(2)})" }
    refute_equal code, checked
    Tempfile.create(["readme", ".rb"]) do |file|
      file.write(checked)
      file.close
      assert_equal "done\n", run_ruby("require '#{file.path}'; puts 'done'", seconds: 10)
    end
  end
end
