# frozen_string_literal: true

require "sinatra_helper"

class SinatraMiddlewareTest < Minitest::Test
  include SinatraHelper

  # Adds to a field of the answer.
  Mark = Struct.new(:app, :text) do
    def call(env)
      status, fields, body = app.call(env)
      [status, fields.merge("x-marks" => "#{text}#{fields["x-marks"]}"), body]
    end
  end

  def test_use_puts_middleware_before_the_application
    base = sinatra do
      use Mark, "a"
      get("/") { "" }
    end
    app = sinatra(base) { use Mark, "b" }
    assert_equal "ab", ask(app, "/").headers["x-marks"]
    assert_equal "a", ask(base, "/").headers["x-marks"]
  end

  def test_an_application_is_middleware_of_another
    front = sinatra { get("/front") { "front" } }
    app = sinatra do
      use front
      get("/back") { "back" }
    end
    assert_equal [%w[front back], 404], [%w[/front /back].map { |path| ask(app, path).body }, ask(app, "/x").status]
  end

  def test_forward_asks_the_application_behind
    front = sinatra { get("/x") { headers("x-front" => "1") && forward } }
    app = sinatra do
      use front
      get("/x") { "back" }
    end
    assert_equal ["back", "1"], ask(app, "/x").then { |answer| [answer.body, answer.headers["x-front"]] }
  end

  def test_map_mounts_applications_of_rack
    app = sinatra do
      map("/rack") { run ->(env) { [200, {}, ["#{env["SCRIPT_NAME"]} #{env["PATH_INFO"]}"]] } }
      get("/rackless") { "own" }
    end
    assert_equal ["/rack /a", "/rack ", "own"], %w[/rack/a /rack /rackless].map { |path| ask(app, path).body }
  end

  def test_runs_under_a_builder_of_rack
    app = sinatra { get("/x") { "#{request.script_name} #{url("/y")}" } }
    built = Rack::Builder.new { map("/at") { run app } }.to_app
    assert_equal "/at http://example.org/at/y", Rack::MockRequest.new(built).get("/at/x").body
  end

  def test_method_override_takes_the_verb_from_a_form
    app = sinatra do
      enable :method_override
      delete("/") { "gone" }
    end
    assert_equal "gone", ask(app, "/", method: "POST", headers: form, body: "_method=delete").body
  end

  def test_fields_protect_pages
    app = sinatra do
      get("/") { "" }
      get("/json") { json({}) }
    end
    assert_equal ["SAMEORIGIN", "nosniff"], ask(app, "/").headers.then { |fields| fields.to_h.values_at("x-frame-options", "x-content-type-options") }
    assert_nil ask(app, "/json").headers["x-frame-options"]
  end

  def test_paths_lead_nowhere_else
    app = sinatra { get("/*") { params[:splat].first } }
    assert_equal %w[b b a/], %w[/a/../b /a/%2e%2e/b /a/b/..].map { |path| ask(app, path).body }
  end

  def test_stages_of_the_runtime_are_refused_where_they_would_be_taken_for_middleware
    [Sabir::Cors, Sabir::Cors.new].each do |stage|
      error = assert_raises(Sabir::SetupError) { Class.new(Sabir::Base) { use stage } }
      assert_includes error.message, "has no stages of the runtime"
    end
  end
end
