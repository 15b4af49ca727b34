# frozen_string_literal: true

require "minitest/autorun"
require "logger"
require "net/http"
require "open3"
require "stringio"
require "timeout"
require "tmpdir"
require "sabir"

# What tests share.
module TestHelper
  LIBRARY = File.expand_path("../lib", __dir__)
  # `SABIR_FIBERS=1` has every application run its handlers in fibers, also those of processes that tests start.
  IN_FIBERS = ENV.key?("SABIR_FIBERS")
  if IN_FIBERS
    require_relative "support/in_fibers"
    ENV["RUBYOPT"] = "#{ENV.fetch("RUBYOPT", "")} -I#{LIBRARY} -r#{File.expand_path("support/in_fibers", __dir__)}"
  end

  # An application with what +block+ adds.
  def app_with(**settings, &)
    app = Sabir::App.new(**settings)
    app.instance_exec(&)
    app
  end

  # A client of an application with what +block+ adds.
  def client_of(**settings, &)
    Sabir::TestClient.new(app_with(**settings, &))
  end

  # What is logged while the block runs.
  def logged
    before = Sabir.logger
    output = StringIO.new
    Sabir.logger = Logger.new(output)
    yield
    output.string
  ensure
    Sabir.logger = before
  end

  # Runs Ruby code in a process of its own, and returns what it printed. It fails when that takes too long, or ends badly.
  def run_ruby(code, seconds: 30)
    Open3.popen2e("ruby", "-I#{LIBRARY}", "-rsabir", "-e", code) do |input, output, process|
      input.close
      printed = Timeout.timeout(seconds) { output.read }
      assert_predicate process.value, :success?, printed
      printed
    ensure
      signal("KILL", process)
    end
  end

  # Runs Ruby code that serves `app` in a process of its own, and yields its port and process id. Returns what it printed, and its
  # status.
  def serving(code, arguments: [], &block)
    running(["ruby", *arguments, "-I#{LIBRARY}", "-rsabir", "-e", "#{code}\napp.run(port: 0)"], &block)
  end

  # The same for a command that serves.
  def running(command)
    Open3.popen2e(*command) do |input, output, process|
      input.close
      lines = []
      Timeout.timeout(30) do
        until (port = lines.last.to_s[/Sabir serves on .*:(\d+)/, 1])
          lines << (output.gets or flunk(lines.join))
        end
        yield Integer(port), process.pid
      end
      signal("TERM", process)
      status = Timeout.timeout(30) { process.value }
      [lines.join + output.read, status]
    ensure
      signal("KILL", process)
    end
  end

  # Sends a signal, unless the process has ended.
  def signal(name, process)
    Process.kill(name, process.pid) if process.alive?
  rescue Errno::ESRCH
    nil
  end

  # Waits until the block gives something that is true.
  def wait_until(seconds: 5)
    Timeout.timeout(seconds) { sleep 0.005 until yield }
  end

  def get(port, path)
    Net::HTTP.get_response("127.0.0.1", path, port)
  end
end

Minitest::Test.include(TestHelper)
