# frozen_string_literal: true

require "test_helper"

# What is done before the first request and after the last one.
class LifespanTest < Minitest::Test
  def test_runs_around_the_requests_of_a_test_client
    order = []
    app = app_with do
      on_start { |app| order << "one" and app.state[:greeting] = "hello" }
      on_start { order << "two" }
      on_stop { order << "stop one" }
      on_stop { |app| order << "stop two after #{app.state[:greeting]}" }
    end
    app.get("/") { app.state[:greeting] }
    Sabir::TestClient.open(app) { |client| assert_equal %w[hello hello], [client.get("/").body, client.get("/").body] }
    assert_equal ["one", "two", "stop two after hello", "stop one"], order
  end

  def test_a_start_that_fails_keeps_the_process_from_serving
    code = <<~RUBY
      app = Sabir::App.new.get("/") { "" }
      app.on_start { raise "no database" }
      app.on_stop { puts "stopped" }
      app.run(port: 0)
    RUBY
    output, status = Open3.capture2e("ruby", "-I#{LIBRARY}", "-rsabir", "-e", code)
    assert_equal 1, status.exitstatus
    assert_match(/on_start at -e:2 failed/, output)
    assert_match(/no database/, output)
    refute_match(/serves on|stopped/, output)
  end

  def test_an_end_that_fails_is_logged_and_the_others_run
    code = <<~RUBY
      app = Sabir::App.new.get("/") { "" }
      app.on_stop { puts "first"; $stdout.flush }
      app.on_stop { raise "cannot close" }
    RUBY
    output, status = serving(code) { |port,| assert_equal "200", get(port, "/").code }
    assert_predicate status, :success?
    assert_match(/cannot close/, output)
    assert_match(/^first$/, output)
  end

  def test_workers_run_it_each_and_the_server_once
    code = <<~RUBY
      app = Sabir::App.new.get("/") { "" }
      app.on_start { puts "process \#{Process.pid}"; $stdout.flush }
      app.on_stop { puts "stop"; $stdout.flush }
      app.on_start(per: :server) { puts "server"; $stdout.flush }
      app.on_stop(per: :server) { puts "server ends"; $stdout.flush }
      app.run(port: 0, workers: 2)
    RUBY
    output, status = running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", code]) { |port,| assert_equal "200", get(port, "/").code }
    assert_predicate status, :success?, output
    lines = output.lines(chomp: true)
    assert_equal 2, lines.grep(/\Aprocess/).uniq.size, output
    assert_equal [1, 2, 1], [lines.count("server"), lines.count("stop"), lines.count("server ends")], output
    assert_equal %w[server], lines.first(1)
  end

  def test_mistakes_are_told
    app = Sabir::App.new
    assert_equal "on_start", assert_raises(Sabir::SetupError) { app.on_start }.field
    assert_includes assert_raises(Sabir::SetupError) { app.on_stop(per: :thread) { nil } }.message, "per: :process or per: :server"
  end
end
