# frozen_string_literal: true

require "sinatra_helper"

class SinatraRoutingTest < Minitest::Test
  include SinatraHelper

  def body(app, path, **options)
    ask(app, path, **options).body
  end

  def test_every_verb_has_a_word
    app = sinatra { %w[get post put patch delete options link unlink].each { |verb| __send__(verb, "/") { request.request_method } } }
    %w[GET POST PUT PATCH DELETE OPTIONS LINK UNLINK].each { |verb| assert_equal verb, body(app, "/", method: verb) }
    assert_equal [200, ""], ask(app, "/", method: "HEAD").then { |answer| [answer.status, answer.body] }
  end

  def test_a_wrong_verb_is_not_found
    app = sinatra { get("/") { "" } }
    assert_equal 404, ask(app, "/", method: "POST").status
  end

  def test_names_take_segments
    app = sinatra { get("/:a/:b") { |a, b| "#{a} #{b} #{params[:a]} #{params["b"]}" } }
    assert_equal "x y z x y z", body(app, "/x/y%20z")
    assert_equal 404, ask(app, "/x/y/z").status
  end

  def test_splats_take_slashes
    app = sinatra { get("/*/to/*") { |from, to| [from, to, *params[:splat]].join(" ") } }
    assert_equal "a/b c/d a/b c/d", body(app, "/a/b/to/c/d")
  end

  def test_segments_may_be_optional
    app = sinatra do
      get("/page/?:number?") { params[:number].inspect }
      get("/:name.?:format?") { "#{params[:name]} #{params[:format].inspect}" }
      get("/x/(a|b)") { "either" }
    end
    assert_equal ['"2"', "nil", 'photo "jpg"', "photo nil"], %w[/page/2 /page /photo.jpg /photo].map { |path| body(app, path) }
    assert_equal %w[either either], %w[/x/a /x/b].map { |path| body(app, path) }
  end

  def test_expressions_capture
    app = sinatra do
      get(%r{/n/(\d+)}) { |number| "#{number} #{params[:captures]}" }
      get(%r{/h/(?<digest>\h+)}i) { params[:digest] }
    end
    assert_equal '12 ["12"]', body(app, "/n/12")
    assert_equal "aF", body(app, "/H/aF")
    assert_equal 404, ask(app, "/n/12x").status
  end

  def test_expressions_that_are_not_linear_are_left_to_ruby
    log = logged do
      app = sinatra { get(%r{/(?!admin)(\w+)}) { |name| name } }
      assert_equal "public", body(app, "/public")
      assert_equal 404, ask(app, "/admin").status
    end
    assert_includes log, "cannot be matched in linear time"
  end

  def test_routes_are_tried_in_their_order
    app = sinatra do
      get("/:any") { params[:any] == "b" ? pass : "first" }
      get("/b") { "second" }
      get("/*") { "third" }
    end
    assert_equal %w[first second third], %w[/a /b /b/c].map { |path| body(app, path) }
  end

  def test_pass_may_have_a_block_for_the_end
    app = sinatra { get("/") { pass { "last" } } }
    assert_equal "last", body(app, "/")
  end

  def test_params_of_a_route_that_passes_are_gone
    app = sinatra do
      get("/:name") { pass }
      get("/*") { "#{params.key?(:name)} #{params[:kept]}" }
    end
    assert_equal "false 1", body(app, "/a?kept=1")
  end

  def test_params_are_nested_and_indifferent
    app = sinatra { post("/") { "#{params[:a][:b]} #{params["c"]} #{params[:d].inspect} #{params[:e]}" } }
    answer = body(app, "/?e=query", method: "POST", headers: form, body: "a[b]=1&c[]=2&c[]=3&d")
    assert_equal '1 ["2", "3"] nil query', answer
  end

  def test_characters_match_their_escapes
    app = sinatra { get("/föö bar") { "ok" } }
    assert_equal %w[ok ok], %w[/f%C3%B6%c3%b6+bar /f%C3%B6%C3%B6%20bar].map { |path| body(app, path) }
  end

  def test_a_final_slash_counts_unless_it_is_said_otherwise
    app = sinatra { get("/a") { "ok" } }
    assert_equal 404, ask(app, "/a/").status
    app.set(:strict_paths, false)
    assert_equal "ok", body(app, "/a/")
  end

  def test_conditions_choose_routes
    app = sinatra do
      set(:odd) { |wanted| condition { params[:n].to_i.odd? == wanted } }
      get("/", host_name: "a.test") { "host" }
      get("/", agent: /Mozilla (\d)/) { "agent #{params[:agent]}" }
      get("/n", odd: true) { "odd" }
      get("/n") { "even" }
    end
    assert_equal "host", rack(app, "/", headers: { "host" => "a.test" }).body
    assert_equal 'agent ["5"]', body(app, "/", headers: { "user-agent" => "Mozilla 5" })
    assert_equal %w[odd even], %w[/n?n=1 /n?n=2].map { |path| body(app, path) }
    assert_equal 404, ask(app, "/").status
  end

  def test_provides_negotiates
    app = sinatra { get("/", provides: %i[json html]) { content_type } }
    assert_equal "application/json", body(app, "/", headers: { "accept" => "text/html;q=0.5, application/json" })
    assert_equal "text/html;charset=utf-8", body(app, "/", headers: { "accept" => "text/html" })
    assert_equal 404, ask(app, "/", headers: { "accept" => "image/png" }).status
  end

  def test_routes_and_filters_are_inherited
    base = sinatra do
      before { @seen = ["base"] }
      get("/both") { "base" }
      get("/base") { @seen.join(" ") }
    end
    app = sinatra(base) do
      before { @seen << "own" }
      get("/both") { "own" }
    end
    assert_equal ["own", "base own"], %w[/both /base].map { |path| body(app, path) }
    assert_equal "base", body(base, "/both")
  end

  def test_a_block_has_as_many_arguments_as_the_pattern
    app = sinatra do
      enable :raise_errors
      get("/:a/:b") { |a| a }
    end
    assert_raises(ArgumentError) { rack(app, "/1/2") }
  end

  def test_an_instance_serves_one_request
    app = sinatra { get("/") { @count = (@count || 0) + 1; @count.to_s } }
    assert_equal %w[1 1], Array.new(2) { body(app, "/") }
  end

  def test_call_runs_another_request
    app = sinatra do
      get("/a") { call(env.merge("PATH_INFO" => "/b")) }
      get("/b") { "b" }
    end
    assert_equal "b", body(app, "/a")
  end

  def test_routes_may_be_added_while_it_serves
    app = sinatra { get("/a") { "a" } }
    assert_equal 404, ask(app, "/b").status
    app.get("/b") { "b" }
    assert_equal "b", body(app, "/b")
  end

  def test_refuses_a_pattern_that_cannot_be_read
    assert_raises(TypeError) { sinatra { get(1) { "" } } }
    assert_raises(Sabir::SetupError) { sinatra { get("/(a") { "" } } }
  end

  def test_methods_that_clients_think_up_leave_nothing_behind
    app = sinatra { get("/") { "" } }
    assert_equal [404] * 3, %w[ONE TWO THREE].map { |verb| ask(app, "/", method: verb).status }
    assert_equal [nil], app.plan.__send__(:tables).keys
  end
end
