# frozen_string_literal: true

require "test_helper"
require "tempfile"

class ReadmeTest < Minitest::Test
  PAGES = ["../README.md", "../../../docs/guide/ruby.md"].map { |page| File.expand_path(page, __dir__) }

  PAGES.each do |page|
    define_method("test_the_code_of_#{File.basename(page)}_works") { check(page) }
  end

  private

  # Each line with a comment such as `# => 1` has that value.
  def check(page)
    code = File.read(page).scan(/^```ruby\n(.*?)^```/m).join.sub('require "sabir"', "")
    checked = code.gsub(/^(client\..*) # => (.*)$/) { "raise #{Regexp.last_match(1).inspect} unless (#{Regexp.last_match(1)}) == (#{Regexp.last_match(2)})" }
    refute_equal code, checked
    Tempfile.create(["readme", ".rb"]) do |file|
      file.write(checked)
      file.close
      assert_equal "done\n", run_ruby("require '#{file.path}'; puts 'done'", seconds: 10)
    end
  end
end
