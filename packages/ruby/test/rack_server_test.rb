# frozen_string_literal: true

require "test_helper"

# Applications of Rack over sockets, each in a process of its own.
class RackServerTest < Minitest::Test
  # Serves the application of Rack that the code gives.
  def serving_rack(code, setup: "", settings: "", **options, &block)
    serving("#{setup}\napp = Sabir::App.new(#{settings}).mount('/', begin\n#{code}\nend)", **options, &block)
  end

  # Writes to a connection, and yields it.
  def talk(port, text)
    Timeout.timeout(10) do
      TCPSocket.open("127.0.0.1", port) do |socket|
        socket.write(text)
        yield socket
      end
    end
  end

  def test_an_application_takes_the_connection_over
    code = <<~'RUBY'
      ->(env) do
        content = env["rack.input"].read
        io = env["rack.hijack"].call
        raise "another" unless io.equal?(env["rack.hijack_io"])
        Thread.new { io.write("raw #{content}#{io.read(4)} #{io.class}"); io.close }
        nil
      end
    RUBY
    output, = serving_rack(code) do |port, _|
      20.times do
        talk(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\nping") { |socket| assert_equal "raw ping TCPSocket", socket.read }
      end
      talk(port, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbodyping") { |socket| assert_equal "raw bodyping TCPSocket", socket.read }
    end
    assert_equal 1, output.lines.size, output
  end

  def test_a_connection_is_taken_over_once_and_in_time
    code = <<~'RUBY'
      ->(env) do
        case env["PATH_INFO"]
        when "/late" then Thread.new { sleep 0.1; $late = (env["rack.hijack"].call rescue $!.class) } && [200, {}, ["late"]]
        when "/told" then [200, {}, [$late.inspect]]
        else
          io = env["rack.hijack"].call
          again = (env["rack.hijack"].call rescue $!.class)
          io.write(again.inspect)
          io.close
          [200, {}, ["not sent"]]
        end
      end
    RUBY
    serving_rack(code) do |port, _|
      talk(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n") { |socket| assert_equal "RuntimeError", socket.read }
      assert_equal "late", get(port, "/late").body
      wait_until { get(port, "/told").body == "RuntimeError" }
    end
  end

  def test_what_follows_a_takeover_is_not_the_servers
    code = <<~'RUBY'
      ->(env) do
        return [200, {}, ["ok"]] if env["PATH_INFO"] == "/ok"
        io = env["rack.hijack"].call
        io.write("\0garbage\r\n\r\n" * 100)
        io.close
        raise "after"
      end
    RUBY
    output, status = serving_rack(code) do |port, _|
      50.times { talk(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n") { |socket| assert_equal 1200, socket.read.bytesize } }
      assert_equal "ok", get(port, "/ok").body
    end
    assert_predicate status, :success?
    assert_equal 50, output.scan("after (RuntimeError)").size
  end

  def test_an_answer_goes_on_with_the_connection
    code = <<~'RUBY'
      ->(env) do
        echo = ->(io) { io.write("got #{io.gets}"); io.close }
        case env["PATH_INFO"]
        when "/header" then [200, { "content-type" => "text/plain", "rack.hijack" => echo }, ["not sent"]]
        when "/upgrade" then [101, { "upgrade" => "echo", "connection" => "upgrade" }, echo]
        else [200, { "x" => "a\rb", "rack.hijack" => echo }, []]
        end
      end
    RUBY
    serving_rack(code) do |port, _|
      talk(port, "GET /header HTTP/1.1\r\nhost: a\r\n\r\nline\n") do |socket|
        assert_equal "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\ngot line\n", socket.read
      end
      talk(port, "GET /upgrade HTTP/1.1\r\nhost: a\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n") do |socket|
        assert_equal "HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n", socket.readpartial(4096)
        socket.write("line\n")
        assert_equal "got line\n", socket.read
      end
      assert_equal "500", get(port, "/unsafe").code
    end
  end

  def test_an_answer_changes_to_a_protocol_that_the_client_has_asked_for
    code = <<~'RUBY'
      ->(env) do
        offered = env["rack.protocol"]
        echo = ->(io) { io.write("got #{io.gets}"); io.close }
        env["rack.response_finished"] << ->(_, status, _, error) { $stdout.puts("finished #{status} #{error.inspect}"); $stdout.flush }
        case env["PATH_INFO"]
        when "/offered" then [200, {}, [offered.inspect]]
        when "/chunks" then [101, { "rack.protocol" => "echo/1" }, %w[a b]]
        when "/other" then [101, { "rack.protocol" => "other" }, echo]
        else [200, { "rack.protocol" => offered.first, "upgrade" => "no", "x-a" => "1" }, echo]
        end
      end
    RUBY
    asked = "host: a\r\nupgrade: echo/1, other/2\r\nconnection: keep-alive, Upgrade\r\n\r\n"
    output, = serving_rack(code) do |port, _|
      talk(port, "GET / HTTP/1.1\r\n#{asked}") do |socket|
        assert_equal "HTTP/1.1 101 Switching Protocols\r\nx-a: 1\r\nconnection: upgrade\r\nupgrade: echo/1\r\n\r\n", socket.readpartial(4096)
        socket.write("line\n")
        assert_equal "got line\n", socket.read
      end
      talk(port, "GET /chunks HTTP/1.1\r\n#{asked}") { |socket| assert_match(/\r\n\r\nab\z/, socket.read) }
      talk(port, "GET /other HTTP/1.1\r\n#{asked}") { |socket| assert_match(/\AHTTP\/1.1 500 /, socket.readpartial(4096)) }
      talk(port, "GET /offered HTTP/1.1\r\n#{asked}") { |socket| assert_match(/\["echo\/1", "other\/2"\]\z/, socket.readpartial(4096)) }
      assert_equal "nil", get(port, "/offered").body
      talk(port, "GET /offered HTTP/1.1\r\nhost: a\r\nupgrade: echo/1\r\n\r\n") { |socket| assert_match(/nil\z/, socket.readpartial(4096)) }
    end
    assert_equal 4, output.scan("finished 200 nil").size, output
    assert_includes output, "finished 101 nil"
    assert_match(/finished 101 #<ArgumentError/, output)
  end

  def test_content_is_read_while_it_arrives
    code = <<~'RUBY'
      ->(env) do
        input = env["rack.input"]
        first = input.gets
        $stdout.puts "read #{first}"
        $stdout.flush
        [200, {}, [first, input.read]]
      end
    RUBY
    serving_rack(code) do |port, _|
      talk(port, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\none\n\r\n") do |socket|
        sleep 0.1
        socket.write("3\r\ntwo\r\n0\r\n\r\n")
        assert_match(/one\ntwo\z/, socket.read)
      end
    end
  end

  def test_much_content_takes_little_memory
    code = <<~'RUBY'
      ->(env) do
        size = 0
        while (chunk = env["rack.input"].read(65_536))
          size += chunk.bytesize
        end
        [200, {}, ["#{size} #{File.read("/proc/self/status")[/VmHWM:\s+(\d+)/, 1]}"]]
      end
    RUBY
    serving_rack(code, settings: "body_limit: 10**10") do |port, _|
      before = Integer(get(port, "/").body.split.last)
      chunk = "x" * 1_000_000
      talk(port, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 400000000\r\n\r\n") do |socket|
        400.times { socket.write(chunk) }
        size, after = socket.read.lines.last.split.map { |text| Integer(text) }
        assert_equal 400_000_000, size
        # Ruby lets more strings of a fiber grow old before it collects them.
        assert_operator after - before, :<, IN_FIBERS ? 200_000 : 100_000, "KiB"
      end
    end
  end

  def test_too_much_content_is_refused_while_it_is_read
    code = '->(env) { [200, {}, [env["rack.input"].read.size.to_s]] }'
    serving_rack(code, settings: "body_limit: 10") do |port, _|
      talk(port, "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n#{"5\r\naaaaa\r\n" * 3}0\r\n\r\n") do |socket|
        assert_match(%r{\AHTTP/1.1 413 }, socket.readpartial(4096))
      end
    end
  end

  def test_a_client_that_leaves_a_stream_has_it_ended
    code = <<~'RUBY'
      ended = Queue.new
      endless = Class.new do
        define_method(:each) { |&block| loop { block.call("x" * 1000); sleep 0.001 } }
        define_method(:close) { ended << true }
      end
      ->(env) do
        case env["PATH_INFO"]
        when "/each" then [200, {}, endless.new]
        when "/call" then [200, {}, ->(stream) { begin; loop { stream << "x" * 100_000 }; ensure; ended << true; end }]
        else [200, {}, [ended.size.to_s]]
        end
      end
    RUBY
    serving_rack(code) do |port, _|
      %w[/each /call /each /call].each_with_index do |path, index|
        talk(port, "GET #{path} HTTP/1.1\r\nhost: a\r\n\r\n") { |socket| socket.readpartial(100) }
        wait_until { get(port, "/").body == (index + 1).to_s }
      end
    end
  end

  def test_nothing_that_an_application_does_ends_the_server
    code = <<~'RUBY'
      require "timeout"
      ->(env) do
        case env["PATH_INFO"]
        when "/exit" then exit
        when "/kill" then Thread.current.kill
        when "/throw" then throw :async
        when "/timeout" then Timeout.timeout(0.05) { sleep }
        when "/raise" then (thread = Thread.current) && Thread.new { sleep 0.05; thread.raise("other") } && sleep
        when "/each" then [200, {}, Enumerator.new { |out| out << "a"; Thread.current.kill }]
        when "/fork" then [200, {}, [Process.wait2(fork { exit!(3) })[1].exitstatus.to_s]]
        when "/child" then (child = fork) ? [200, {}, [Process.wait2(child)[1].exitstatus.to_s]] : [200, {}, ["child"]]
        else [200, {}, ["ok"]]
        end
      end
    RUBY
    _, status = serving_rack(code) do |port, _|
      3.times do
        %w[/exit /kill /throw /timeout /raise].each { |path| assert_equal "500", get(port, path).code, path }
        assert_raises(EOFError, IOError) { get(port, "/each") }
        assert_equal %w[3 0 ok], %w[/fork /child /].map { |path| get(port, path).body }
      end
    end
    assert_predicate status, :success?
  end

  def test_applications_fork_while_others_are_served
    code = '->(env) { [200, {}, [env["PATH_INFO"] == "/fork" ? Process.wait2(fork { exit!(3) })[1].exitstatus.to_s : "ok"]] }'
    serving_rack(code) do |port, _|
      clients = 6.times.map do |number|
        path = number < 2 ? "/fork" : "/"
        Thread.new { Net::HTTP.start("127.0.0.1", port) { |http| 50.times.map { http.get(path).body }.tally } }
      end
      assert_equal [{ "3" => 50 }] * 2 + [{ "ok" => 50 }] * 4, clients.map(&:value)
    end
  end

  def test_sinatra_itself_runs
    setup = <<~'RUBY'
      begin
        require "sinatra/base"
      rescue LoadError
        exit!(9)
      end
      class Classic < Sinatra::Base
        set :environment, :production
        enable :sessions
        set :session_secret, "s" * 64
        get("/hi/:name") { "hi, #{params[:name]}!" }
        get("/count") { (session[:count] = session[:count].to_i + 1).to_s }
        get("/stream") { stream { |out| 3.times { |n| out << n.to_s } } }
        post("/form") { params.inspect }
        post("/json") { request.body.rewind; request.body.read }
        get("/file") { send_file "/etc/hostname", type: :txt }
        error(KeyError) { halt 404, "none" }
        get("/error") { {}.fetch(:a) }
      end
    RUBY
    serving_rack("Classic", setup:) do |port, _|
      assert_equal ["hi, ann!", "012", "none", File.read("/etc/hostname")], %w[/hi/ann /stream /error /file].map { |path| get(port, path).body }
      http = Net::HTTP.new("127.0.0.1", port)
      cookie = http.get("/count")["set-cookie"][/[^;]+/]
      assert_equal "2", http.get("/count", "cookie" => cookie).body
      assert_equal '{"a"=>"1"}', http.post("/form", "a=1", "content-type" => "application/x-www-form-urlencoded").body
      assert_equal "a=1", http.post("/json", "a=1", "content-type" => "application/x-www-form-urlencoded").body
    end
  end

  def test_rackup_serves
    Dir.mktmpdir do |folder|
      config = File.join(folder, "config.ru")
      File.write(config, 'run ->(env) { [200, { "content-type" => "text/plain" }, [env["rack.multiprocess"].inspect, env["rack.input"].read]] }')
      command = ["rackup", "-I", LIBRARY, "-s", "sabir", "-o", "127.0.0.1", "-p", "0", "-O", "workers=2", "-O", "body_limit=5", config]
      running(command) do |port, _|
        assert_equal "true", get(port, "/").body
        assert_equal "413", Net::HTTP.post(URI("http://127.0.0.1:#{port}/"), "too long").code
      end
    end
  end

  def test_serve_takes_what_an_application_of_rack_needs
    code = 'Sabir.serve(->(env) { [200, {}, [env["rack.input"].read]] }, port: 0, body_limit: 5)'
    running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", code]) { |port, _| assert_equal "", get(port, "/").body }
  end

  def test_http_2_has_no_connection_to_take_over
    skip "curl is not installed" unless system("command -v curl >/dev/null")

    code = '->(env) { [200, {}, [env["SERVER_PROTOCOL"], " ", env.key?("rack.hijack").to_s]] }'
    serving_rack(code) do |port, _|
      answer, = Open3.capture2("curl", "-s", "--http2-prior-knowledge", "http://127.0.0.1:#{port}/")
      assert_equal "HTTP/2 false", answer
    end
  end
end
