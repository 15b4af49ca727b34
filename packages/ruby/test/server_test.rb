# frozen_string_literal: true

require "test_helper"

class ServerTest < Minitest::Test
  HELLO = 'app = Sabir::App.new; app.get("/") { "hello" }'

  def test_serves_until_it_is_asked_to_stop
    output, status = serving(HELLO) { |port, _| assert_equal "hello", get(port, "/").body }
    assert_predicate status, :success?, output
  end

  def test_finishes_running_requests_before_it_ends
    code = "#{HELLO}; app.get('/slow') { puts 'began'; $stdout.flush; sleep 0.5; 'done' }"
    request = nil
    _, status = serving(code) do |port, _|
      request = Thread.new { get(port, "/slow").body }
      sleep 0.2
    end
    assert_equal ["done", true], [request.value, status.success?]
  end

  def test_nothing_that_a_handler_does_ends_the_server
    code = <<~RUBY
      #{HELLO}
      app.get("/exit") { exit }
      app.get("/kill") { Thread.current.kill }
      app.get("/abort") { abort "no" }
      app.get("/main") { Thread.main.wakeup; "woken" }
    RUBY
    output, status = serving(code) do |port, _|
      %w[/exit /kill /abort].each { |path| assert_equal "500", get(port, path).code }
      assert_equal "woken", get(port, "/main").body
      assert_equal "hello", get(port, "/").body
    end
    assert_predicate status, :success?
    ["GET /exit failed", "without an answer", "GET /abort failed"].each { |text| assert_includes output, text }
  end

  # Nobody has taken anything of the log before.
  def test_what_the_runtime_reports_of_the_first_request_is_logged
    output = run_ruby(<<~RUBY)
      app = Sabir::App.new
      app.get("/kill") { Thread.current.kill }
      puts Sabir::TestClient.new(app).get("/kill").status
    RUBY
    assert_includes output, "500"
    assert_includes output, "without an answer"
  end

  def test_a_handler_may_fork
    code = <<~RUBY
      #{HELLO}
      app.get("/block") { Process.wait2(fork { exit!(3) })[1].exitstatus.to_s }
      app.get("/exit") { Process.wait2(fork { exit(4) })[1].exitstatus.to_s }
      app.get("/plain") do
        process = fork
        process.nil? ? "child" : Process.wait2(process)[1].exitstatus.to_s
      end
    RUBY
    output, status = serving(code) do |port, _|
      5.times do
        assert_equal "3", get(port, "/block").body
        assert_equal "4", get(port, "/exit").body
        assert_equal "0", get(port, "/plain").body
        assert_equal "hello", get(port, "/").body
      end
    end
    assert_predicate status, :success?, output
  end

  def test_an_application_made_before_a_fork_serves_after_it
    output = run_ruby(<<~RUBY)
      #{HELLO}
      reader, writer = IO.pipe
      process = fork do
        writer.puts Sabir::TestClient.new(app).get("/").body
      end
      Process.wait(process)
      puts reader.gets
      puts Sabir::TestClient.new(app).get("/").body
    RUBY
    assert_equal "hello\nhello\n", output
  end

  def test_an_application_that_was_used_before_a_fork_says_so_after_it
    output = run_ruby(<<~RUBY)
      #{HELLO}
      client = Sabir::TestClient.new(app)
      client.get("/")
      process = fork do
        client.get("/")
      rescue RuntimeError => error
        puts error.message
        other = Sabir::App.new
        other.get("/") { "other" }
        puts Sabir::TestClient.new(other).get("/").body
      end
      Process.wait(process)
      puts client.get("/").body
    RUBY
    assert_match(/\Aprocess \d+ serves the application, and this one is a fork of it.*\nother\nhello\n\z/, output)
  end

  def test_serves_on_a_unix_socket
    Dir.mktmpdir do |folder|
      app = app_with { get("/") { "hello" } }
      path = File.join(folder, "socket")
      assert_equal path, app.listen(unix: path)
      socket = UNIXSocket.new(path)
      socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
      assert_match(/hello\z/, socket.read)
      app.stop
    end
  end

  def test_says_which_address_it_cannot_have
    server = TCPServer.new("127.0.0.1", 0)
    error = assert_raises(Errno::EADDRINUSE) { app_with { get("/") { "" } }.listen(port: server.addr[1]) }
    assert_includes error.message, "127.0.0.1:#{server.addr[1]}"
  ensure
    server.close
  end

  def test_stops_and_leaves_the_traps_of_before
    assert_equal "stopped\nown\n", run_ruby(<<~RUBY).lines.last(2).join
      trap("TERM") { puts "own" }
      #{HELLO}
      Thread.new { sleep 0.2; app.stop }
      app.run(port: 0)
      puts "stopped"
      Process.kill("TERM", Process.pid)
      sleep 0.1
    RUBY
  end
end
