# frozen_string_literal: true

# The suite itself: it runs everything, and it fails when it should.

require_relative "support"

class SuiteTest < Minitest::Test
  FITTING = { "status" => 204, "handler_calls" => 1 }.freeze

  def test_every_fixture_has_a_test
    assert_equal Fixture.paths, FixtureTest.tested.sort
  end

  def test_every_listed_fixture_exists
    assert_empty FixtureTest::KNOWN_FAILING.keys - Fixture.paths
  end

  def test_every_exchange_is_sent
    %i[memory socket].each do |transport|
      seen = []
      Check.new(application(seen), %w[a b c].map { |name| exchange(name, FITTING) }, transport).run
      assert_equal %w[a b c], seen
    end
  end

  def test_an_answer_that_differs_fails
    differing = [
      { "status" => 200 }, { "handler_calls" => 0 }, { "handler_calls" => 2 }, { "headers" => { "x-a" => "1" } }, { "body_size" => 1 }
    ]
    differing.product(%i[memory socket]).each do |expect, transport|
      exchanges = [exchange("a", FITTING), exchange("b", FITTING.merge(expect))]
      error = assert_raises(Minitest::Assertion) { Check.new(application, exchanges, transport).run }
      assert_match(/exchanges\[1\]/, error.message)
    end
  end

  def test_a_connection_that_stays_open_fails_where_it_must_close
    closing = FITTING.merge("closed" => true)
    Check.new(application, [exchange("a", closing, "connection" => "close")], :socket).run
    error = assert_raises(Minitest::Assertion) { Check.new(application, [exchange("a", closing)], :socket).run }
    assert_match(/was not closed/, error.message)
  end

  def test_a_listed_fixture_that_passes_is_a_failure_and_one_that_fails_is_none
    listed = { "a/b" => "not yet" }
    FixtureTest.unless_listed("a/b", listed) { raise "it differs" }
    FixtureTest.unless_listed("a/c", listed) { nil }
    assert_raises(Minitest::Assertion) { FixtureTest.unless_listed("a/b", listed) { nil } }
    assert_raises(RuntimeError) { FixtureTest.unless_listed("a/c", listed) { raise "it differs" } }
  end

  private

  def application(seen = [])
    app = Sabir::App.new
    app.get("/{name}") { |name:| (seen << name) && nil }
    app
  end

  def exchange(name, expect, headers = {})
    { "send" => { "method" => "GET", "path" => "/#{name}", "headers" => headers }, "expect" => expect }
  end
end
