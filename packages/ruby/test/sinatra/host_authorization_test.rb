# frozen_string_literal: true

require "sinatra_helper"

class SinatraHostAuthorizationTest < Minitest::Test
  include SinatraHelper

  def test_every_host_is_permitted_unless_some_are_named
    app = sinatra { get("/") { "ok" } }
    assert_equal 200, asked(app, "anything.example")
    app = sinatra do
      set :host_authorization, permitted_hosts: []
      set :environment, :development
      get("/") { "ok" }
    end
    assert_equal 200, asked(app, "anything.example")
    app.disable(:host_authorization)
    app.set(:environment, :production)
    assert_equal 200, asked(app, "anything.example")
  end

  def test_other_hosts_are_refused
    app = sinatra do
      set :host_authorization, permitted_hosts: ["shop.example", ".sabir.test", IPAddr.new("10.0.0.0/8"), IPAddr.new("::1")]
      get("/") { "ok" }
    end
    permitted = %w[shop.example SHOP.example:8080 sabir.test a.sabir.test a.b.sabir.test:80 10.1.2.3 10.1.2.3:80 [::1] [::1]:80]
    refused = %w[www.shop.example shop.example.evil shopxexample .sabir.test evilsabir.test 11.0.0.1 10.1.2.300 10.evil [::2] evil]
    assert_equal([200] * permitted.size, permitted.map { |host| asked(app, host) })
    assert_equal([403] * refused.size, refused.map { |host| asked(app, host) })
    answer = refusal(app, "evil.example")
    assert_equal ["Host not permitted", "text/plain"], [answer.body, answer.headers["content-type"]]
    assert_equal "nosniff", answer.headers["x-content-type-options"]
  end

  def test_what_a_proxy_says_has_to_be_permitted_too
    app = sinatra do
      set :host_authorization, permitted_hosts: %w[shop.example other.example]
      get("/") { "ok" }
    end
    assert_equal 200, asked(app, "shop.example", "x-forwarded-host" => "other.example:443")
    assert_equal 403, asked(app, "shop.example", "x-forwarded-host" => "evil.example")
    assert_equal 403, asked(app, "evil.example", "x-forwarded-host" => "shop.example")
  end

  def test_local_names_and_addresses_are_permitted_while_one_develops
    app = sinatra do
      set :environment, :development
      get("/") { "ok" }
    end
    %w[localhost localhost:3000 foo.localhost foo.test 127.0.0.1:4567 [::1]:4567].each { |host| assert_equal 200, asked(app, host), host }
    assert_equal 403, asked(app, "shop.example")
  end

  def test_the_answer_and_exceptions_are_the_applications
    app = sinatra do
      set :host_authorization, "permitted_hosts" => %w[shop.example], status: 418, message: "No coffee.", allow_if: ->(env) { env["PATH_INFO"] == "/open" }
      get("/") { "ok" }
      get("/open") { "open" }
    end
    answer = refusal(app, "evil.example")
    assert_equal [418, "No coffee."], [answer.status, answer.body]
    assert_equal "open", ask(app, "/open", headers: { "host" => "evil.example" }).body
  end

  def test_routes_of_the_runtime_are_protected
    app = sinatra do
      set :host_authorization, permitted_hosts: %w[shop.example]
      get("/items/{id}", params: { id: Integer }) { |id:| id.to_s }
      sse("/ticks") { [1].each }
      websocket("/socket") { |ws| ws.on_open { ws.text("open") } }
    end
    logged_errors do
      client = Sabir::TestClient.new(app)
      { "shop.example" => 200, "evil.example" => 403 }.each do |host, status|
        %w[/items/1 /ticks].each { |path| assert_equal status, client.get(path, headers: { "host" => host }).status, "#{host} #{path}" }
      end
      assert_equal("open", client.websocket("/socket", headers: { "host" => "shop.example" }, &:message))
      closed = client.websocket("/socket", headers: { "host" => "evil.example" }) { |socket| socket.receive.data }
      assert_equal [1008, "The host is not permitted."], closed
    end
  end

  def test_applications_with_other_middleware_are_protected
    app = sinatra do
      enable :sessions
      set :host_authorization, permitted_hosts: %w[shop.example]
      get("/") { "ok" }
    end
    assert_equal 200, asked(app, "shop.example")
    assert_equal 403, asked(app, "evil.example")
  end

  def test_options_that_nobody_knows_are_refused
    { { permitted: %w[b] } => "permitted", { permitted_hosts: [/a/] } => "/a/" }.each do |options, reason|
      app = sinatra do
        set :host_authorization, options
        get("/") { "ok" }
      end
      assert_includes assert_raises(ArgumentError) { rack(app, "/") }.message, reason
    end
  end

  private

  def asked(app, host, headers = {})
    logged_errors { ask(app, "/", headers: { "host" => host, **headers }) }.status
  end

  def refusal(app, host)
    logged_errors { ask(app, "/", headers: { "host" => host }) }
  end

  # What is written to standard error is not shown.
  def logged_errors
    result = nil
    capture_io { result = yield }
    result
  end
end
