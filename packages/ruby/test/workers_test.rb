# frozen_string_literal: true

require "test_helper"

# Several processes that serve one address.
class WorkersTest < Minitest::Test
  PID = 'app = Sabir::App.new; app.get("/pid") { Process.pid.to_s }'

  # Serves with workers, and yields the port and the parent's process id.
  def with_workers(code = PID, count: 2, &block)
    running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", "#{code}\napp.run(port: 0, workers: #{count})"], &block)
  end

  # The workers that answer.
  def pids(port)
    40.times.map { get(port, "/pid").body }.uniq.sort
  end

  def test_several_processes_serve_one_port
    output, status = with_workers do |port, parent|
      served = pids(port)
      assert_equal 2, served.size
      refute_includes served, parent.to_s
    end
    assert_predicate status, :success?
    assert_equal 1, output.lines.size, output
  end

  def test_a_worker_that_ends_is_replaced
    output, = with_workers do |port, _|
      before = pids(port)
      Process.kill("KILL", Integer(before.first))
      wait_until(seconds: 15) { (now = pids(port)).size == 2 && !now.include?(before.first) }
    end
    assert_match(/sabir: worker \d+ was ended by SIGKILL, another one is started/, output)
  end

  def test_all_are_replaced_while_requests_come
    code = "#{PID}; app.get('/slow') { sleep 0.05; Process.pid.to_s }"
    with_workers(code) do |port, parent|
      before = pids(port)
      is_over = false
      clients = 4.times.map do
        Thread.new do
          answers = []
          answers << get(port, "/slow").code until is_over
          answers.tally
        end
      end
      2.times do
        last = pids(port)
        Process.kill("HUP", parent)
        wait_until(seconds: 20) { (now = pids(port)).size == 2 && (now & last).empty? }
      end
      is_over = true
      assert_equal [["200"]], clients.map { |client| client.value.keys }.uniq
      assert_empty before & pids(port)
    end
  end

  def test_running_requests_are_finished
    code = "#{PID}; app.get('/slow') { puts 'began'; $stdout.flush; sleep 0.5; 'done' }"
    request = nil
    _, status = with_workers(code) do |port, _|
      request = Thread.new { get(port, "/slow").body }
      sleep 0.2
    end
    assert_equal ["done", true], [request.value, status.success?]
  end

  def test_workers_end_with_their_parent
    served = []
    with_workers do |port, parent|
      served = pids(port)
      Process.kill("KILL", parent)
    end
    wait_until(seconds: 10) { served.none? { |pid| alive?(Integer(pid)) } }
  end

  def test_says_why_workers_do_not_serve
    output, status = Open3.capture2e("ruby", "-I#{LIBRARY}", "-rsabir", "-e", <<~RUBY)
      begin
        Sabir.serve(port: 0, workers: 2) { raise "no application" }
      rescue Sabir::SetupError => error
        puts error.message
      end
      app = Sabir::App.new
      [0, 10**30].each { |count| (app.run(port: 0, workers: count) rescue puts $!.message) }
      Sabir::TestClient.new(app).get("/")
      (app.run(port: 0, workers: 2) rescue puts $!.message)
    RUBY
    assert_predicate status, :success?
    ["no application", "ended with code 1 before all served", "0 workers were asked for", "#{10**30} workers were asked for", "taken requests"].each do |text|
      assert_includes output, text
    end
  end

  def test_each_worker_makes_its_own_application
    Dir.mktmpdir do |folder|
      path = File.join(folder, "version")
      File.write(path, "one")
      code = "Sabir.serve(port: 0, workers: 2, after_fork: -> { $forked = true }) { v = File.read(#{path.inspect}); " \
             "->(_) { [200, {}, [v, $forked.to_s]] } }"
      running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", code]) do |port, parent|
        assert_equal "onetrue", get(port, "/").body
        File.write(path, "two")
        Process.kill("HUP", parent)
        wait_until(seconds: 20) { 10.times.all? { get(port, "/").body == "twotrue" } }
      end
    end
  end

  def test_workers_of_a_unix_socket_end_at_once
    Dir.mktmpdir do |folder|
      path = File.join(folder, "socket")
      code = "#{PID}\napp.run(unix: #{path.inspect}, workers: 3)"
      Open3.popen2e("ruby", "-I#{LIBRARY}", "-rsabir", "-e", code) do |_, output, process|
        Timeout.timeout(20) { output.gets }
        20.times do
          socket = UNIXSocket.new(path)
          socket.write("GET /pid HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
          assert_match(/\d+\z/, socket.read)
        end
        Process.kill("TERM", process.pid)
        assert_predicate Timeout.timeout(4) { process.value }, :success?
        refute_path_exists path
      ensure
        Process.kill("KILL", process.pid) if process.alive?
      end
    end
  end

  def test_a_second_signal_ends_workers_at_once
    code = "#{PID}; app.get('/stuck') { sleep }"
    with_workers(code) do |port, parent|
      served = pids(port)
      Thread.new { get(port, "/stuck") rescue nil }
      sleep 0.2
      2.times { Process.kill("TERM", parent) && sleep(0.2) }
      wait_until { served.none? { |pid| alive?(Integer(pid)) } }
    end
  end

  private

  def alive?(pid)
    Process.kill(0, pid)
    true
  rescue Errno::ESRCH
    false
  end
end
