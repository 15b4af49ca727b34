# frozen_string_literal: true

require "sinatra_helper"
require "socket"

# Applications that the runtime calls without an environment of Rack.
class SinatraDirectTest < Minitest::Test
  include SinatraHelper

  def test_variables_belong_to_the_application
    app = sinatra do
      before { @plan = @text = @type = @path = @content = @caller = "mine" }
      get("/:name") { |name| [name, @plan, @text, @type, @path, @content, @caller].join(" ") }
    end
    assert_equal "ann mine mine mine mine mine mine", ask(app, "/ann").body
  end

  def test_variables_of_what_nobody_has_asked_for_are_empty
    app = sinatra { get("/") { [@response, response.status, @response.class].inspect } }
    assert_equal "[nil, 200, Sabir::Sinatra::Response]", ask(app, "/").body
  end

  def test_media_types_are_those_under_rack
    app = sinatra do
      get("/json") { json(a: 1) }
      get("/passed") { content_type(:json) && pass }
      get("/passed") { "plain" }
      get("/later") { content_type(:json) && response["x-a"] = "{}" }
      get("/kept") { content_type }
      before("/kept") { content_type :json }
    end
    { "/json" => "application/json", "/passed" => "text/html;charset=utf-8", "/later" => "application/json", "/kept" => "application/json" }.each do |path, type|
      assert_equal [type, type], [ask(app, path), rack(app, path)].map { |answer| answer.headers["Content-Type"] }, path
    end
  end

  def test_the_environment_is_there_for_those_who_ask
    app = sinatra do
      get("/:name") { [env["PATH_INFO"], env["QUERY_STRING"], env["sinatra.route"], request.path, env.equal?(request.env)].inspect }
    end
    assert_equal '["/ann", "a=1", "GET /:name", "/ann", true]', ask(app, "/ann?a=1").body
  end

  def test_filters_may_lead_to_another_route
    app = sinatra do
      before("/old/*") { request.path_info = "/new" }
      before { env["REQUEST_METHOD"] = "DELETE" if params[:delete] }
      get("/new") { "new" }
      delete("/new") { "deleted" }
    end
    assert_equal %w[new deleted], [ask(app, "/old/x").body, ask(app, "/new?delete=1").body]
  end

  def test_classes_may_answer_calls_in_their_own_way
    app = sinatra { get("/") { "inner" } }
    app.define_method(:call) { |env| super(env).tap { |_, headers,| headers["x-called"] = env["PATH_INFO"] } }
    assert_equal "/", ask(app, "/").headers["x-called"]
  end

  def test_content_is_read_while_it_arrives
    app = sinatra { post("/") { "#{params[:name]} #{request.body.read.bytesize}" } }
    assert_equal "ann 400009", ask(app, "/", method: "POST", headers: form, body: "name=ann&#{"x" * 400_000}").body
  end

  def test_connections_are_taken_over
    app = sinatra { get("/") { env["rack.hijack"].call.tap { |io| io << "taken" }.close } }
    native = app.native_app
    TCPSocket.open(*native.listen(port: 0).split(":")) do |socket|
      socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
      assert_equal "taken", socket.read
    end
  ensure
    native.stop
  end

  def test_callbacks_of_an_environment_are_told_of_the_end
    told = Queue.new
    app = sinatra do
      get("/") { (env["rack.response_finished"] << ->(env, status, _, error) { told << [env["PATH_INFO"], status, error] }) && "ok" }
    end
    assert_equal "ok", Sabir::TestClient.new(app).get("/").body
    assert_equal ["/", 200, nil], Timeout.timeout(5) { told.pop }
  end
end
