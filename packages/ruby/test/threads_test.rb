# frozen_string_literal: true

require "test_helper"

class ThreadsTest < Minitest::Test
  def test_runs_as_many_blocks_at_a_time_as_there_are_threads
    gate = Queue.new
    app = app_with(handler_threads: 3) do
      get("/wait") { gate.pop }
      get("/") { "hello" }
    end
    client = Sabir::TestClient.new(app)
    waiting = 2.times.map { Thread.new { client.get("/wait").body } }
    sleep 0.05 until gate.num_waiting == 2
    assert_equal "hello", client.get("/").body
    2.times { gate.push("done") }
    assert_equal %w[done done], waiting.map(&:value)
  end

  def test_no_handler_ends_its_thread
    app = app_with(handler_threads: 1) do
      get("/raise") { Thread.current.raise("raised") }
      get("/throw") { throw :nowhere }
      get("/exit") { exit }
      get("/abort") { raise SystemExit }
      get("/kill") { Thread.current.kill }
      get("/exception") { raise Exception, "not a StandardError" }
      get("/interrupt") { raise Interrupt }
      get("/stack") { (deep = ->(n) { deep.call(n + 1) + 1 }).call(0) }
      get("/") { "hello" }
    end
    app.get("/break") { break }
    client = Sabir::TestClient.new(app)
    logged do
      %w[/raise /throw /exit /abort /kill /exception /interrupt /stack /break].each do |path|
        answer = Timeout.timeout(10) { client.get(path) }
        assert_equal 500, answer.status, path
        assert_equal "hello", Timeout.timeout(10) { client.get("/") }.body, "after #{path}"
      end
    end
  end

  # A lock of the native module that is held while Ruby changes threads would stop both, and with them the process.
  def test_threads_that_use_something_native_for_the_first_time_do_not_wait_for_each_other
    assert_equal "A A b b\n", run_ruby(<<~RUBY, seconds: 10)
      def Object.const_get(...) = sleep(0.05) && super
      app = Sabir::App.new
      app.post("/", streaming: true) { |content:| Enumerator.new { |out| content.each { |chunk| out << chunk.upcase } } }
      app.websocket("/") { |ws| ws.on_message { |event| ws.text(event.data) } }
      client = Sabir::TestClient.new(app)
      streams = 2.times.map { Thread.new { client.post("/", body: %w[a]).body } }
      sockets = 2.times.map { Thread.new { client.websocket("/") { |socket| [socket.text("b"), socket.message].last } } }
      puts [*streams.map(&:value), *sockets.map(&:value)].join(" ")
    RUBY
  end

  def test_what_is_raised_in_a_waiting_thread_does_not_end_it
    client = client_of(handler_threads: 1) { get("/") { Thread.current.object_id.to_s } }
    handler = client.get("/").body
    # Other tests have left threads, too.
    thread = Thread.list.find { |one| one.object_id.to_s == handler }
    wait_until { thread.status == "sleep" }
    log = logged do
      thread.raise("too late")
      assert_equal 200, Timeout.timeout(10) { client.get("/") }.status
    end
    assert_includes log, "too late"
  end

  def test_a_timeout_ends_what_takes_too_long
    client = client_of do
      get("/") do
        Timeout.timeout(0.05) { sleep }
      rescue Timeout::Error
        "too long"
      end
    end
    assert_equal "too long", Timeout.timeout(10) { client.get("/") }.body
  end

  def test_a_request_in_memory_can_be_interrupted
    client = client_of { get("/") { sleep } }
    assert_raises(Timeout::Error) { Timeout.timeout(0.1) { client.get("/") } }
  end

  def test_threads_end_after_their_last_call
    skip "FibersTest has the same of threads with fibers" if IN_FIBERS

    output = run_ruby(<<~RUBY)
      Sabir.const_get(:HandlerThreads).send(:remove_const, :IDLE_MS)
      Sabir.const_get(:HandlerThreads).const_set(:IDLE_MS, 50)
      app = Sabir::App.new
      app.get("/") { "hello" }
      client = Sabir::TestClient.new(app)
      2.times do
        client.get("/")
        before = Thread.list.count { |thread| thread.name == "sabir-handler" }
        sleep 0.5
        after = Thread.list.count { |thread| thread.name == "sabir-handler" }
        puts "\#{before} \#{after}"
      end
    RUBY
    assert_equal "5 0\n5 0\n", output
  end

  def test_a_process_ends_while_threads_wait
    assert_equal "hello\n", run_ruby(<<~RUBY)
      app = Sabir::App.new
      app.get("/") { "hello" }
      app.get("/sleep") { sleep }
      app.listen(port: 0)
      Thread.new { Sabir::TestClient.new(app).get("/sleep") }
      sleep 0.1
      puts Sabir::TestClient.new(app).get("/").body
    RUBY
  end

  def test_objects_survive_the_garbage_collector
    output = run_ruby(<<~RUBY, seconds: 120)
      order = Sabir::Schema.struct(id: Integer, names: [String])
      app = Sabir::App.new(handler_threads: 2)
      app.post("/{a}", query: { b: [String], c?: Integer }, body: order) do |a:, b:, body:, request:, c: 1|
        { a:, b:, c:, id: body.id, names: body.names.map(&:dup), agent: request.headers["x-agent"] }
      end
      app.get("/stream") { Enumerator.new { |out| 3.times { |n| out << { n: n.to_s * 10 } } } }
      client = Sabir::TestClient.new(app)
      GC.stress = true
      4.times do |n|
        answer = client.post("/x\#{n}?b=1&b=2", json: { id: n, names: %w[a b] }, headers: { "x-agent" => "t" })
        GC.stress = false
        puts answer.body
        GC.stress = true
      end
      body = client.get("/stream").body
      GC.stress = false
      GC.compact if GC.respond_to?(:compact)
      puts body, client.get("/stream").body
    RUBY
    expected = 4.times.map { |n| %({"a":"x#{n}","b":["1","2"],"c":1,"id":#{n},"names":["a","b"],"agent":"t"}\n) }
    lines = 3.times.map { |n| %({"n":"#{n.to_s * 10}"}\n) }.join
    assert_equal expected.join + lines + lines, output
  end
end
