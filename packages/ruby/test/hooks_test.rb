# frozen_string_literal: true

require "test_helper"

# Hooks: what they may do, in which order they are called, and what they see of refusals.
class HooksTest < Minitest::Test
  def test_are_called_from_the_outside_to_the_inside_and_back
    order = []
    hook = ->(name) { ->(*) { order << name and nil } }
    router = Sabir::Router.new("/shop", on_request: hook["request of the router"], on_response: hook["response of the router"])
    router.get("/tea", pre_handler: [hook["first of the route"], hook["second of the route"]], on_response: hook["response of the route"]) do
      order << "block"
      "tea"
    end
    app = app_with { mount("/", router) }
    %i[on_response pre_handler pre_validation on_request].each { |kind| app.public_send(kind, hook["#{kind} of the app"]) }
    app.middleware { |_, call_next| order << "in" and call_next.call.tap { order << "out" } }
    assert_equal "tea", Sabir::TestClient.new(app).get("/shop/tea").body
    assert_equal [
      "in", "on_request of the app", "request of the router", "pre_validation of the app", "pre_handler of the app", "first of the route",
      "second of the route", "block", "response of the route", "response of the router", "on_response of the app", "out"
    ], order
  end

  def test_answer_with_a_response_or_a_problem_alone
    client = client_of do
      on_request { |request| Sabir::Response.new("from the hook", status: 203) if request.path == "/hook" }
      on_request { |request| Sabir::Forbidden.new("No.") if request.path == "/problem" }
      on_request { "a text that is no answer" }
      %w[/hook /problem /block].each { |path| get(path) { "from the block" } }
    end
    assert_equal [203, "from the hook"], client.get("/hook").then { |answer| [answer.status, answer.body] }
    assert_equal [403, "No."], client.get("/problem").then { |answer| [answer.status, answer.json["detail"]] }
    assert_equal "from the block", client.get("/block").body
  end

  def test_share_the_state_of_a_request_with_the_block
    client = client_of do
      on_request { |request| request.state[:user] = request.headers["x-user"] }
      get("/with") { |request| request.state[:user] }
      get("/by-name/{id}") { |id:, request:| "#{id} #{request.state[:user]}" }
      get("/without") { "nobody" }
    end
    assert_equal "ada", client.get("/with", headers: { "x-user" => "ada" }).body
    assert_equal "7 eve", client.get("/by-name/7", headers: { "x-user" => "eve" }).body
    assert_equal "nobody", client.get("/without").body
  end

  def test_on_response_changes_every_kind_of_answer
    client = client_of do
      on_response { |_, response| response.headers["x-body"] = response.body.class.name }
      get("/text") { "text" }
      get("/data") { { a: 1 } }
      get("/nothing") { nil }
      get("/rack") { [201, { "x-own" => "yes" }, ["a", "b"]] }
      get("/created", status: 201) { { a: 1 } }
      get("/problem") { raise Sabir::Conflict, "Taken." }
      get("/lines") { [1, 2].each }
      sse("/events") { |events| events << Sabir::Event.new(data: "one") }
    end
    answers = %w[text data nothing rack created problem lines events].to_h { |name| [name, client.get("/#{name}")] }
    assert_equal({ "text" => 200, "data" => 200, "nothing" => 204, "rack" => 201, "created" => 201, "problem" => 409, "lines" => 200, "events" => 200 }, answers.transform_values(&:status))
    assert_equal %w[String Hash NilClass String Hash Sabir::Conflict Enumerator Enumerator], (answers.values.map { |answer| answer.headers["x-body"] })
    assert_equal ["ab", "yes"], [answers["rack"].body, answers["rack"].headers["x-own"]]
    assert_equal "Taken.", answers["problem"].json["detail"]
    assert_equal "1\n2\n", answers["lines"].body
    assert_equal "data: one\n\n", answers["events"].body
  end

  def test_on_response_replaces_an_answer_and_its_status
    client = client_of do
      on_response { |_, response| response.status = 418 if response.body == "tea" }
      on_response { |_, response| Sabir::Response.json({ replaced: response.body.to_s }) if response.body == "coffee" }
      on_response { |_, response| response.status = 410 if response.body.is_a?(Sabir::NotFound) }
      get("/tea") { "tea" }
      get("/coffee") { "coffee" }
      get("/gone") { raise Sabir::NotFound }
    end
    assert_equal 418, client.get("/tea").status
    assert_equal({ "replaced" => "coffee" }, client.get("/coffee").json)
    assert_equal [410, 410], client.get("/gone").then { |answer| [answer.status, answer.json["status"]] }
  end

  def test_the_most_special_hook_for_an_error_answers
    named = ->(name) { ->(_, error) { Sabir::Response.new("#{name}: #{error.message}", status: 409) } }
    router = Sabir::Router.new("/r", on_error: { StandardError => named["router"] })
    router.get("/key") { raise KeyError, "no" }
    client = client_of do
      on_error(with: named["all"])
      on_error(StandardError, with: named["standard"])
      on_error(IndexError, with: named["index"])
      on_error(404, with: named["status"])
      on_error(Sabir::Problem, with: named["problem"])
      get("/key") { raise KeyError, "no" }
      get("/own", on_error: [->(*) { "no answer" }, named["route"]]) { raise KeyError, "no" }
      get("/missing") { raise Sabir::NotFound, "no" }
      get("/conflict") { raise Sabir::Conflict, "no" }
      get("/other") { raise "no" }
      mount("/", router)
    end
    answers = %w[/key /own /missing /conflict /other /r/key].map { |path| client.get(path).body[/\A[^:]+/] }
    assert_equal %w[index route status problem standard router], answers
  end

  def test_what_nobody_answers_is_what_it_is
    app = app_with do
      on_error(KeyError) { nil }
      on_response { |_, response| response.headers["x-seen"] = "yes" }
      get("/key") { {}.fetch(:a) }
      get("/hook", on_response: ->(*) { raise "in the hook" }) { "never" }
    end
    client = Sabir::TestClient.new(app)
    text = logged do
      %w[/key /hook].each do |path|
        answer = client.get(path)
        assert_equal [500, nil], [answer.status, answer.headers["x-seen"]]
      end
    end
    assert_match(/KeyError/, text)
    assert_match(/in the hook/, text)
  end

  def test_middleware_sees_problems_as_responses_and_errors_as_exceptions
    seen = []
    app = app_with do
      middleware do |_, call_next|
        response = call_next.call
        seen << response.status
        response.headers["x-mw"] = "yes"
        response
      rescue KeyError => error
        seen << error.class
        Sabir::Response.new("rescued", status: 400)
      end
      get("/fine") { "fine" }
      get("/problem") { raise Sabir::Conflict, "no" }
      get("/key") { raise KeyError, "no" }
    end
    client = Sabir::TestClient.new(app)
    assert_equal [[200, "yes"], [409, "yes"], [400, nil]], (%w[/fine /problem /key].map { |path| client.get(path).then { |answer| [answer.status, answer.headers["x-mw"]] } })
    assert_equal [200, 409, KeyError], seen
  end

  def test_middleware_goes_on_once_or_not_at_all
    app = app_with do
      get("/twice", middleware: ->(_, call_next) { call_next.call && call_next.call }) { "once" }
      get("/never", middleware: ->(_, _) { { from: "middleware" } }) { raise "never called" }
    end
    client = Sabir::TestClient.new(app)
    assert_equal({ "from" => "middleware" }, client.get("/never").json)
    assert_match(/call_next was called twice/, logged { assert_equal 500, client.get("/twice").status })
  end

  def test_refusals_reach_ruby_where_they_are_asked_for
    plain = app_with { get("/items/{id}", params: { id: Integer }) { |id:| id.to_s } }
    asked = app_with do
      on_error(404) { |request, problem| Sabir::Response.json({ nothing: request.path, was: problem.class.name }, status: 404) }
      on_error(Sabir::ValidationFailed) { |_, problem| Sabir::Response.json({ wrong: problem.errors.map { |error| error["in"] } }, status: 400) }
      get("/items/{id}", params: { id: Integer }) { |id:| id.to_s }
    end
    [[plain, 0], [asked, 2]].each do |app, calls|
      client = Sabir::TestClient.new(app)
      answers = [client.get("/nowhere"), client.get("/items/x")]
      assert_equal calls, app.handler_calls
      next if calls.zero?

      assert_equal({ "nothing" => "/nowhere", "was" => "Sabir::NotFound" }, answers[0].json)
      assert_equal [400, { "wrong" => ["path"] }], [answers[1].status, answers[1].json]
      assert_equal 405, client.delete("/items/1").status
    end
  end

  def test_a_refusal_that_nobody_answers_is_as_it_was
    body = ->(app) { Sabir::TestClient.new(app).get("/items/x?limit=y").json.except("request_id") }
    route = ->(app) { app.get("/items/{id}", params: { id: Integer }, query: { limit: Integer }) { "never" } }
    seen = []
    with = app_with do
      on_response { |_, response| seen << response.status }
    end
    assert_equal body[route[app_with { nil }]], body[route[with]]
    assert_equal [422], seen
  end

  def test_a_hook_answers_before_a_refusal
    client = client_of do
      get("/items/{id}", params: { id: Integer }, on_request: ->(_) { Sabir::Unauthorized.new("Who?") }) { "never" }
    end
    assert_equal 401, client.get("/items/x").status
  end

  def test_sockets_are_refused_before_they_are_open
    seen = []
    client = client_of do
      on_response { |_, response| seen << response.status }
      on_error(KeyError) { Sabir::Response.new("no key", status: 400) }
      pre_handler do |request|
        request.state[:user] = request.headers["x-user"] or next Sabir::Unauthorized.new("Who?")
        {}.fetch(:a) if request.headers["x-user"] == "key"
      end
      websocket("/chat") { |ws, request| ws.on_open { ws.text(request.state[:user]) } }
    end
    assert_equal 401, client.websocket("/chat").status
    assert_equal [400, "no key"], client.websocket("/chat", headers: { "x-user" => "key" }).then { |answer| [answer.status, answer.body] }
    assert_equal [401, 400], seen
    assert_equal "ada", client.websocket("/chat", headers: { "x-user" => "ada" }, &:message)
  end

  def test_mistakes_are_told_at_start
    app = app_with { get("/") { "" } }
    wrong = {
      "it is missing" => -> { app.on_request },
      "has no method call" => -> { app.get("/a", pre_handler: :check) { "" } },
      "cannot be called with request and response" => -> { app.on_response(->(request) {}) },
      "is no class of exceptions" => -> { app.on_error("404") { nil } },
    }
    wrong.each { |problem, call| assert_includes assert_raises(Sabir::SetupError, &call).message, problem }
    router = Sabir::Router.new.get("/late") { "" }
    app.mount("/", router)
    Sabir::TestClient.new(app).get("/")
    assert_includes assert_raises(Sabir::SetupError) { app.on_request { nil } }.message, "has taken its first request"
    assert_includes assert_raises(Sabir::SetupError) { router.on_request { nil } }.message, "has taken its first request"
  end

  def test_hold_on_a_socket_of_the_system
    code = <<~RUBY
      app = Sabir::App.new
      app.get("/") { |request| request.state[:greeting] }
      app.on_request { |request| request.state[:greeting] = "hello" }
      app.on_response { |_, response| response.headers["x-seen"] = response.status }
    RUBY
    serving(code) do |port,|
      answer = get(port, "/")
      assert_equal ["hello", "200"], [answer.body, answer["x-seen"]]
      assert_equal "404", get(port, "/nowhere")["x-seen"]
    end
  end
end
