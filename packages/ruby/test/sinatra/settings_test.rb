# frozen_string_literal: true

require "sinatra_helper"

class SinatraSettingsTest < Minitest::Test
  include SinatraHelper

  def test_settings_are_values_or_blocks
    app = sinatra do
      set :a, 1
      set(:b) { a + 1 }
      set c: 3, d: { x: 1 }
      set :d, y: 2
      enable :e
      disable :f
    end
    assert_equal [1, 2, 3, { x: 1, y: 2 }, true, false], [app.a, app.b, app.c, app.d, app.e?, app.f?]
    assert_raises(ArgumentError) { app.set(:g, 1) { 2 } }
  end

  def test_settings_are_inherited_and_seen_by_instances
    base = sinatra { set :a, 1 }
    app = sinatra(base) { get("/") { settings.a.to_s } }
    assert_equal "1", ask(app, "/").body
    app.set(:a, 2)
    assert_equal ["2", 1], [ask(app, "/").body, base.a]
  end

  def test_configure_is_for_environments
    seen = []
    app = sinatra
    app.configure { seen << :all }
    app.configure(:production, :test) { seen << :production }
    app.configure(:development) { seen << :development }
    assert_equal %i[all production], seen
  end

  def test_helpers_and_extensions_add_methods
    extension = Module.new do
      def self.registered(app)
        app.set(:registered, true)
      end

      def page(path, text)
        get(path) { "#{text} #{shout}" }
      end
    end
    app = sinatra do
      helpers { def shout = "!" }
      register extension
      page "/", "hi"
    end
    assert_equal "hi !", ask(app, "/").body
    assert app.registered?
  end

  def test_extensions_are_told_of_routes
    told = []
    extension = Module.new
    extension.define_singleton_method(:route_added) { |verb, path, _block| told << [verb, path] }
    sinatra do
      register extension
      get("/a") { "" }
    end
    assert_equal [%w[GET /a], %w[HEAD /a]], told
  end

  def test_the_runtime_has_its_settings_from_the_class
    app = sinatra do
      set :body_limit, 4
      post("/") { request.body.read }
    end
    client = Sabir::TestClient.new(app)
    assert_equal [200, 413], [client.post("/", body: "abcd").status, client.post("/", body: "abcde").status]
  end
end
