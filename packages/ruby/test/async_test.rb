# frozen_string_literal: true

require "test_helper"
require "socket"

begin
  require_relative "support/async_scheduler"
rescue LoadError => error
  warn "SKIPPED: fibers of the gem async have not been tested, since #{error.message}."
end

# Handlers in fibers of the gem async, which has a scheduler as real ones are: with epoll, and tasks around the fibers.
class AsyncTest < Minitest::Test
  def setup
    skip "the gem async is not installed" unless defined?(AsyncScheduler)
  end

  def in_async(**settings, &)
    app_with(fiber_scheduler: -> { AsyncScheduler.new }, **settings, &)
  end

  def served(app)
    yield Integer(app.listen(port: 0)[/\d+\z/])
  ensure
    app.stop
  end

  def test_handlers_wait_at_once
    client = Sabir::TestClient.new(in_async { get("/") { sleep(0.2) && Thread.current.object_id.to_s } })
    answers = Timeout.timeout(3) { 50.times.map { Thread.new { client.get("/").body } }.map(&:value) }
    assert_equal 1, answers.uniq.size
  end

  def test_a_handler_that_fails_or_takes_too_long_ends_no_other_one
    app = in_async do
      get("/late") do
        Timeout.timeout(0.05) { sleep }
      rescue Timeout::Error
        "too long"
      end
      get("/raise") { sleep(0.01) && raise("raised") }
      get("/exit") { sleep(0.01) && exit }
      get("/throw") { sleep(0.01) && throw(:nowhere) }
      get("/wait") { sleep(0.3) && "waited" }
    end
    client = Sabir::TestClient.new(app)
    waiting = 5.times.map { Thread.new { client.get("/wait").body } }
    logged do
      %w[/raise /exit /throw].each { |path| assert_equal 500, Timeout.timeout(5) { client.get(path) }.status, path }
    end
    assert_equal "too long", Timeout.timeout(5) { client.get("/late") }.body
    assert_equal %w[waited] * 5, Timeout.timeout(5) { waiting.map(&:value) }
  end

  def test_a_client_that_leaves_ends_its_stream_where_that_waits
    ended = Queue.new
    app = in_async(handler_threads: 2) do
      get("/") do
        Enumerator.new do |out|
          out << "first"
          sleep
        ensure
          ended << $!.class
        end
      end
      get("/wait") { sleep(0.3) && "waited" }
    end
    served(app) do |port|
      waiting = Thread.new { get(port, "/wait").body }
      20.times do
        TCPSocket.open("127.0.0.1", port) { |socket| socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n") && socket.readpartial(1000) }
      end
      assert_equal [Sabir::Disconnected], Timeout.timeout(5) { 20.times.map { ended.pop } }.uniq
      assert_equal "waited", waiting.value
    end
  end

  def test_content_streams_and_sockets_keep_no_other_handler_waiting
    app = in_async do
      post("/", streaming: true) { |content:| Enumerator.new { |out| content.each { |chunk| out << chunk.upcase } } }
      sse("/ticks") { |events| 3.times { |n| sleep(0.02) && events << n } }
      websocket("/echo") { |ws| ws.on_message { |event| sleep(0.02) && ws.text(event.data) } }
    end
    client = Sabir::TestClient.new(app)
    gate = Queue.new
    upload = Thread.new { client.post("/", body: Enumerator.new { |out| 2.times { out << "chunk " << gate.pop } }).body }
    events = 20.times.map { Thread.new { client.get("/ticks").body } }
    sockets = 20.times.map { |n| Thread.new { client.websocket("/echo") { |socket| [socket.text(n.to_s), socket.message].last } } }
    Timeout.timeout(5) do
      assert_equal ["data: 0\n\ndata: 1\n\ndata: 2\n\n"], events.map(&:value).uniq
      assert_equal 20.times.map(&:to_s), sockets.map(&:value)
      2.times { gate << "a" }
      assert_equal "CHUNK ACHUNK A", upload.value
    end
  end

  def test_stopping_waits_for_handlers_that_wait
    app = in_async { get("/") { sleep(0.3) && "waited" } }
    waiting = nil
    served(app) do |port|
      waiting = 20.times.map { Thread.new { get(port, "/").body } }
      sleep 0.15
    end
    assert_equal ["waited"] * 20, waiting.map(&:value)
  end
end
