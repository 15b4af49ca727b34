# frozen_string_literal: true

require "test_helper"

# The low-level interface.
class ExchangeTest < Minitest::Test
  def exchange_client(application, **settings)
    Sabir::TestClient.new(Sabir.create_server(application, **settings).app)
  end

  # An application that answers with what the block gives.
  def answering(&block)
    lambda do |req, res|
      res.write_head 200, "content-type" => "text/plain"
      res.write block.call(req).to_s
      res.finish
    end
  end

  def test_a_response_is_written
    app = lambda do |_, res|
      res.write_head 201, "X-A" => %w[1 2], "content-type" => "text/plain"
      res.write "one"
      res << "two" << "three"
      res.finish
      res.finish
    end
    answer = exchange_client(app).get("/")
    assert_equal [201, "onetwothree", %w[1 2]], [answer.status, answer.body, answer.headers.get_all("x-a")]
  end

  def test_a_request_says_what_it_is
    client = exchange_client(answering { |req| [req.verb, req.path, req.query_string, req.headers["x-a"], req.body.gets].inspect })
    assert_equal '["PUT", "/a", "b=1", "c", "line\n"]', client.put("/a?b=1", headers: { "x-a" => "c" }, body: "line\nnext").body
    assert_equal '["GET", "/", "", nil, nil]', client.get("/").body
  end

  def test_chunks_are_sent_as_they_are_written
    written = Queue.new
    app = lambda do |_, res|
      res.write_head 200
      res.write "one"
      written.pop
      res.write "two"
      res.finish
    end
    chunks = exchange_client(app).get("/").each_chunk
    assert_equal "one", chunks.next
    written << true
    assert_equal "two", chunks.next
    assert_raises(StopIteration) { chunks.next }
  end

  def test_a_response_may_be_finished_by_another_thread
    app = lambda do |_, res|
      res.write_head 200
      Thread.new do
        sleep 0.05
        res.write "late"
        res.finish
      end
    end
    assert_equal "late", exchange_client(app).get("/").body
  end

  def test_a_known_length_is_said
    app = lambda do |_, res|
      res.write_head 200, "content-length" => "5"
      res.write "hello"
      res.finish
    end
    assert_equal %w[5 hello], exchange_client(app).get("/").then { |answer| [answer.headers["content-length"], answer.body] }
  end

  def test_failures_are_answered_and_logged
    [
      ->(_, _) { raise "no" },
      ->(_, res) { res.write("no head") },
      ->(_, res) { res.write_head(99) && res.finish },
      ->(_, res) { res.write_head(200, "a b" => "c") && res.finish },
    ].each do |app|
      answer = nil
      log = logged { answer = exchange_client(app).get("/") }
      assert_equal [500, true], [answer.status, log.include?("failed (request")]
    end
  end

  def test_what_was_finished_stays_so
    seen = []
    app = lambda do |_, res|
      seen << res.begun? << res.finished?
      res.write_head 200
      res.finish
      seen << res.begun? << res.finished?
      seen << (res.write("more") rescue $!.class) << (res.write_head(200) rescue $!.class)
    end
    assert_equal "", exchange_client(app).get("/").body
    wait_until { seen.size == 6 }
    assert_equal [false, false, true, true, IOError, IOError], seen
  end

  def test_a_client_that_leaves_ends_what_is_written
    ended = Queue.new
    app = lambda do |_, res|
      res.write_head 200
      loop { res.write "x" * 10_000 }
    ensure
      ended << res.open?
    end
    answer = exchange_client(app).get("/")
    answer.each_chunk.first
    answer.close
    refute Timeout.timeout(5) { ended.pop }
  end

  # Tells what happens to it.
  class Recorder
    attr_reader :events

    def initialize(name, events)
      @name = name
      @events = events
    end

    def start_app(_app)
      @events << "#{@name} app"
    end

    def start_request(req, _res)
      @events << "#{@name} starts #{req.path}"
    end

    def finish_request(req, _res)
      @events << "#{@name} finishes #{req.path}"
      raise "second" if req.path == "/second"
    end
  end

  def test_events_surround_requests
    events = Queue.new
    app = lambda do |req, res|
      raise "first" if req.path == "/first"

      res.write_head(200) && res.finish
    end
    built = Sabir.build_app([Recorder.new("a", events), Object.new, Recorder.new("b", events)], [], app)
    client = exchange_client(built)
    built.start_app
    client.get("/x")
    logged { assert_equal 500, client.get("/first").status }
    wait_until { events.size == 10 }
    expected = ["a app", "b app", "a starts /x", "b starts /x", "b finishes /x", "a finishes /x"]
    expected += ["a starts /first", "b starts /first", "b finishes /first", "a finishes /first"]
    assert_equal expected, Array.new(10) { events.pop }
    logged { client.get("/second") && wait_until { events.size == 4 } }
  end

  def test_filters_wrap_the_response
    shout = Class.new do
      def filter(req, res, chain)
        response = Class.new(DelegateClass(res.class)) { define_method(:write) { |chunk| super(chunk.upcase) } }.new(res)
        chain.next(req, response)
      end
    end.new
    refuse = Class.new do
      def filter(req, res, chain)
        return chain.next(req, res) unless req.path == "/no"

        res.write_head(403) && res.finish
      end
    end.new
    client = exchange_client(Sabir.build_app([], [refuse, Sabir::Exchange::ContentLength.new, shout], answering { "hello" }))
    answer = client.get("/")
    assert_equal ["HELLO", "5"], [answer.body, answer.headers["content-length"]]
    assert_equal 403, client.get("/no").status
  end

  def test_a_server_listens
    code = <<~'RUBY'
      events = Struct.new(:n) { def start_app(_) = puts("started") }.new(1)
      app = Sabir.build_app([events], [], ->(req, res) { res.write_head(200); res.write(req.body.read); res.finish })
      Sabir.create_server(app).listen 0
    RUBY
    output, status = running(["ruby", "-I#{LIBRARY}", "-rsabir", "-e", code]) do |port, _|
      assert_equal "abc", Net::HTTP.post(URI("http://127.0.0.1:#{port}/"), "abc").body
    end
    assert_equal ["started\n", true], [output.lines.first, status.success?]
  end
end
