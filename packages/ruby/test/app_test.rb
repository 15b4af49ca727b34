# frozen_string_literal: true

require "test_helper"

class AppTest < Minitest::Test
  def test_answers_with_what_a_block_returns
    client = client_of do
      get("/text") { "Grüße" }
      get("/bytes") { "\x00\xFF".b }
      get("/object") { { "a" => 1, b: [nil, true, 2.5, "\u2028\"", :symbol] } }
      get("/array") { [1, { "a" => {} }] }
      get("/nothing") { nil }
      get("/rack") { [201, { "X-A" => "1", "set-cookie" => %w[a=1 b=2] }, ["one", "two"]] }
      get("/latin") { "Grüße".encode("ISO-8859-1") }
    end
    assert_equal ["text/plain; charset=utf-8", "Grüße"], [client.get("/text").headers["content-type"], client.get("/text").body]
    assert_equal ["application/octet-stream", "\x00\xFF".b], [client.get("/bytes").headers["content-type"], client.get("/bytes").body]
    assert_equal '{"a":1,"b":[null,true,2.5,"' + "\u2028" + '\"","symbol"]}', client.get("/object").body
    assert_equal [1, { "a" => {} }], client.get("/array").json
    assert_equal [204, ""], [client.get("/nothing").status, client.get("/nothing").body]
    rack = client.get("/rack")
    assert_equal [201, "1", %w[a=1 b=2], "onetwo"], [rack.status, rack.headers["x-a"], rack.headers.get_all("Set-Cookie"), rack.body]
    assert_equal "Grüße", client.get("/latin").body
  end

  def test_decodes_arguments_for_the_names_of_the_block
    client = client_of do
      get("/users/{id:int}", query: { limit: { type: :integer, maximum: 100, default: 10 }, tags?: [String] }) do |id:, limit:, tags: []|
        { id:, limit:, tags: }
      end
      get("/positions/{id:int}") { |id| { id: } }
      get("/rest/{id:int}", query: { name: String }) { |**rest| rest }
      get("/days/{day:date}", headers: { x_token: String }, cookies: { session?: String }) do |day:, x_token:, session: "none"|
        [day.class.name, day.to_s, x_token, session]
      end
    end
    assert_equal({ "id" => 7, "limit" => 10, "tags" => [] }, client.get("/users/7").json)
    assert_equal({ "id" => 7, "limit" => 3, "tags" => %w[a b] }, client.get("/users/7?limit=3&tags=a&tags=b").json)
    assert_equal({ "id" => 7 }, client.get("/positions/7").json)
    assert_equal({ "id" => 7, "name" => "a" }, client.get("/rest/7?name=a").json)
    answer = client.get("/days/2026-11-30", headers: { "X-Token" => "t" }, cookies: { session: "s" })
    assert_equal ["Date", "2026-11-30", "t", "s"], answer.json
    assert_equal "none", client.get("/days/2026-11-30", headers: { "X-Token" => "t" }).json.last
  end

  def test_refuses_bad_input_before_a_block_is_called
    app = app_with { get("/users/{id:int}", query: { limit: { type: :integer, maximum: 100 } }) { |limit:| limit.to_s } }
    client = Sabir::TestClient.new(app)
    answer = client.get("/users/1?limit=101")
    assert_equal [422, "application/problem+json"], [answer.status, answer.headers["content-type"]]
    assert_equal({ "in" => "query", "name" => "limit", "keyword" => "maximum" }, answer.json["errors"].first.except("detail"))
    assert_equal 422, client.get("/users/1").status
    assert_equal 404, client.get("/users/x?limit=1").status
    assert_equal 0, app.handler_calls
    assert_equal "100", client.get("/users/1?limit=100").body
    assert_equal 1, app.handler_calls
  end

  def test_takes_structs_and_schemas_as_bodies
    line = Sabir::Schema.struct(sku: { type: :string, pattern: "^[A-Z]+$" }, quantity: { type: :integer, minimum: 1 })
    order = Sabir::Schema.struct(id: Integer, lines: [line], due?: Date)
    point = Struct.new(:x, :y)
    client = client_of do
      post("/orders", body: order, status: 201) { |body:| { items: body.lines.sum(&:quantity), due: body.due, order: body } }
      post("/points", body: point) { |body:| [body.class == point, body.x, body.y] }
      post("/plain", body: { type: "object", properties: { a: { type: "integer" } }, required: [:a] }) { |body:| body }
    end
    answer = client.post("/orders", json: { id: 1, lines: [{ sku: "A", quantity: 2 }, { sku: "B", quantity: 3 }], due: "2026-12-01" })
    assert_equal 201, answer.status
    assert_equal [5, "2026-12-01", "A"], [answer.json["items"], answer.json["due"], answer.json["order"]["lines"][0]["sku"]]
    assert_equal 422, client.post("/orders", json: { id: 1, lines: [{ sku: "a", quantity: 0 }] }).status
    assert_equal [true, 1, 2], client.post("/points", json: { x: 1, y: 2 }).json
    assert_equal({ "a" => 12_345_678_901_234_567_890 }, client.post("/plain", json: { a: 12_345_678_901_234_567_890 }).json)
    assert_equal 415, client.post("/plain", body: "a", headers: { "content-type" => "text/plain" }).status
  end

  def test_takes_forms_and_files
    client = client_of do
      post("/form", form: { name: String, age: { type: :integer, minimum: 1 }, note?: String }) { |name:, age:, note: "-"| [name, age, note] }
      post("/upload", form: { file: Sabir::UploadFile }) { |file:| [file.filename, file.content_type, file.size, file.read] }
    end
    assert_equal ["Löwe", 7, "-"], client.post("/form", form: { name: "Löwe", age: 7 }).json
    assert_equal 422, client.post("/form", form: { name: "a", age: 0 }).status
    body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\ncontent-type: text/plain\r\n\r\nhi\r\n--b--\r\n"
    answer = client.post("/upload", body:, headers: { "content-type" => "multipart/form-data; boundary=b" })
    assert_equal ["a.txt", "text/plain", 2, "hi"], answer.json
  end

  def test_refuses_routes_that_do_not_fit
    app = app_with { get("/a/{id}", operation_id: "a") { |id:| id } }
    mistakes = {
      "the block takes nope" => -> { app.get("/b") { |nope:| nope } },
      "there is no such option" => -> { app.get("/b", limit: 1) { "" } },
      "it is missing" => -> { app.get("/b") },
      "is no schema" => -> { app.get("/b", query: { a: 1 }) { "" } },
      "the path has no variable b" => -> { app.get("/b/{a}", params: { b: String }) { "" } },
      "another" => -> { app.get("/a/{other}") { "" } },
    }
    mistakes.each do |problem, add|
      error = assert_raises(Sabir::SetupError, problem, &add)
      assert_match(/\AGET /, error.message)
      assert_includes error.message, problem unless problem == "another"
    end
    assert_equal [%w[GET /a/{id}]], app.routes
    assert_equal "/a/x%2Fy", app.url_for(:a, id: "x/y")
    assert_raises(Sabir::SetupError) { Sabir::App.new(no_such_setting: 1) }
    assert_raises(Sabir::SetupError) { Sabir::App.new(body_limit: "x") }
    Sabir::TestClient.new(app).get("/a/1")
    assert_match(/has started/, assert_raises(Sabir::SetupError) { app.get("/late") { "" } }.message)
  end

  def test_matches_variables_in_the_way_of_sinatra
    assert_equal "hi, ann!", client_of { get("/hi/:name") { |name:| "hi, #{name}!" } }.get("/hi/ann").body
  end

  def test_shows_the_request
    client = client_of do
      post("/a b", request_body: { content: { "text/plain" => {} } }) do |request:|
        [request.request_method, request.path, request.query, request.headers["X-TWO"], request.headers.get_all("x-two"),
         request.cookies["c"], request.body, request.host, request.url, request.id.empty?]
      end
    end
    answer = client.post("/a%20b?x=1&x=%C3%A9", body: "text", headers: { "X-Two" => "2", "content-type" => "text/plain" }, cookies: { c: 3 })
    expected = ["POST", "/a%20b", [%w[x 1], %w[x é]], "2", ["2"], "3", "text", "sabir.test",
                "http://sabir.test/a%20b?x=1&x=%C3%A9", false]
    assert_equal expected, answer.json
  end

  def test_answers_with_responses
    client = client_of do
      get("/json") { Sabir::Response.new({ a: 1 }, status: 202, headers: { "X-A" => 1 }).set_cookie(:c, "a b", http_only: true, same_site: :lax) }
      get("/file") { Sabir::Response.file(__FILE__, media_type: "text/plain") }
      get("/away") { Sabir::Response.redirect("/löwe") }
      get("/csv", media_type: "text/csv") { "a,b" }
    end
    answer = client.get("/json")
    assert_equal [202, "1", { "a" => 1 }], [answer.status, answer.headers["x-a"], answer.json]
    assert_equal "c=a%20b; Path=/; HttpOnly; SameSite=Lax", answer.headers["set-cookie"]
    assert_equal [200, File.read(__FILE__)], [client.get("/file").status, client.get("/file").body]
    assert_equal [302, "/l%C3%B6we"], [client.get("/away").status, client.get("/away").headers["location"]]
    assert_equal "text/csv", client.get("/csv").headers["content-type"]
  end

  def test_answers_with_the_problem_that_is_raised
    client = client_of do
      get("/gone") { raise Sabir::NotFound, "No such user." }
      get("/returned") { Sabir::Problem.new("Taken.", status: 409, extensions: { name: "ann" }) }
      get("/late") { raise Sabir::TooManyRequests.new("Later.", retry_after: 3) }
    end
    answer = client.get("/gone")
    assert_equal [404, "application/problem+json"], [answer.status, answer.headers["content-type"]]
    assert_equal ["No such user.", "urn:sabir:problem:not-found"], answer.json.values_at("detail", "type")
    assert_equal [409, "ann"], client.get("/returned").json.values_at("status", "name")
    assert_equal "3", client.get("/late").headers["retry-after"]
  end

  def test_logs_unexpected_exceptions_and_hides_them
    log = logged do
      client = client_of { get("/") { raise "the secret" } }
      answer = client.get("/")
      assert_equal 500, answer.status
      refute_includes answer.body, "secret"
      shown = client_of(debug: true) { get("/") { raise "the secret" } }
      assert_includes shown.get("/").json["detail"], "the secret"
    end
    assert_match(%r{GET / failed \(request .*\)\n.*app_test.rb.*the secret}, log)
  end

  def test_cannot_send_what_json_does_not_have
    log = logged do
      client = client_of do
        get("/object") { { a: Object.new } }
        get("/number") { [Float::NAN] }
        get("/text") { ["\xFF"] }
        get("/deep") { 600.times.inject([]) { |inner, _| [inner] } }
        get("/nested") { 500.times.inject([]) { |inner, _| { inner: } } }
      end
      %w[/object /number /text /deep].each { |path| assert_equal 500, client.get(path).status, path }
      assert_equal 200, client.get("/nested").status
    end
    assert_match(/class Object cannot be sent as JSON.*NaN is not a JSON number.*not UTF-8.*512 levels deep/m, log)
  end

  def test_knows_the_settings_and_problems_of_the_runtime
    assert_equal Sabir::Native.settings.map(&:first), Sabir::SETTINGS.keys.map(&:to_s)
    assert_equal 422, Sabir::ValidationFailed::STATUS
  end
end
