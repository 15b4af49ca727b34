# frozen_string_literal: true

require "sinatra_helper"

class SinatraAnswersTest < Minitest::Test
  include SinatraHelper

  def answer_of(path = "/", method: "GET", headers: {}, &block)
    app = sinatra do
      get("/*", &block)
      post("/*", &block)
    end
    ask(app, path, method:, headers:)
  end

  def test_results_are_answers
    assert_equal [200, "text", "text/html;charset=utf-8"], answer_of { "text" }.then { |answer| [answer.status, answer.body, answer.headers["content-type"]] }
    assert_equal [205, ""], answer_of { 205 }.then { |answer| [answer.status, answer.body] }
    assert_equal "ab", answer_of { %w[a b] }.body
    assert_equal [201, "made", "1"], answer_of { [201, { "x-a" => "1" }, "made"] }.then { |answer| [answer.status, answer.body, answer.headers["x-a"]] }
    assert_equal [200, ""], answer_of { nil }.then { |answer| [answer.status, answer.body] }
  end

  def test_halt_ends_a_request_in_every_form
    assert_equal [200, "a"], answer_of { halt "a" }.then { |answer| [answer.status, answer.body] }
    assert_equal [410, ""], answer_of { halt 410 }.then { |answer| [answer.status, answer.body] }
    assert_equal [402, "b"], answer_of { halt 402, "b" }.then { |answer| [answer.status, answer.body] }
    assert_equal [402, "c", "1"], answer_of { halt 402, { "x-a" => "1" }, "c" }.then { |answer| [answer.status, answer.body, answer.headers["x-a"]] }
  end

  def test_status_headers_and_body_are_set_in_steps
    answer = answer_of do
      status 418
      headers "x-a" => "1"
      body "teapot"
    end
    assert_equal [418, "1", "teapot"], [answer.status, answer.headers["x-a"], answer.body]
  end

  def test_redirect_makes_addresses_absolute
    assert_equal [302, "http://sabir.test/b"], answer_of { redirect "/b" }.then { |answer| [answer.status, answer.headers["location"]] }
    assert_equal [301, "http://sabir.test/b"], answer_of { redirect to("/b"), 301 }.then { |answer| [answer.status, answer.headers["location"]] }
    assert_equal 303, Sabir::TestClient.new(sinatra { post("/") { redirect "/b" } }).post("/").status
    assert_equal "http://other.test/", answer_of { redirect "http://other.test/" }.headers["location"]
    assert_equal "http://sabir.test/from", answer_of(headers: { "referer" => "http://sabir.test/from" }) { redirect back }.headers["location"]
  end

  def test_url_knows_where_the_application_is_mounted
    inner = sinatra { get("/x") { "#{url("/y")} #{to("/y", false)} #{url("/y", false, false)}" } }
    outer = sinatra { map("/in", inner) }
    assert_equal "http://sabir.test/in/y /in/y /y", ask(outer, "/in/x").body
  end

  def test_content_type_takes_names_and_parameters
    assert_equal "application/json", answer_of { content_type :json and "" }.headers["content-type"]
    assert_equal "text/plain;charset=latin1", answer_of { content_type :txt, charset: "latin1" and "" }.headers["content-type"]
  end

  def test_json_encodes_values
    answer = answer_of { json(a: [1, nil]) }
    assert_equal ["application/json", '{"a":[1,null]}'], [answer.headers["content-type"], answer.body]
  end

  def test_etag_ends_the_request_of_a_client_that_has_it
    assert_equal '"v1"', answer_of { etag("v1") || "new" }.headers["etag"]
    assert_equal [304, ""], answer_of(headers: { "if-none-match" => '"v1"' }) { etag("v1") || "new" }.then { |answer| [answer.status, answer.body] }
    assert_equal 412, answer_of(headers: { "if-match" => '"v2"' }) { etag("v1") || "new" }.status
    assert_equal 'W/"v1"', answer_of { etag("v1", :weak) || "" }.headers["etag"]
  end

  def test_last_modified_ends_the_request_of_a_client_that_has_it
    time = Time.utc(2026, 11, 30)
    assert_equal time.httpdate, answer_of { last_modified(time) || "" }.headers["last-modified"]
    assert_equal 304, answer_of(headers: { "if-modified-since" => time.httpdate }) { last_modified(time) || "" }.status
    assert_equal 412, answer_of(headers: { "if-unmodified-since" => (time - 1).httpdate }) { last_modified(time) || "" }.status
  end

  def test_cache_control_and_expires_say_how_long
    assert_equal "public, must-revalidate, max-age=60", answer_of { cache_control :public, :must_revalidate, max_age: 60 and "" }.headers["cache-control"]
    answer = answer_of { expires 60, :public and "" }
    assert_equal "public, max-age=60", answer.headers["cache-control"]
    assert answer.headers["expires"]
  end

  def test_send_file_sends_a_file_and_parts_of_it
    answer = answer_of { send_file __FILE__, filename: "a\"b.rb" }
    assert_equal [File.read(__FILE__), 'attachment; filename="a%22b.rb"'], [answer.body, answer.headers["content-disposition"]]
    part = answer_of(headers: { "range" => "bytes=0-4" }) { send_file __FILE__ }
    assert_equal [206, "# fro"], [part.status, part.body]
    assert_equal 404, answer_of { send_file "/nowhere" }.status
  end

  def test_attachment_names_what_is_saved
    assert_equal 'attachment; filename="a.csv"', answer_of { attachment("a.csv") and "" }.headers["content-disposition"]
  end

  def test_questions_about_the_status
    assert_equal "true false", answer_of { status(404) && "#{client_error?} #{success?}" }.body
  end

  def test_logger_writes_where_logging_is_enabled
    app = sinatra do
      set :logging, Logger::DEBUG
      get("/") { logger.debug("noted") && "" }
    end
    errors = StringIO.new
    app.call(Rack::MockRequest.env_for("/", "rack.errors" => errors))
    assert_includes errors.string, "noted"
  end

  def test_a_line_is_written_for_each_request_where_logging_is_enabled
    app = sinatra do
      enable :logging
      get("/text") { "text" }
      get("/made") { stream { |out| out << "made" } }
    end
    errors = StringIO.new
    %w[/text?a=1 /made].each { |path| Rack::MockRequest.new(app).get(path, "rack.errors" => errors, "SERVER_PROTOCOL" => "HTTP/1.1") }
    assert_equal ['"GET /text?a=1 HTTP/1.1" 200 4', '"GET /made HTTP/1.1" 200 -'], errors.string.lines.map { |line| line[/".*" \S+ \S+/] }
  end

  def test_loggers_of_requests_are_their_own
    app = sinatra do
      enable :logging
      get("/:level") { |level| [logger.level, logger.level = level.to_i].join(" ") }
    end
    assert_equal ["1 3", "1 0"], %w[/3 /0].map { |path| rack(app, path).body }
  end

  def test_files_of_the_public_folder_are_served
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, "a.txt"), "static")
      app = sinatra do
        set :public_folder, folder
        set :static_cache_control, [:public, { max_age: 9 }]
        set :static_headers, { "x-static" => "yes" }
        get("/a.txt") { "route" }
      end
      answer = ask(app, "/a.txt")
      assert_equal ["static", "public, max-age=9", "yes"], [answer.body, answer.headers["cache-control"], answer.headers["x-static"]]
      assert_equal 404, ask(app, "/../#{File.basename(__FILE__)}").status
    end
  end
end
