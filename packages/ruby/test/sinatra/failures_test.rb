# frozen_string_literal: true

require "sinatra_helper"

class SinatraFailuresTest < Minitest::Test
  include SinatraHelper

  class Lost < StandardError; end
  class VeryLost < Lost; end

  def test_error_blocks_answer_by_class_and_its_superclasses
    app = sinatra do
      error(Lost) { |error| [409, "lost: #{error.message}"] }
      get("/") { raise VeryLost, "here" }
    end
    assert_equal [409, "lost: here"], ask(app, "/").then { |answer| [answer.status, answer.body] }
  end

  def test_error_blocks_answer_by_code_and_range
    app = sinatra do
      error(402) { "pay" }
      error(500..599) { "sorry" }
      get("/pay") { 402 }
      get("/down") { 503 }
    end
    assert_equal %w[pay sorry], %w[/pay /down].map { |path| ask(app, path).body }
  end

  def test_not_found_answers_what_is_not_there
    app = sinatra do
      not_found { "nothing at #{request.path}" }
      get("/gone") { not_found }
      get("/lost") { raise Sabir::Sinatra::NotFound }
    end
    assert_equal ["nothing at /x", "nothing at /gone", "nothing at /lost"], %w[/x /gone /lost].map { |path| ask(app, path).body }
  end

  def test_any_exception_may_have_a_block
    app = sinatra do
      error { "#{env["sinatra.error"].message} #{params[:id]}" }
      get("/:id") { raise "oh" }
    end
    assert_equal [500, "oh 7"], ask(app, "/7").then { |answer| [answer.status, answer.body] }
  end

  def test_error_blocks_are_inherited
    base = sinatra { error(Lost) { "base" } }
    app = sinatra(base) { get("/") { raise Lost } }
    assert_equal "base", ask(app, "/").body
  end

  def test_an_exception_without_a_block_says_nothing
    app = sinatra { get("/") { raise "secret" } }
    answer = ask(app, "/")
    assert_equal 500, answer.status
    refute_includes answer.body, "secret"
  end

  def test_problems_are_answers_unless_a_block_answers
    app = sinatra do
      error(Sabir::Forbidden) { |problem| "no: #{problem.detail}" }
      get("/taken") { raise Sabir::Conflict.new("The name is taken.", headers: { "x-a" => "1" }, extensions: { name: "ann" }) }
      get("/secret") { raise Sabir::Forbidden, "Not you." }
    end
    answer = ask(app, "/taken")
    assert_equal [409, "application/problem+json", "1"], [answer.status, answer.headers["content-type"], answer.headers["x-a"]]
    assert_equal ["The name is taken.", "ann", "/taken"], answer.json.values_at("detail", "name", "instance")
    assert_equal [403, "no: Not you."], ask(app, "/secret").then { |refused| [refused.status, refused.body] }
  end

  def test_raise_errors_passes_exceptions_on
    app = sinatra do
      enable :raise_errors
      get("/") { raise Lost }
    end
    assert_raises(Lost) { rack(app, "/") }
  end

  def test_a_malformed_query_is_a_bad_request
    app = sinatra { get("/") { "" } }
    assert_equal 400, ask(app, "/?a=1&a[b]=2").status
  end

  def test_development_shows_where_it_was_raised
    app = sinatra do
      set :environment, :development
      get("/") { raise Lost, "<here>" }
    end
    answer = rack(app, "/?q=%3Cb%3E", headers: { "accept" => "text/html" })
    assert_equal 500, answer.status
    assert_includes answer.body, "Lost"
    assert_includes answer.body, "&lt;here&gt;"
    capture_io { assert_includes Sabir::TestClient.new(app).get("/", headers: { "accept" => "text/html" }).body, "&lt;here&gt;" }
    assert_includes answer.body, File.basename(__FILE__)
    refute_includes answer.body, "<b>"
  end

  def test_development_shows_the_route_that_is_missing
    answer = rack(sinatra { set :environment, :development }, "/%3Cx%3E/y")
    assert_equal 404, answer.status
    assert_includes CGI.unescapeHTML(answer.body), "get '/%3Cx%3E/y' do"
  end
end
