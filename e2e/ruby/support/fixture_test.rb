# frozen_string_literal: true

require "tmpdir"

# Tests that are generated from fixtures. Each runs in memory and over a socket, unless it needs a connection.
class FixtureTest < Minitest::Test
  include Echo

  KNOWN_FAILING = JSON.parse(File.read(File.expand_path("../known_failing.json", __dir__))).freeze

  class << self
    # The folder of `testing_data` whose fixtures the class tests.
    def category(name = nil)
      name ? @category = name : @category
    end

    # The test of a fixture: the block makes the application.
    def fixture(name, &application)
      path = "#{category}/#{name}"
      FixtureTest.tested << path
      data = Fixture.load(path)
      transports = data.fetch("needs", []).include?("socket") ? [:socket] : %i[memory socket]
      transports.each do |transport|
        define_method("test_#{name}_#{transport}") do
          FixtureTest.unless_listed(path, KNOWN_FAILING) { check(data, transport, &application) }
          pass
        end
      end
    end

    # Expects what is +listed+ to fail; that it passes is a failure as well.
    def unless_listed(path, listed)
      return yield unless listed.key?(path)

      begin
        yield
      rescue Minitest::Assertion, StandardError
        return
      end
      raise Minitest::Assertion, "it passes, though it is listed: #{listed[path]}"
    end

    # The fixtures that have a test.
    def tested
      @tested ||= []
    end
  end

  # Where the files of the fixture are.
  attr_reader :folder

  private

  def check(data, transport, &application)
    Dir.mktmpdir do |folder|
      @folder = folder
      Folder.fill(folder, data["app"])
      Check.new(instance_exec(&application), data["exchanges"], transport).run
    end
  end
end
