# frozen_string_literal: true

require "json"
require "logger"
require "stringio"
require "tmpdir"
require "test_helper"

# What requests leave in logs: a line of the access log each, and lines that name them.
class ObservabilityTest < Minitest::Test
  TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
  PARENT = "00-#{TRACE}-00f067aa0ba902b7-01".freeze

  def traced
    app = Sabir::App.new
    app.use(Sabir::TraceContext)
    app.get("/") do |request|
      request.log.info("asked")
      request.trace.to_h
    end
    app.get("/fail") { raise "a test fails" }
    app
  end

  def with_logger(formatter = nil)
    before, output = Sabir.logger, StringIO.new
    Sabir.logger = Logger.new(output, formatter:)
    yield
    output.string
  ensure
    Sabir.logger = before
  end

  def test_a_block_has_the_trace_of_its_request
    client = Sabir::TestClient.new(traced)
    trace = with_ignored_log { client.get("/", headers: { "traceparent" => PARENT, "tracestate" => "a=1" }).json }
    assert_equal TRACE, trace["trace_id"]
    assert_equal "00f067aa0ba902b7", trace["parent_id"]
    assert_equal "00-#{TRACE}-#{trace["span_id"]}-01", trace["traceparent"]
    assert_equal [true, "a=1"], trace.values_at("sampled", "tracestate")
    refute_equal TRACE, with_ignored_log { client.get("/").json["trace_id"] }
  end

  def with_ignored_log
    result = nil
    with_logger { result = yield }
    result
  end

  def test_lines_of_a_request_name_it
    client = Sabir::TestClient.new(traced)
    text = with_logger { client.get("/", headers: { "traceparent" => PARENT, "x-request-id" => "a" }) }
    assert_includes text, "asked (request a, trace #{TRACE})"
    text = with_logger { client.get("/fail", headers: { "traceparent" => PARENT, "x-request-id" => "b" }) }
    assert_includes text, "GET /fail failed (request b, trace #{TRACE})"
  end

  def test_lines_of_json_have_the_ids
    client = Sabir::TestClient.new(traced)
    text = with_logger(Sabir::JsonFormatter.new) { client.get("/", headers: { "traceparent" => PARENT, "x-request-id" => "a" }) }
    line = JSON.parse(text)
    assert_equal ["asked", "info", "a", TRACE], line.values_at("message", "level", "request_id", "trace_id")
  end

  def test_a_service_that_is_stopped_under_load_loses_no_line
    Dir.mktmpdir do |directory|
      file = File.join(directory, "access.log")
      code = "app = Sabir::App.new; app.use(Sabir::AccessLog, output: #{file.dump}); app.get('/{n:int}') { |n:| n.to_s }; app.run(port: 0)"
      answered = Queue.new
      clients = []
      running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", code]) do |port, _|
        clients = 4.times.map do |client|
          Thread.new do
            (client * 100_000..).each do |number|
              answered << number if get(port, "/#{number}").body == number.to_s
            rescue SystemCallError, IOError, Net::ReadTimeout
              break
            end
          end
        end
        wait_until(seconds: 20) { answered.size > 100 }
      end
      clients.each(&:join)
      numbers = File.readlines(file).map { |line| Integer(JSON.parse(line)["path"].delete("/")) }
      assert_empty Array.new(answered.size) { answered.pop } - numbers
      assert_equal numbers, numbers.uniq
    end
  end

  def test_the_access_log_of_a_test_client_is_a_file
    Dir.mktmpdir do |directory|
      file = File.join(directory, "access.log")
      app = Sabir::App.new
      app.use(Sabir::AccessLog, output: file, skip: ["/health"])
      app.get("/health") { "fine" }
      app.get("/items/{id:int}") { "fine" }
      client = Sabir::TestClient.new(app)
      ["/items/7?secret=1", "/health", "/nowhere"].each { |path| client.get(path) }
      wait_until(seconds: 20) { File.readlines(file).size == 2 }
      lines = File.readlines(file).map { |line| JSON.parse(line) }
      assert_equal [["/items/7", "/items/{id:int}", 200], ["/nowhere", nil, 404]], lines.map { |line| line.values_at("path", "route", "status") }
    end
  end
end
