# frozen_string_literal: true

require "sinatra_helper"

class SinatraContractsTest < Minitest::Test
  include SinatraHelper

  Order = Sabir::Schema.struct(sku: String, quantity: { type: :integer, minimum: 1 })

  def app
    sinatra do
      before { @greeting = "hello" }
      get("/users/me") { "me" }
      get("/users/{id:int}", query: { limit: { type: :integer, maximum: 100, default: 10 } }) { |id:, limit:| { id:, limit:, greeting: @greeting } }
      get("/users/*") { "rest" }
      put("/users/:id") { "put #{params[:id]}" }
      post("/orders", body: Order, status: 201) { |body:| { sku: body.sku, twice: body.quantity * 2 } }
    end
  end

  def test_blocks_take_what_the_contract_declares
    answer = ask(app, "/users/7?limit=5")
    assert_equal ["application/json", { "id" => 7, "limit" => 5, "greeting" => "hello" }], [answer.headers["content-type"], answer.json]
    assert_equal 10, ask(app, "/users/7").json["limit"]
  end

  def test_bad_input_gets_a_problem
    client = Sabir::TestClient.new(app)
    answer = client.get("/users/7?limit=101")
    under_rack = rack(app, "/users/7?limit=101")
    assert_equal [422, 422], [answer.status, under_rack.status]
    without_id = ->(problem) { problem.reject { |name,| name == "request_id" } }
    assert_equal without_id.call(answer.json), without_id.call(JSON.parse(under_rack.body))
    assert_equal "maximum", answer.json["errors"][0]["keyword"]
  end

  def test_a_client_cannot_speak_for_the_runtime
    app = self.app
    answer = rack(app, "/users/7", headers: { "x-sabir-arguments" => "mine" })
    assert_equal [200, 7], [answer.status, JSON.parse(answer.body)["id"]]
    assert_equal 7, Sabir::TestClient.new(app).get("/users/7", headers: { "x-sabir-arguments" => "mine" }).json["id"]
  end

  def test_they_keep_their_place_among_other_routes
    assert_equal %w[me rest], %w[/users/me /users/ann].map { |path| ask(app, path).body }
    assert_equal "put 7", ask(app, "/users/7", method: "PUT").body
  end

  def test_bodies_are_validated
    json = { "content-type" => "application/json" }
    answer = ask(app, "/orders", method: "POST", headers: json, body: '{"sku":"a","quantity":2}')
    assert_equal [201, { "sku" => "a", "twice" => 4 }], [answer.status, answer.json]
    assert_equal 422, Sabir::TestClient.new(app).post("/orders", json: { sku: "a", quantity: 0 }).status
  end

  def test_forms_are_validated
    app = sinatra do
      post("/form", form: { name: String, age: { type: :integer } }) { |name:, age:| { name:, age:, raw: params[:name] } }
      post("/file", form: { file: Sabir::UploadFile }) { |file:| { size: file.read.bytesize } }
      post("/echo", body: {}) { |body:| body }
      post("/sum", body_items: Integer) { |items:| items.sum }
    end
    client = Sabir::TestClient.new(app)
    assert_equal({ "name" => "a b", "age" => 5, "raw" => "a b" }, client.post("/form", form: { name: "a b", age: 5 }).json)
    parts = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--x--\r\n"
    assert_equal({ "size" => 5 }, client.post("/file", body: parts, headers: { "content-type" => "multipart/form-data; boundary=x" }).json)
    assert_equal [3, [1], "x"], ["3", "[1]", '"x"'].map { |body| client.post("/echo", body:, headers: { "content-type" => "application/json" }) }.map { |answer| answer.headers["content-type"] == "application/json" ? answer.json : answer.body }
    app.enable(:raise_errors)
    assert_match(/needs the server of the runtime/, assert_raises(RuntimeError) { rack(app, "/sum", method: "POST", body: "1") }.message)
    assert_equal "6", client.post("/sum", body: "1\n2\n3\n", headers: { "content-type" => "application/jsonl" }).body
  end

  def test_a_condition_of_the_same_name_is_one
    app = sinatra do
      set(:query) { |name| condition { params.key?(name) } }
      get("/", query: "a") { "has it" }
    end
    assert_equal ["has it", 404], [ask(app, "/?a=1").body, ask(app, "/").status]
  end

  def test_sockets_and_events_run_on_instances
    app = sinatra do
      helpers { def shout(text) = text.upcase }
      websocket("/chat/{room}") do |ws, room:|
        on_open { ws.subscribe(room) }
        on_message { |event| publish(room, shout(event.data)) }
      end
      sse("/ticks") { |events| 2.times { |n| events << Sabir::Event.new(data: shout("t#{n}")) } }
    end
    client = Sabir::TestClient.new(app)
    assert_equal "HELLO", client.websocket("/chat/tea") { |socket| [socket.text("hello"), socket.message].last }
    assert_equal "data: T0\n\ndata: T1\n\n", client.get("/ticks").body
  end
end
