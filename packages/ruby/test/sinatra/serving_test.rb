# frozen_string_literal: true

require "sinatra_helper"

class SinatraServingTest < Minitest::Test
  include SinatraHelper

  # Runs a file with this code, and yields its port.
  def serving_file(code, arguments: [])
    Dir.mktmpdir do |folder|
      File.write(file = File.join(folder, "app.rb"), code)
      Open3.popen2e("ruby", "-I#{LIBRARY}", file, *arguments) do |input, output, process|
        input.close
        lines = []
        Timeout.timeout(30) do
          until (port = lines.last.to_s[/Sabir serves on .*:(\d+)/, 1])
            lines << (output.gets or flunk(lines.join))
          end
          yield Integer(port)
        end
        Process.kill("TERM", process.pid)
        assert_predicate Timeout.timeout(30) { process.value }, :success?, lines.join
      ensure
        Process.kill("KILL", process.pid) if process.alive?
      end
    end
  end

  def test_a_file_of_words_serves_when_it_ends
    code = <<~RUBY
      require "sabir/sinatra"
      helpers { def greeting = "Hello" }
      get("/:name") { erb :page, locals: { name: params[:name] } }
      __END__
      @@ page
      <%= greeting %> <%= name %>
    RUBY
    serving_file(code, arguments: %w[-p 0 -e production -o 127.0.0.1]) do |port|
      assert_equal "Hello ann", get(port, "/ann").body.strip
    end
  end

  def test_what_is_written_for_sinatra_runs
    code = <<~RUBY
      require "sabir/sinatra"
      class Hello < Sinatra::Base
        get("/") { [settings.environment, Sinatra::Base.equal?(Sabir::Base)].inspect }
      end
      Sinatra::Application.disable :run
      Hello.run!(port: 0, bind: "127.0.0.1", environment: :production)
    RUBY
    serving_file(code) { |port| assert_equal "[:production, true]", get(port, "/").body }
  end

  def test_the_runtime_stands_in_for_other_servers
    code = <<~RUBY
      require "sabir/sinatra"
      set :server, :puma
      get("/") { env["SERVER_SOFTWARE"] }
    RUBY
    serving_file(code, arguments: %w[-p 0]) { |port| assert_match(%r{\ASabir/}, get(port, "/").body) }
  end

  def test_a_file_that_fails_serves_nothing
    Open3.popen2e("ruby", "-I#{LIBRARY}", "-e", 'require "sabir/sinatra"; get("/") { "" }; raise "broken"') do |_, output, process|
      assert_includes Timeout.timeout(30) { output.read }, "broken"
      refute_predicate process.value, :success?
    end
  end

  def test_other_servers_are_handlers_of_rack
    ran = nil
    handler = Object.new
    handler.define_singleton_method(:run) { |app, **options| ran = [options, app.call(Rack::MockRequest.env_for("/")).first] }
    app = sinatra { get("/") { 201 } }
    handlers = Object.new
    handlers.define_singleton_method(:get) { |name| name == "mine" ? handler : raise(LoadError) }
    app.define_singleton_method(:rack_handlers) { handlers }
    app.run!(server: %w[other mine], port: 9, bind: "here")
    assert_equal [{ Host: "here", Port: 9 }, 201], ran
    refute_predicate app, :running?
  end

  def test_blocks_run_before_and_after_it_serves
    code = <<~RUBY
      require "sabir/sinatra"
      on_start { puts "before" }
      on_stop { File.write(ENV.fetch("STOPPED"), "after") }
      get("/") { "" }
    RUBY
    Dir.mktmpdir do |folder|
      ENV["STOPPED"] = file = File.join(folder, "stopped")
      serving_file(code, arguments: %w[-p 0]) { |port| assert_equal "200", get(port, "/").code }
      assert_equal "after", File.read(file)
    ensure
      ENV.delete("STOPPED")
    end
  end

  def test_workers_are_processes
    code = <<~RUBY
      require "sabir/sinatra"
      set :workers, 2
      set :bind, "127.0.0.1"
      get("/") { Process.pid.to_s }
    RUBY
    serving_file(code, arguments: %w[-p 0 -e production]) do |port|
      pids = Timeout.timeout(20) do
        seen = Set.new
        seen << get(port, "/").body until seen.size == 2
        seen
      end
      refute_includes pids, Process.pid.to_s
    end
  end

  def test_lock_answers_one_at_a_time
    running = 0
    most = 0
    app = sinatra do
      enable :lock
      get("/") do
        most = [most, running += 1].max
        sleep 0.02
        running -= 1
        ""
      end
    end
    client = Sabir::TestClient.new(app)
    Array.new(4) { Thread.new { client.get("/").status } }.each { |thread| assert_equal 200, thread.value }
    assert_equal 1, most
  end
end
