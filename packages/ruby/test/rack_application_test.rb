# frozen_string_literal: true

require "test_helper"
require "rack"
require "rack/lint"
require "rack/mock"
require "rack/test"

# An application with contracts, as one of Rack.
class RackApplicationTest < Minitest::Test
  include Rack::Test::Methods

  def app
    @app ||= app_with do
      get("/users/{id:int}", query: { limit: { type: :integer, default: 10 } }) { |id:, limit:| { id:, limit: } }
      post("/orders", body: { type: :object, required: ["sku"] }, status: 201) { |body:| body }
      get("/stream") { Enumerator.new { |out| 3.times { |n| out << n.to_s } } }
      get("/cookies") { |request:| Sabir::Response.new(request.cookies).set_cookie("a", "1").set_cookie("b", "2") }
      get("/where") { |request:| "#{request.url} #{request.headers["x-a"]}" }
    end
  end

  def test_rack_test_works
    get "/users/7", limit: 3
    assert_equal [200, '{"id":7,"limit":3}'], [last_response.status, last_response.body]
    get "/users/7?limit=x"
    assert_equal 422, last_response.status
    post "/orders", '{"sku":"a"}', "CONTENT_TYPE" => "application/json"
    assert_equal [201, "application/json"], [last_response.status, last_response.content_type]
    get "/stream"
    assert_equal "012", last_response.body
    get "/cookies"
    get "/cookies"
    assert_equal '{"a":"1","b":"2"}', last_response.body
    header "X-A", "b"
    get "/where"
    assert_equal "http://example.org/where b", last_response.body
    head "/users/7"
    assert_equal [200, ""], [last_response.status, last_response.body]
    get "/none"
    assert_equal 404, last_response.status
  end

  def test_lint_has_nothing_to_say
    request = Rack::MockRequest.new(Rack::Lint.new(app))
    assert_equal 200, request.get("/users/1").status
    assert_equal 201, request.post("/orders", input: '{"sku":"a"}', "CONTENT_TYPE" => "application/json").status
    assert_equal "012", request.get("/stream").body
    assert_equal 404, request.get("/none").status
    assert_equal 200, request.head("/users/1").status
  end

  def test_is_mounted_in_another
    outer = Rack::Builder.new
    inner = app_with { get("/api/hello") { "hello" } }
    outer.map("/api") { run inner }
    assert_equal "hello", Rack::MockRequest.new(outer).get("/api/hello").body
  end
end
