# frozen_string_literal: true

require "test_helper"
require "minitest/mock"
require "socket"
require_relative "support/select_scheduler"

class FibersTest < Minitest::Test
  SCHEDULER = -> { SelectScheduler.new }
  SUPPORT = File.expand_path("support", __dir__)
  REQUIRED = %(require "#{SUPPORT}/select_scheduler"\n)

  def in_fibers(**settings, &)
    app_with(fiber_scheduler: SCHEDULER, **settings, &)
  end

  def served(app)
    yield Integer(app.listen(port: 0)[/\d+\z/])
  ensure
    app.stop
  end

  # Sends a request of HTTP/1.1, and yields the socket.
  def opened(port, request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    socket = TCPSocket.new("127.0.0.1", port)
    socket.write(request)
    Timeout.timeout(10) { yield socket }
  ensure
    socket&.close
  end

  def test_runs_each_call_in_a_fiber_of_one_thread
    fibers = Queue.new
    app = in_fibers do
      get("/") do
        fibers << Fiber.current
        Thread.current[:seen] ||= 0
        sleep 0.1
        "#{Thread.current.object_id} #{Thread.current[:seen] += 1}"
      end
    end
    client = Sabir::TestClient.new(app)
    answers = Timeout.timeout(5) { 50.times.map { Thread.new { client.get("/").body } }.map(&:value) }
    assert_equal 1, answers.uniq.size
    assert_match(/ 1\z/, answers.first)
    assert_equal 50, fibers.size.times.map { fibers.pop }.uniq.size
  end

  def test_a_handler_that_blocks_keeps_one_thread_and_not_the_others
    client = Sabir::TestClient.new(in_fibers(handler_threads: 2) do
      get("/block") { Fiber.new(blocking: true) { sleep 0.5 }.resume }
      get("/") { "hello" }
    end)
    blocked = Thread.new { client.get("/block").status }
    sleep 0.1
    before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    assert_equal %w[hello] * 4, 4.times.map { client.get("/").body }
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - before, :<, 0.3
    assert_equal 200, blocked.value
  end

  def test_no_handler_ends_the_others
    app = in_fibers do
      get("/raise") { Thread.current.raise("raised") }
      get("/throw") { throw :nowhere }
      get("/exit") { exit }
      get("/exception") { raise Exception, "not a StandardError" }
      get("/interrupt") { raise Interrupt }
      get("/stack") { (deep = ->(n) { deep.call(n + 1) + 1 }).call(0) }
      get("/late") { sleep(0.01) && raise("late") }
      get("/wait") { sleep(0.2) && "waited" }
      get("/") { "hello" }
    end
    app.get("/break") { break }
    client = Sabir::TestClient.new(app)
    logged do
      %w[/raise /throw /exit /exception /interrupt /stack /late /break].each do |path|
        waiting = Thread.new { client.get("/wait").body }
        sleep 0.02
        assert_equal 500, Timeout.timeout(10) { client.get(path) }.status, path
        assert_equal "hello", Timeout.timeout(10) { client.get("/") }.body, "after #{path}"
        assert_equal "waited", Timeout.timeout(10) { waiting.value }, path
      end
    end
  end

  def test_a_killed_thread_ends_its_handlers_and_another_one_takes_its_place
    ended = Queue.new
    client = Sabir::TestClient.new(in_fibers do
      get("/kill") { Thread.current.kill }
      get("/") { "hello" }
      get("/wait") do
        sleep
      ensure
        ended << true
      end
    end)
    logged do
      waiting = 3.times.map { Thread.new { client.get("/wait").status } }
      sleep 0.1
      assert_equal 500, Timeout.timeout(10) { client.get("/kill") }.status
      assert_equal [500] * 3, Timeout.timeout(10) { waiting.map(&:value) }
      assert_equal 3, ended.size
      assert_equal "hello", Timeout.timeout(10) { client.get("/") }.body
    end
  end

  def test_what_is_raised_in_the_thread_is_logged_and_another_one_takes_its_place
    client = Sabir::TestClient.new(in_fibers { get("/") { Thread.current.object_id.to_s } })
    handler = client.get("/").body
    log = logged do
      thread = Thread.list.find { |one| one.object_id.to_s == handler }
      thread.raise("too late")
      wait_until { !thread.alive? }
      refute_equal handler, Timeout.timeout(10) { client.get("/") }.body
    end
    assert_includes log, "too late"
  end

  def test_a_timeout_ends_one_handler
    client = Sabir::TestClient.new(in_fibers do
      get("/late") do
        Timeout.timeout(0.05) { sleep }
      rescue Timeout::Error
        "too long"
      end
      get("/wait") { sleep(0.2) && "waited" }
    end)
    waiting = 2.times.map { Thread.new { client.get("/wait").body } }
    assert_equal "too long", Timeout.timeout(10) { client.get("/late") }.body
    assert_equal %w[waited waited], waiting.map(&:value)
  end

  def test_content_that_arrives_late_keeps_no_other_handler_waiting
    client = Sabir::TestClient.new(in_fibers do
      post("/", streaming: true) { |content:| content.to_a.join.upcase }
      get("/") { "hello" }
    end)
    gates = 3.times.map { Queue.new }
    uploads = gates.map do |gate|
      chunks = Enumerator.new { |out| 5.times { |n| out << "chunk #{n}, " << gate.pop } }
      Thread.new { client.post("/", body: chunks).body }
    end
    5.times do
      wait_until { gates.all? { |gate| gate.num_waiting == 1 } }
      assert_equal "hello", Timeout.timeout(5) { client.get("/") }.body
      gates.each { |gate| gate << "" }
    end
    expected = 5.times.map { |n| "CHUNK #{n}, " }.join
    assert_equal [expected] * 3, Timeout.timeout(5) { uploads.map(&:value) }
  end

  def test_a_client_that_leaves_while_its_content_is_read_ends_the_handler
    ended = Queue.new
    app = in_fibers do
      post("/", streaming: true) do |content:|
        content.each { nil }
      ensure
        ended << true
      end
    end
    served(app) do |port|
      opened(port, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc") { sleep 0.1 }
      logged { Timeout.timeout(5) { ended.pop } }
    end
  end

  def test_a_client_that_reads_slowly_keeps_no_other_handler_waiting
    written = 0
    app = in_fibers do
      get("/big") { Enumerator.new { |out| 400.times { (out << ("x" * 100_000)) && written += 1 } } }
      get("/") { "hello" }
    end
    served(app) do |port|
      opened(port, "GET /big HTTP/1.1\r\nhost: a\r\n\r\n") do |socket|
        sleep 0.3
        assert_operator written, :<, 400
        assert_equal "hello", get(port, "/").body
        size = 0
        size += socket.readpartial(1_000_000).size while size < 40_000_000
        wait_until { written == 400 }
      end
    end
  end

  def test_a_client_that_leaves_ends_its_stream_where_that_waits
    ended = Queue.new
    app = in_fibers do
      get("/") do
        Enumerator.new do |out|
          out << "first"
          sleep
        ensure
          ended << $!.class
        end
      end
      get("/wait") { sleep(0.3) && "waited" }
      get("/full") do
        Enumerator.new do |out|
          loop { out << ("x" * 100_000) }
        ensure
          ended << $!.class
        end
      end
    end
    served(app) do |port|
      waiting = Thread.new { get(port, "/wait").body }
      opened(port) { |socket| socket.readpartial(1000) }
      assert_equal Sabir::Disconnected, Timeout.timeout(5) { ended.pop }
      opened(port, "GET /full HTTP/1.1\r\nhost: a\r\n\r\n") { |socket| socket.readpartial(1000) && sleep(0.2) }
      assert_equal Sabir::Disconnected, Timeout.timeout(5) { ended.pop }
      assert_equal "waited", waiting.value
    end
  end

  def test_a_client_that_leaves_is_told_across_threads
    ended = Queue.new
    app = in_fibers(handler_threads: 3) do
      get("/") do
        Enumerator.new do |out|
          out << "first"
          sleep
        ensure
          ended << $!.class
        end
      end
    end
    served(app) do |port|
      20.times { opened(port) { |socket| socket.readpartial(1000) } }
      assert_equal [Sabir::Disconnected], Timeout.timeout(5) { 20.times.map { ended.pop } }.uniq
    end
  end

  def test_events_are_sent_while_handlers_wait
    client = Sabir::TestClient.new(in_fibers do
      sse("/ticks") { |events| 3.times { |n| sleep(0.05) && events << n } }
    end)
    answers = Timeout.timeout(5) { 10.times.map { Thread.new { client.get("/ticks").body } }.map(&:value) }
    assert_equal ["data: 0\n\ndata: 1\n\ndata: 2\n\n"], answers.uniq
  end

  def test_blocks_of_a_socket_run_in_order_and_those_of_several_at_once
    app = in_fibers do
      websocket("/") do |ws|
        ws.on_message do |event|
          sleep event.data == "0" ? 0.1 : 0.01
          ws.text(event.data)
        end
      end
    end
    client = Sabir::TestClient.new(app)
    before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    answers = 10.times.map do
      Thread.new do
        client.websocket("/") do |socket|
          5.times { |n| socket.text(n.to_s) }
          5.times.map { socket.message }
        end
      end
    end
    assert_equal [%w[0 1 2 3 4]], Timeout.timeout(5) { answers.map(&:value) }.uniq
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - before, :<, 1
  end

  def test_a_socket_whose_client_reads_nothing_keeps_no_other_one_waiting
    sent = 0
    app = in_fibers(websocket_send_queue_limit: 10_000) do
      websocket("/full") { |ws| ws.on_open { 300.times { ws.binary(Random.bytes(100_000)) && sent += 1 } } }
      websocket("/echo") { |ws| ws.on_message { |event| ws.text(event.data) } }
    end
    client = Sabir::TestClient.new(app)
    handshake = "GET /full HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n" \
                "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    served(app) do |port|
      opened(port, handshake) do |slow|
        sleep 0.3
        assert_operator sent, :<, 300
        assert_equal "hello", client.websocket("/echo") { |socket| [socket.text("hello"), socket.message].last }
        size = 0
        size += slow.readpartial(1_000_000).bytesize while size < 30_000_000
        wait_until { sent == 300 }
      end
    end
  end

  def test_a_handler_sends_requests_to_its_own_application
    client = nil
    app = in_fibers do
      get("/outer") { client.get("/inner").body + client.websocket("/echo") { |socket| [socket.text("b"), socket.message].last } }
      get("/inner") { sleep(0.01) && "a" }
      websocket("/echo") { |ws| ws.on_message { |event| ws.text(event.data) } }
    end
    client = Sabir::TestClient.new(app)
    assert_equal ["ab"] * 20, Timeout.timeout(10) { 20.times.map { Thread.new { client.get("/outer").body } }.map(&:value) }
  end

  def test_a_client_waits_in_a_fiber_of_another_thread
    client = Sabir::TestClient.new(app_with { get("/") { sleep(0.05) && "hello" } })
    order = Thread.new do
      Fiber.set_scheduler(SelectScheduler.new)
      order = []
      Fiber.schedule { order << client.get("/").body }
      Fiber.schedule { order << "meanwhile" }
      Fiber.set_scheduler(nil)
      order
    end
    assert_equal %w[meanwhile hello], Timeout.timeout(5) { order.value }
  end

  def test_what_is_raised_in_a_fiber_as_a_message_comes_does_not_lose_it
    client = Sabir::TestClient.new(app_with { websocket("/") { |ws| ws.on_message { |event| sleep(0.01) && ws.text(event.data) } } })
    received = Thread.new do
      Fiber.set_scheduler(SelectScheduler.new)
      received = []
      Fiber.schedule do
        client.websocket("/") do |socket|
          2.times { |n| socket.text(n.to_s) }
          Sabir::Hooks.stub(:give_back_bell, ->(_) { raise "raised" }) do
            received << assert_raises(RuntimeError) { socket.message }.message
          end
          2.times { received << socket.message }
        end
      end
      Fiber.set_scheduler(nil)
      received
    end
    assert_equal %w[raised 0 1], Timeout.timeout(5) { received.value }
  end

  def test_each_call_takes_its_own_connection
    rack = lambda do |env|
      sleep 0.05
      socket = env["rack.hijack"].call
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n#{env["PATH_INFO"]}")
      socket.close
      [200, {}, []]
    end
    served(in_fibers { mount("/", rack) }) do |port|
      answers = 10.times.map do |n|
        Thread.new { opened(port, "GET /#{n} HTTP/1.1\r\nhost: a\r\n\r\n") { |socket| socket.read[/[^\n]+\z/] } }
      end
      assert_equal(10.times.map { |n| "/#{n}" }, answers.map(&:value))
    end
  end

  def test_applications_of_rack_wait_in_fibers
    rack = lambda do |env|
      content = env["rack.input"].read
      sleep 0.1
      [200, {}, Enumerator.new { |out| 3.times { |n| sleep(0.01) && out << "#{content}#{n}" } }]
    end
    client = Sabir::TestClient.new(in_fibers { mount("/", rack) })
    answers = Timeout.timeout(2) { 20.times.map { Thread.new { client.post("/", body: ["a"]).body } }.map(&:value) }
    assert_equal ["a0a1a2"], answers.uniq
  end

  def test_json_may_be_nested_as_deeply_as_in_threads
    client = Sabir::TestClient.new(in_fibers(json_depth_limit: 512) do
      post("/", body: Object) { |body:| body }
    end)
    deep = [%({"a":) * 511 + "1" + ("}" * 511), ("[" * 511) + "1" + ("]" * 511)]
    deep.each { |json| assert_equal json, client.post("/", body: json, headers: { "content-type" => "application/json" }).body }
  end

  def test_stopping_waits_for_handlers_that_wait
    app = in_fibers { get("/") { sleep(0.3) && "waited" } }
    port = Integer(app.listen(port: 0)[/\d+\z/])
    waiting = 10.times.map { Thread.new { get(port, "/").body } }
    sleep 0.1
    app.stop
    assert_equal ["waited"] * 10, waiting.map(&:value)
  end

  def test_stopping_waits_for_no_longer_than_it_may
    app = in_fibers(shutdown_timeout_ms: 200) { get("/") { sleep } }
    port = Integer(app.listen(port: 0)[/\d+\z/])
    waiting = Thread.new do
      get(port, "/")
    rescue EOFError, SystemCallError
      "cut off"
    end
    sleep 0.1
    Timeout.timeout(5) { app.stop }
    assert_equal "cut off", waiting.value
  end

  def test_a_signal_stops_the_server_after_its_handlers
    code = "#{REQUIRED}app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new }); app.get('/') { sleep(0.5) && 'waited' }"
    waiting = nil
    output, status = serving(code) do |port, _|
      waiting = Thread.new { get(port, "/").body }
      sleep 0.2
    end
    assert_equal "waited", waiting.value
    assert_predicate status, :success?, output
  end

  def test_a_process_ends_while_handlers_wait
    assert_equal "hello\n", run_ruby(<<~RUBY, seconds: 10)
      #{REQUIRED}
      app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new })
      app.get("/") { "hello" }
      app.get("/sleep") { sleep }
      app.listen(port: 0)
      Thread.new { Sabir::TestClient.new(app).get("/sleep") }
      sleep 0.1
      puts Sabir::TestClient.new(app).get("/").body
    RUBY
  end

  def test_threads_end_after_their_last_call
    assert_equal "1 0\n1 0\n", run_ruby(<<~RUBY)
      #{REQUIRED}
      fibers = Sabir.const_get(:HandlerFibers)
      fibers.send(:remove_const, :IDLE)
      fibers.const_set(:IDLE, 0.05)
      app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new })
      app.get("/") { sleep(0.2) && "hello" }
      client = Sabir::TestClient.new(app)
      2.times do
        client.get("/")
        before = Thread.list.count { |thread| thread.name == "sabir-handler" }
        sleep 0.5
        puts "\#{before} \#{Thread.list.count { |thread| thread.name == "sabir-handler" }}"
      end
    RUBY
  end

  def test_a_handler_forks
    assert_equal "parent\nparent\nwaited\n", run_ruby(<<~RUBY, seconds: 10)
      #{REQUIRED}
      app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new })
      app.get("/block") { Process.wait(fork { sleep 0.01 }) && "parent" }
      app.get("/both") { (child = fork) ? Process.wait(child) && "parent" : "child" }
      app.get("/wait") { sleep(0.5) && "waited" }
      client = Sabir::TestClient.new(app)
      waiting = Thread.new { client.get("/wait").body }
      sleep 0.1
      puts client.get("/block").body, client.get("/both").body, waiting.value
    RUBY
  end

  def test_workers_have_fibers_of_their_own
    code = <<~RUBY
      #{REQUIRED}
      app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new })
      app.get("/") { sleep(0.2) && Process.pid.to_s }
      def app.run(**options) = super(workers: 2, **options)
    RUBY
    answers = nil
    output, status = serving(code) do |port, _|
      answers = 20.times.map { Thread.new { get(port, "/").body } }.map(&:value)
    end
    assert_operator answers.uniq.size, :<=, 2
    assert_predicate status, :success?, output
  end

  def test_objects_survive_the_garbage_collector
    output = run_ruby(<<~RUBY, seconds: 120)
      #{REQUIRED}
      order = Sabir::Schema.struct(id: Integer, names: [String])
      app = Sabir::App.new(fiber_scheduler: -> { SelectScheduler.new })
      app.post("/{a}", query: { b: [String], c?: Integer }, body: order) do |a:, b:, body:, request:, c: 1|
        sleep 0.05
        { a:, b:, c:, id: body.id, names: body.names.map(&:dup), agent: request.headers["x-agent"] }
      end
      app.post("/stream", streaming: true) do |content:|
        Enumerator.new { |out| content.each { |chunk| sleep(0.01) && out << chunk.upcase } }
      end
      client = Sabir::TestClient.new(app)
      GC.stress = true
      answers = 2.times.map do |n|
        Thread.new { client.post("/x\#{n}?b=1&b=2", json: { id: n, names: %w[a b] }, headers: { "x-agent" => "t" }).body }
      end
      streams = 2.times.map { Thread.new { client.post("/stream", body: %w[a b]).body } }
      answers.map!(&:value)
      streams.map!(&:value)
      GC.stress = false
      GC.start
      puts answers, streams, client.post("/stream", body: %w[a]).body
    RUBY
    expected = 2.times.map { |n| %({"a":"x#{n}","b":["1","2"],"c":1,"id":#{n},"names":["a","b"],"agent":"t"}\n) }
    assert_equal "#{expected.join}AB\nAB\nA\n", output
  end

  def test_a_scheduler_that_cannot_be_made_is_told_when_the_server_starts
    app = app_with(fiber_scheduler: -> { raise "no scheduler" }) { get("/") { "hello" } }
    assert_equal "no scheduler", assert_raises(RuntimeError) { app.listen(port: 0) }.message
    assert_equal "no scheduler", assert_raises(RuntimeError) { Sabir::TestClient.new(app).get("/") }.message
  end

  def test_a_class_with_sinatras_words_names_its_scheduler
    app = Class.new(Sabir::Base) do
      set :environment, :test
      set :fiber_scheduler, -> { SelectScheduler.new }
      get("/") { sleep(0.1) && "hello" }
      get("/rows") { stream { |out| 3.times { |n| sleep(0.01) && out << n.to_s } } }
    end
    client = Sabir::TestClient.new(app)
    answers = Timeout.timeout(1) { 20.times.map { Thread.new { client.get("/").body } }.map(&:value) }
    assert_equal ["hello"], answers.uniq
    assert_equal "012", client.get("/rows").body
  end

  def test_a_stream_of_sinatra_is_kept_open_by_another_fiber
    opened = Queue.new
    app = Class.new(Sabir::Base) do
      set :environment, :test
      set :fiber_scheduler, SelectScheduler.method(:new)
      get("/open") { stream(:keep_open) { |out| opened << out } }
      get("/tell") { opened.pop.then { |out| (out << "told") && sleep(0.01) && (out << " twice") && out.close } && "done" }
    end
    client = Sabir::TestClient.new(app)
    kept = Thread.new { client.get("/open").body }
    assert_equal "done", Timeout.timeout(5) { client.get("/tell").body }
    assert_equal "told twice", Timeout.timeout(5) { kept.value }
  end

  def test_what_makes_no_scheduler_is_refused
    error = assert_raises(Sabir::SetupError) { Sabir::App.new(fiber_scheduler: "Async::Scheduler") }
    assert_equal "fiber_scheduler", error.field
    error = assert_raises(Sabir::SetupError) { Sabir::Rack::Handler.run(->(_) {}, fiber_scheduler: "Async::Scheduler") }
    assert_equal "fiber_scheduler", error.field
  end
end
