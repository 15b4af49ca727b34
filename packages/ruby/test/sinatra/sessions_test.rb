# frozen_string_literal: true

require "sinatra_helper"

class SinatraSessionsTest < Minitest::Test
  include SinatraHelper

  SECRET = "s" * 64

  def app(**options)
    sinatra do
      set :sessions, options.empty? || options
      set :session_secret, SECRET
      get("/set/:value") { session[:value] = params[:value] }
      get("/get") { session["value"].inspect }
      get("/clear") { session.clear && "" }
      get("/untouched") { "" }
    end
  end

  def cookie(answer)
    answer.headers["set-cookie"]
  end

  def with(cookie)
    { "cookie" => cookie[/\A[^;]+/] }
  end

  def test_values_come_back_with_the_cookie
    client = Sabir::TestClient.new(app)
    set = cookie(client.get("/set/secret"))
    assert_match(/HttpOnly/i, set)
    assert_match(/SameSite=Lax/i, set)
    assert_equal '"secret"', client.get("/get", headers: with(set)).body
    assert_equal "nil", client.get("/get").body
  end

  def test_nobody_else_reads_or_writes_them
    set = cookie(Sabir::TestClient.new(app).get("/set/visible"))
    value = set[/=([^;]+)/, 1]
    refute_includes value.unpack1("m").b, "visible"
    changed = value.sub(/.\z/) { |last| last == "A" ? "B" : "A" }
    [changed, value.swapcase, "", "x", "a" * 200].each do |forged|
      assert_equal "nil", rack(app, "/get", headers: { "cookie" => "rack.session=#{forged}" }).body
    end
  end

  def test_another_secret_reads_nothing
    other = app
    other.set(:session_secret, "t" * 64)
    set = cookie(Sabir::TestClient.new(app).get("/set/1"))
    assert_equal "nil", rack(other, "/get", headers: with(set)).body
  end

  def test_secrets_may_change_while_old_ones_are_read
    renewed = sinatra do
      set :sessions, old_secrets: [SECRET]
      set :session_secret, "t" * 64
      get("/get") { session[:value] }
    end
    set = cookie(Sabir::TestClient.new(app).get("/set/1"))
    assert_equal "1", rack(renewed, "/get", headers: with(set)).body
  end

  def test_a_session_that_is_left_alone_sends_no_cookie
    # The gem rack-protection keeps something in each session.
    app = self.app
    app.disable(:protection)
    assert_nil cookie(Sabir::TestClient.new(app).get("/untouched"))
    assert_nil cookie(Sabir::TestClient.new(app).get("/get"))
  end

  def test_a_session_that_is_cleared_loses_its_cookie
    client = Sabir::TestClient.new(app)
    set = cookie(client.get("/set/1"))
    assert_match(/max-age=0/i, cookie(client.get("/clear", headers: with(set))))
  end

  def test_options_name_the_cookie
    set = cookie(Sabir::TestClient.new(app(key: "mine", secure: true, path: "/x", coder: JSON)).get("/set/1"))
    assert_match(%r{\Amine=.*path=/x.*secure}i, set)
  end

  def test_a_short_secret_is_refused
    weak = sinatra do
      enable :sessions
      set :session_secret, "short"
    end
    assert_raises(ArgumentError) { weak.new }
  end
end
