# frozen_string_literal: true

require "test_helper"

# Threads of Ruby are woken for what has nothing to do with what they wait for: signals, timers, Thread#wakeup. They wait on.
class InterruptionsTest < Minitest::Test
  def test_content_of_a_request_is_read_on
    gate = Queue.new
    client = client_of { post("/", streaming: true) { |content:| gate.push(Thread.current) && content.to_a.join } }
    assert_equal "ab", client.post("/", body: interrupting_between_chunks(gate)).body
  end

  def test_content_of_rack_is_read_on
    gate = Queue.new
    client = Sabir::TestClient.new(Sabir::App.new.mount("/", ->(env) { gate.push(Thread.current) && [200, {}, [env["rack.input"].read]] }))
    assert_equal "ab", client.post("/", body: interrupting_between_chunks(gate)).body
  end

  def test_a_stream_waits_on_for_a_slow_client
    gate = Queue.new
    client = client_of do
      get("/") do
        Enumerator.new do |out|
          gate.push(Thread.current)
          30.times { out << "x" * 65_536 }
        end
      end
    end
    answer = client.get("/")
    interrupting(gate.pop) { sleep 0.2 }
    assert_equal 30 * 65_536, answer.body.bytesize
  end

  def test_a_socket_waits_on_for_a_slow_client
    gate = Queue.new
    # More than what the client reads ahead, and what waits for it, can hold.
    count = 1500
    client = client_of(websocket_send_queue_limit: 100_000) do
      websocket("/") do |ws|
        ws.on_message do
          gate.push(Thread.current)
          count.times { ws.binary("x" * 5000) }
          ws.text("done")
        end
      end
    end
    client.websocket("/") do |socket|
      socket.text("")
      interrupting(gate.pop) { sleep 0.2 }
      assert_equal([5000], Array.new(count) { socket.message.bytesize }.uniq)
      assert_equal "done", socket.message
    end
  end

  def test_what_is_raised_in_a_thread_that_waits_for_a_slow_client_closes_its_socket
    events = Queue.new
    client = client_of(websocket_send_queue_limit: 100_000) do
      websocket("/") do |ws|
        ws.on_message do
          Timeout.timeout(0.5) { loop { ws.binary("x" * 5000) } }
        rescue Timeout::Error
          events.push(ws.open?)
        end
      end
    end
    client.websocket("/") do |socket|
      socket.text("")
      refute Timeout.timeout(10) { events.pop }
    end
  end

  def test_a_test_client_waits_on
    app = app_with do
      get("/") { sleep(0.1) && "hello" }
      get("/stream") { Enumerator.new { |out| 2.times { |n| sleep(0.1) && out << n.to_s } } }
      websocket("/socket") { |ws| ws.on_message { |event| sleep(0.1) && ws.text(event.data) } }
    end
    client = Sabir::TestClient.new(app)
    interrupting(Thread.current) do
      assert_equal "hello", client.get("/").body
      assert_equal "01", client.get("/stream").body
      assert_equal("hi", client.websocket("/socket") { |socket| socket.text("hi") || socket.message })
    end
  end

  def test_what_a_test_client_has_not_waited_for_is_not_lost
    gate = Queue.new
    client = client_of do
      get("/") { Enumerator.new { |out| %w[a b].each { |chunk| gate.pop && out << chunk } } }
      websocket("/socket") { |ws| ws.on_message { |event| gate.pop && ws.text(event.data) } }
    end
    gate.push(true)
    answer = client.get("/")
    assert_equal "a", answer.each_chunk.first
    assert_raises(Timeout::Error) { Timeout.timeout(0.05) { answer.each_chunk.first } }
    gate.push(true)
    assert_equal "b", answer.each_chunk.first
    client.websocket("/socket") do |socket|
      2.times { |n| socket.text(n.to_s) }
      assert_raises(Timeout::Error) { Timeout.timeout(0.05) { socket.message } }
      2.times { gate.push(true) }
      assert_equal %w[0 1], [socket.message, socket.message]
    end
  end

  def test_a_server_waits_on
    begun = Queue.new
    app = app_with(shutdown_timeout_ms: 5000) { get("/") { begun.push(true) && sleep(0.3) && "hello" } }
    port = app.listen(port: 0)[/\d+\z/]
    answer = Thread.new { get(port, "/").body }
    begun.pop
    interrupting(Thread.current) { app.stop }
    assert_equal "hello", answer.value
  end

  def test_signals_that_raise_nothing_end_nothing
    printed, = serving(<<~RUBY) do |port, process|
      trap("USR1") { print "." }
      app = Sabir::App.new
      app.get("/") { sleep(0.2) && "hello" }
    RUBY
      signalling = Thread.new { loop { sleep(0.005) && Process.kill("USR1", process) } }
      assert_equal("hello", get(port, "/").body)
    ensure
      signalling&.kill&.join
    end
    assert_operator printed.count("."), :>, 3
  end

  private

  # Content whose handler, the thread that comes out of +gate+, is woken while it waits for the second chunk.
  def interrupting_between_chunks(gate)
    Enumerator.new do |out|
      out << "a"
      interrupting(gate.pop) { sleep 0.1 }
      out << "b"
    end
  end

  # Wakes a thread over and over while the block runs.
  def interrupting(thread)
    waking = Thread.new do
      loop do
        thread.wakeup
        sleep 0.001
      end
    end
    waking.report_on_exception = false
    yield
  ensure
    waking.kill
    waking.join
  end
end
