# frozen_string_literal: true

require "sinatra_helper"

class SinatraFiltersTest < Minitest::Test
  include SinatraHelper

  def test_before_runs_first_and_after_last
    app = sinatra do
      before { headers["x-order"] = "before" }
      after { headers["x-order"] += " after #{status}" }
      get("/") { headers["x-order"] += " route" and 201 }
    end
    assert_equal "before route after 201", ask(app, "/").headers["x-order"]
  end

  def test_filters_may_have_patterns_and_conditions
    app = sinatra do
      before("/users/:id") { |id| @id = "#{id}#{params[:id]}" }
      before(agent: /bot/) { halt 403 }
      get("/users/:name") { "#{@id} #{params[:id].inspect} #{params[:name]}" }
      get("/") { @id.inspect }
    end
    assert_equal "77 nil 7", ask(app, "/users/7").body
    assert_equal "nil", ask(app, "/").body
    assert_equal 403, ask(app, "/", headers: { "user-agent" => "a bot" }).status
  end

  def test_filters_run_where_there_is_no_route
    app = sinatra { before { halt 401, "who?" } }
    assert_equal [401, "who?"], ask(app, "/nowhere").then { |answer| [answer.status, answer.body] }
  end

  def test_before_may_change_the_path
    app = sinatra do
      before { request.path_info = "/b" }
      get("/b") { "b" }
    end
    assert_equal "b", ask(app, "/a").body
  end

  def test_after_may_change_the_answer
    app = sinatra do
      after { body response.body.map(&:upcase) }
      get("/") { "text" }
    end
    assert_equal "TEXT", ask(app, "/").body
  end
end
