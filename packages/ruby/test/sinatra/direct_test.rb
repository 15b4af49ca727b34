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

  def test_variables_are_there_for_those_who_name_them
    asked = "[@env, @request, @response].none?(&:nil?).to_s"
    helper = Module.new { module_eval("def told = #{asked}") }
    apps = [
      sinatra { get("/") { [1].map { [@env, @request, @response].none?(&:nil?).to_s } } },
      sinatra { helpers(helper) && get("/") { told } },
      sinatra { before { @seen = @env["PATH_INFO"] } && get("/") { (@seen == "/").to_s } },
      sinatra { get("/") { erb("<%= #{asked} %>") } },
      sinatra(sinatra { helpers { class_eval("def told = #{asked}") } }) { get("/") { told } },
    ]
    assert_equal ["true"] * apps.size, apps.map { |app| ask(app, "/").body }
    assert_equal "nil", sinatra.new!.erb("<%= [@env, @request].compact.first.inspect %>")
  end

  def test_nothing_is_made_where_nobody_names_it
    app = sinatra { get("/") { instance_variables.select { |name| instance_variable_get(name) }.join(" ") } }
    assert_empty %w[@env @request @response] & Sabir::TestClient.new(app).get("/").body.split
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
      tell = ->(env, status, _, error) { told << [env["PATH_INFO"], status, error] }
      get("/") { (env["rack.response_finished"] << tell) && "ok" }
      get("/chunks") { [200, {}, Enumerator.new { |out| (env["rack.response_finished"] << tell) && out << "ok" }] }
      get("/stream") { stream { |out| (env["rack.response_finished"] << tell) && out << "ok" } }
    end
    %w[/ /chunks /stream].each do |path|
      assert_equal "ok", Sabir::TestClient.new(app).get(path).body
      assert_equal [path, 200, nil], Timeout.timeout(5) { told.pop }
    end
  end
end
