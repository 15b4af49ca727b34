# frozen_string_literal: true

require "test_helper"

class RouterTest < Minitest::Test
  def test_routes_are_mounted_below_a_prefix
    orders = Sabir::Router.new("/orders")
    orders.get("/") { "all" }
    orders.get("/{id:int}") { |id:| id.to_s }
    orders.websocket("/{id}/news") { |ws, id:| ws.on_open { ws.text(id) } }
    orders.sse("/ticks") { [1].each }
    app = app_with { mount("/api", orders) }
    orders.get("/late") { "no" }
    client = Sabir::TestClient.new(app)
    assert_equal %w[all 7], [client.get("/api/orders").body, client.get("/api/orders/7").body]
    assert_equal("a", client.websocket("/api/orders/a/news", &:message))
    assert_equal "data: 1\n\n", client.get("/api/orders/ticks").body
    assert_equal 404, client.get("/api/orders/late").status
  end

  def test_routes_share_what_their_router_says
    router = Sabir::Router.new(tags: ["shop"], body_limit: 3)
    router.post("/small", body: String) { "fits" }
    router.post("/large", body: String, body_limit: 100) { "fits" }
    client = client_of { mount("/", router) }
    assert_equal [413, 200], %w[/small /large].map { |path| client.post(path, json: "text").status }
  end

  def test_mistakes_are_told_where_they_are
    assert_raises(Sabir::SetupError) { Sabir::Router.new("orders") }
    assert_raises(Sabir::SetupError) { Sabir::Router.new.get("orders") { nil } }
    assert_raises(Sabir::SetupError) { Sabir::Router.new.get("/orders", quarry: {}) { nil } }
    assert_raises(Sabir::SetupError) { Sabir::App.new.mount("api", Sabir::Router.new) }
  end

  def test_applications_can_be_mounted_and_mount_themselves
    inner = app_with { get("/hi") { "hi" } }
    client = client_of { mount("/inner", inner).mount("/again", self) }
    assert_equal %w[hi hi], %w[/inner/hi /again/inner/hi].map { |path| client.get(path).body }
  end

  def test_answers_are_negotiated
    client = client_of do
      get("/", produces: %w[application/json text/csv], returns: [Integer]) do |request:|
        request.accepts == "text/csv" ? Sabir::Response.new("1,2", media_type: "text/csv") : [1, 2]
      end
    end
    assert_equal "1,2", client.get("/", headers: { "accept" => "text/csv" }).body
    assert_equal "[1,2]", client.get("/").body
    assert_equal 406, client.get("/", headers: { "accept" => "image/png" }).status
  end

  def test_arguments_may_have_names_of_their_own
    parameters = [{ name: "id", in: :query, as: :other, schema: Integer }]
    client = client_of do
      get("/{id}", parameters:) { |id:, other: nil| { id:, other: } }
      get("/all/{user-name}", query: { since?: String }) { |**given| given }
    end
    assert_equal({ "id" => "a", "other" => 2 }, client.get("/a?id=2").json)
    assert_equal({ "user_name" => "ann" }, client.get("/all/ann").json)
  end

  def test_content_may_be_absent_or_of_another_type
    client = client_of do
      post("/maybe", body?: Integer) { |body: "none"| body.to_s }
      post("/csv", body: String, consumes: "text/csv") { |body:| body.upcase }
    end
    assert_equal %w[none 3], [client.post("/maybe").body, client.post("/maybe", json: 3).body]
    assert_equal "A,B", client.post("/csv", body: "a,b", headers: { "content-type" => "text/csv" }).body
    assert_equal 415, client.post("/csv", json: "a").status
  end

  def test_files_have_names_under_which_they_are_saved
    file = ->(name) { Sabir::Response.file("a.txt", filename: name).headers["content-disposition"] }
    assert_equal 'attachment; filename="a b.txt"', file.call("a b.txt")
    assert_equal "attachment; filename*=UTF-8''Bericht%20f%C3%BCr%20Ada.pdf", file.call("Bericht für Ada.pdf")
  end
end
