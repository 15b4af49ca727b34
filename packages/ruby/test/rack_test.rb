# frozen_string_literal: true

require "test_helper"
require "rack"
require "rack/lint"
require "rack/mock"

# Applications of Rack, in memory and through everything that a request on a socket passes.
class RackTest < Minitest::Test
  # A client of an application of Rack.
  def rack_client(**settings, &application)
    Sabir::TestClient.new(Sabir::App.new(**settings).mount("/", application))
  end

  # The environment of a request.
  def environment_of(method = "GET", path = "/", **options)
    seen = nil
    rack_client { |env| (seen = env.dup) && [204, {}, []] }.request(method, path, **options)
    seen
  end

  def test_the_environment_describes_the_request
    env = environment_of("POST", "/a%20b/c?d=1&e", headers: { "x-a" => "1", "host" => "shop.example:8080" }, body: "abc")
    expected = {
      "REQUEST_METHOD" => "POST", "SCRIPT_NAME" => "", "PATH_INFO" => "/a%20b/c", "QUERY_STRING" => "d=1&e",
      "REQUEST_URI" => "/a%20b/c?d=1&e", "SERVER_NAME" => "shop.example", "SERVER_PORT" => "8080", "HTTP_HOST" => "shop.example:8080",
      "HTTP_X_A" => "1", "CONTENT_LENGTH" => "3", "SERVER_PROTOCOL" => "HTTP/1.1", "HTTP_VERSION" => "HTTP/1.1",
      "rack.url_scheme" => "http", "rack.multithread" => !IN_FIBERS, "rack.multiprocess" => false, "rack.run_once" => false,
      "rack.version" => Rack::VERSION, "rack.errors" => $stderr
    }
    assert_equal expected, env.slice(*expected.keys)
    refute env.key?("HTTP_CONTENT_LENGTH")
    refute env.key?("rack.early_hints")
  end

  def test_fields_of_one_name_are_joined
    fields = [%w[x-a 1], %w[x-a 2], %w[cookie a=1], %w[cookie b=2], %w[host a]]
    seen = nil
    app = Sabir::App.new.mount("/", ->(env) { (seen = env) && [204, {}, []] })
    app.request("GET", "/", fields, "")
    assert_equal ["1, 2", "a=1; b=2"], seen.values_at("HTTP_X_A", "HTTP_COOKIE")
  end

  def test_fields_that_would_pass_for_others_are_left_out
    env = environment_of(headers: { "x_real" => "1", "version" => "2", "x-real" => "3" })
    assert_equal %w[3 HTTP/1.1], env.values_at("HTTP_X_REAL", "HTTP_VERSION")
  end

  def test_every_environment_is_the_applications_own
    count = 0
    client = rack_client do |env|
      count += 1
      assert_nil env["mine"]
      env["mine"] = env["SERVER_NAME"] << "x"
      [200, {}, [count.to_s]]
    end
    assert_equal(%w[1 2], 2.times.map { client.get("/").body })
  end

  def test_many_fields_fit
    env = environment_of(headers: 90.times.to_h { |n| ["x-field-#{n}", n.to_s] })
    assert_equal "89", env["HTTP_X_FIELD_89"]
  end

  def test_answers_with_arrays
    answer = rack_client { |_| [201, { "X-A" => "1\n2", "content-type" => "text/plain" }, %w[a b]] }.get("/")
    assert_equal [201, "ab", %w[1 2], "2"], [answer.status, answer.body, answer.headers.get_all("x-a"), answer.headers["content-length"]]
  end

  def test_answers_with_fields_that_are_arrays
    answer = rack_client { |_| [200, { "set-cookie" => %w[a=1 b=2] }, []] }.get("/")
    assert_equal %w[a=1 b=2], answer.headers.get_all("set-cookie")
  end

  def test_answers_with_a_body_that_makes_chunks
    body = Class.new do
      attr_reader :closed

      def each
        yield "a"
        yield "bc"
      end

      def close
        @closed = @closed.to_i + 1
      end
    end.new
    client = rack_client { |_| [200, { "content-type" => "text/plain" }, body] }
    assert_equal %w[a bc], client.get("/").each_chunk.to_a
    wait_until { body.closed == 1 }
    assert_equal "", client.head("/").body
    wait_until { body.closed == 2 }
  end

  def test_a_single_chunk_of_known_length_is_the_answer
    body = Rack::BodyProxy.new(["hello"]) { @closed = true }
    answer = rack_client { |_| [200, { "content-length" => "5" }, body] }.get("/")
    assert_equal %w[hello 5], [answer.body, answer.headers["content-length"]]
    wait_until { @closed }
  end

  def test_answers_with_a_body_that_is_called
    client = rack_client do |env|
      body = proc do |stream|
        stream << "got " << stream.read
        stream.write("!")
      ensure
        stream.close
      end
      env["REQUEST_METHOD"] && [200, { "content-type" => "text/plain" }, body]
    end
    assert_equal "got abc!", client.post("/", body: "abc").body
  end

  def test_a_stream_may_be_closed_by_another_thread
    client = rack_client do |_|
      body = ->(stream) { Thread.new { sleep(0.05) && stream.write("late") && stream.close } }
      [200, {}, body]
    end
    assert_equal "late", client.get("/").body
  end

  def test_sends_files
    Dir.mktmpdir do |folder|
      path = File.join(folder, "a.txt")
      File.write(path, "a" * 200_000)
      body = Struct.new(:to_path) { def each = raise("it is not read") }.new(path)
      client = rack_client { |_| [200, { "content-type" => "text/x" }, body] }
      answer = client.get("/", headers: { "range" => "bytes=0-1" })
      assert_equal [200, 200_000, "200000", "text/x"], [answer.status, answer.body.size, *answer.headers.to_h.values_at("content-length", "content-type")]
      File.delete(path)
      assert_equal 500, logged_answer { client.get("/") }.status
    end
  end

  def test_a_coding_that_the_application_has_applied_is_not_applied_twice
    pieces = ["2\r\nab\r\n", "3;x=1\r\nc", "de\r\n0\r\n", "\r\n"]
    [pieces, pieces.each, [pieces.join]].each do |body|
      answer = rack_client { |_| [200, { "Transfer-Encoding" => "chunked" }, body] }.get("/")
      assert_equal "abcde", answer.body
    end
    chunked = Rack::Chunked.new(->(_) { [200, { "content-type" => "text/plain" }, %w[one two]] })
    assert_equal "onetwo", rack_client { |env| chunked.call(env) }.get("/").body
  end

  def test_usual_middleware_works
    compressed = Rack::Deflater.new(->(_) { [200, { "content-type" => "text/plain" }, ["x" * 5000]] })
    answer = rack_client { |env| compressed.call(env) }.get("/", headers: { "accept-encoding" => "gzip" })
    assert_equal "x" * 5000, Zlib.gunzip(answer.body)
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, "a.txt"), "0123456789")
      files = Rack::ConditionalGet.new(Rack::Files.new(folder))
      client = rack_client { |env| files.call(env) }
      part = client.get("/a.txt", headers: { "range" => "bytes=2-5" })
      assert_equal [206, "2345", "bytes 2-5/10"], [part.status, part.body, part.headers["content-range"]]
      whole = client.get("/a.txt")
      assert_equal "0123456789", whole.body
      assert_equal 304, client.get("/a.txt", headers: { "if-modified-since" => whole.headers["last-modified"] }).status
    end
    upload = rack_client { |env| [200, {}, [Rack::Request.new(env).params["f"][:tempfile].read.size.to_s]] }
    content = "--b\r\ncontent-disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n#{"z" * 300_000}\r\n--b--\r\n"
    assert_equal "300000", upload.post("/", body: content, headers: { "content-type" => "multipart/form-data; boundary=b" }).body
  end

  # The head of what is compressed has a time in it, whose bytes may be those of a character of UTF-8.
  def test_content_that_is_coded_is_bytes
    modified = Time.at([0xc2, 0x80, 0x0d, 0x6b].pack("C*").unpack1("V")).httpdate
    application = ->(_) { [200, { "content-type" => "text/plain", "last-modified" => modified }, ["x" * 5000]] }
    compressed = Rack::Deflater.new(application)
    body = rack_client { |env| compressed.call(env) }.get("/", headers: { "accept-encoding" => "gzip" }).body
    assert_equal Encoding::BINARY, body.encoding
    assert_equal "x" * 5000, Zlib.gunzip(body)
  end

  def test_content_is_text_where_its_media_type_says_so
    encodings = { "text/plain" => "UTF-8", "image/svg+xml" => "UTF-8", "image/png" => "ASCII-8BIT", "application/octet-stream" => "ASCII-8BIT" }
    encodings.each do |media_type, encoding|
      body = rack_client { |_| [200, { "content-type" => media_type }, ["\u00e4"]] }.get("/").body
      assert_equal encoding, body.encoding.name, media_type
    end
  end

  def test_answers_without_content
    [204, 304].each do |status|
      answer = rack_client { |_| [status, {}, ["not sent"]] }.get("/")
      assert_equal [status, "", nil], [answer.status, answer.body, answer.headers["content-length"]]
    end
  end

  def test_answers_head_with_what_the_application_says
    answer = rack_client { |_| [200, { "content-length" => "7" }, []] }.head("/")
    assert_equal ["7", ""], [answer.headers["content-length"], answer.body]
  end

  def test_an_exception_is_logged_and_answered
    client = rack_client { |_| raise "secret" }
    answer = nil
    log = logged { answer = client.get("/") }
    assert_equal [500, "The server failed to answer"], [answer.status, answer.json["title"]]
    refute_includes answer.body, "secret"
    assert_includes log, "secret"
  end

  def test_answers_that_make_no_sense_are_failures
    [
      nil, [200, {}], [200, nil, []], ["x", {}, []], [99, {}, []], [200, { "a b" => "1" }, []], [200, { "a" => "1\r2" }, []],
      [200, {}, [1]], [200, {}, 1], [101, {}, []]
    ].each do |result|
      assert_equal 500, logged_answer { rack_client { |_| result }.get("/") }.status, result.inspect
    end
  end

  def test_a_body_that_fails_is_closed
    closed = []
    body = Class.new do
      define_method(:each) { |&_| raise "no" }
      define_method(:close) { closed << true }
    end.new
    assert_equal 500, logged_answer { rack_client { |_| [200, {}, body] }.get("/") }.status
    assert_equal 500, logged_answer { rack_client { |_| ["x", {}, body] }.get("/") }.status
    wait_until { closed.size == 2 }
  end

  def test_a_client_that_leaves_has_the_body_closed
    closed = Queue.new
    body = Class.new do
      define_method(:each) do |&block|
        block.call("a")
        sleep
      end
      define_method(:close) { closed << true }
    end.new
    answer = rack_client { |_| [200, {}, body] }.get("/")
    assert_equal "a", answer.each_chunk.first
    answer.close
    assert Timeout.timeout(5) { closed.pop }
  end

  def test_a_client_that_leaves_at_once_is_noticed_though_nobody_else_uses_the_application
    closed = Queue.new
    body = Class.new do
      define_method(:each) { |&block| block.call("a"); sleep }
      define_method(:close) { closed << true }
    end.new
    100.times do
      answer = rack_client { |_| [200, {}, body] }.get("/")
      answer.each_chunk.first
      answer.close
      assert Timeout.timeout(5) { closed.pop }
    end
  end

  def test_callbacks_are_told_of_the_end_of_the_answer
    told = Queue.new
    body = ->(name) { Class.new { define_method(:each) { |&block| block.call(name) && block.call("!") } }.new }
    client = rack_client do |env|
      %w[first last].each { |name| env["rack.response_finished"] << ->(*arguments) { told << [name, *arguments] } }
      case env["PATH_INFO"]
      when "/array" then [201, { "a" => "1" }, ["ab"]]
      when "/chunks" then [200, {}, body.call("chunks")]
      when "/called" then [200, {}, ->(stream) { stream.write("x") && stream.close }]
      when "/late" then [200, {}, ->(stream) { Thread.new { sleep(0.05) && stream.write("late") && told << ["written"] && stream.close } }]
      when "/nonsense" then [200, {}]
      when "/breaks" then [200, {}, Enumerator.new { |out| out << "x" && raise("breaks") }]
      else raise "fails"
      end
    end
    ends = -> { Array.new(2) { Timeout.timeout(5) { told.pop } } }
    %w[/array /chunks /called].each do |path|
      client.get(path).body
      first, second = ends.call
      status = path == "/array" ? 201 : 200
      assert_equal ["last", path, status, nil], [first[0], first[1]["PATH_INFO"], first[2], first[4]]
      assert_equal ["first", status], second.values_at(0, 2)
      assert_equal "1", first[3]["a"] if path == "/array"
    end
    assert_equal "late", client.get("/late").body
    assert_equal ["written"], told.pop
    assert_equal %w[last first], ends.call.map(&:first)
    logged do
      client.get("/fails")
      assert_equal [nil, nil, "fails"], ends.call.first.then { |_, _, status, headers, error| [status, headers, error.message] }
      client.get("/nonsense")
      assert_equal [nil, nil, TypeError], ends.call.first.then { |_, _, status, headers, error| [status, headers, error.class] }
      assert_raises(IOError) { client.get("/breaks").body }
      assert_equal [200, {}, "breaks"], ends.call.first.then { |_, _, status, headers, error| [status, headers, error.message] }
    end
  end

  def test_a_client_that_leaves_is_told_to_callbacks
    told = Queue.new
    client = rack_client do |env|
      env["rack.response_finished"] << ->(_, status, _, error) { told << [status, error.class] }
      [200, {}, Enumerator.new { |out| out << "a" && sleep }]
    end
    answer = client.get("/")
    assert_equal "a", answer.each_chunk.first
    answer.close
    assert_equal [200, Sabir::Disconnected], Timeout.timeout(5) { told.pop }
  end

  def test_a_callback_that_fails_is_logged_and_harms_no_other
    told = Queue.new
    client = rack_client do |env|
      env["rack.response_finished"] << ->(*) { told << true } << ->(*) { raise "callback" }
      [200, {}, ["ok"]]
    end
    log = logged do
      assert_equal "ok", client.get("/").body
      assert Timeout.timeout(5) { told.pop }
    end
    assert_includes log, "callback"
  end

  def test_a_request_in_memory_has_no_connection_to_take_over
    echo = ->(stream) { stream.write("stream") && stream.close }
    client = rack_client do |env|
      case env["PATH_INFO"]
      when "/keys" then [200, {}, [env.keys.grep(/hijack|protocol/).inspect]]
      when "/partial" then [200, { "rack.hijack" => echo }, []]
      when "/interim" then [101, { "upgrade" => "echo" }, echo]
      else [200, { "rack.protocol" => "echo" }, echo]
      end
    end
    asked = { "upgrade" => "echo", "connection" => "upgrade" }
    assert_equal "[]", client.get("/keys", headers: asked).body
    assert_equal "stream", client.get("/partial").body
    { "/interim" => "in memory", "/protocol" => "a connection of its own" }.each do |path, reason|
      log = logged { assert_equal 500, client.get(path, headers: asked).status, path }
      assert_includes log, reason
    end
  end

  def test_limits_hold
    client = rack_client(body_limit: 10) { |env| [200, {}, [env["rack.input"].read]] }
    assert_equal 413, client.post("/", body: "a" * 11).status
    assert_equal 400, client.get("/%zz").status
    assert_equal 200, client.post("/", body: "a" * 10).status
  end

  # As middleware does that shows a page for every exception.
  def test_a_limit_that_an_application_takes_for_a_failure_of_its_own_is_the_answer
    closed = 0
    page = Class.new do
      define_method(:each) { |&block| block.call("failed") }
      define_method(:close) { closed += 1 }
    end
    client = rack_client(body_limit: 10) do |env|
      [200, {}, [env["rack.input"].read]]
    rescue StandardError
      [env["PATH_INFO"] == "/own" ? 422 : 500, { "content-type" => "text/plain" }, page.new]
    end
    chunks = %w[aaaaaa bbbbbb]
    answer = client.post("/", body: chunks.each)
    assert_equal [413, "application/problem+json", 1], [answer.status, answer.headers["content-type"], closed]
    assert_equal [422, "failed"], [(answer = client.post("/own", body: chunks.each)).status, answer.body]
    assert_equal [500, "failed"], [(answer = client_that_fails(page).post("/", body: chunks.each)).status, answer.body]
  end

  def client_that_fails(page)
    rack_client { |env| env["rack.input"].read && [500, { "content-type" => "text/plain" }, page.new] }
  end

  def test_an_application_below_a_path
    app = Sabir::App.new
    app.get("/new") { "new" }
    app.mount("/old", ->(env) { [200, {}, [env.values_at("SCRIPT_NAME", "PATH_INFO").join("|")]] })
    client = Sabir::TestClient.new(app)
    assert_equal ["new", "/old|", "/old|/a", 404], [client.get("/new").body, client.get("/old").body, client.get("/old/a").body, client.get("/older").status]
  end

  def test_lint_has_nothing_to_say
    application = lambda do |env|
      request = Rack::Request.new(env)
      case request.path_info
      when "/form" then [200, { "content-type" => "text/plain" }, [request.params.inspect]]
      when "/lines"
        lines = []
        env["rack.input"].each { |line| lines << line }
        [200, { "content-type" => "text/plain" }, lines]
      when "/empty" then [204, {}, []]
      when "/stream" then [200, { "content-type" => "text/plain" }, Enumerator.new { |out| 3.times { |n| out << n.to_s } }]
      else [200, { "content-type" => "text/plain", "content-length" => "2" }, request.head? ? [] : ["ok"]]
      end
    end
    linted = Rack::Lint.new(application)
    client = rack_client { |env| linted.call(env) }
    assert_equal "ok", client.get("/?a=1", headers: { "x-a" => "\u00e4" }).body
    assert_equal 200, client.head("/").status
    assert_equal 204, client.delete("/empty").status
    assert_equal "012", client.get("/stream").body
    assert_equal '{"b"=>"2", "a"=>"1"}', client.post("/form?b=2", form: { a: 1 }).body
    assert_equal "a\nb", client.put("/lines", body: "a\nb").body
    assert_equal "ok", client.request("PROPFIND", "/").body
  end

  private

  def logged_answer
    answer = nil
    logged { answer = yield }
    answer
  end
end
