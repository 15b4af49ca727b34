# frozen_string_literal: true

require "test_helper"

class StreamingTest < Minitest::Test
  def test_sends_what_is_made_while_it_is_sent
    client = client_of do
      get("/text") { Enumerator.new { |out| 3.times { |n| out << "line #{n}\n" } } }
      get("/lines") { [{ a: 1 }, { a: 2 }].each }
      get("/lazy") { (1..3).lazy.map { |n| { n: } } }
      get("/csv") { Sabir::Response.stream(media_type: "text/csv") { |out| out << "a,b\n" << "1,2\n" } }
      get("/nothing") { [].each }
      get("/rack") { [200, { "content-type" => "text/html" }, %w[a b].each] }
    end
    assert_equal ["text/plain; charset=utf-8", "line 0\nline 1\nline 2\n"], typed(client.get("/text"))
    assert_equal ["application/jsonl", %({"a":1}\n{"a":2}\n)], typed(client.get("/lines"))
    assert_equal %({"n":1}\n{"n":2}\n{"n":3}\n), client.get("/lazy").body
    assert_equal ["text/csv", "a,b\n1,2\n"], typed(client.get("/csv"))
    assert_equal "", client.get("/nothing").body
    assert_equal ["text/html", "ab"], typed(client.get("/rack"))
  end

  def test_a_failure_before_the_first_chunk_is_an_answer
    client = client_of do
      get("/problem") { Enumerator.new { raise Sabir::NotFound, "Nothing." } }
      get("/failure") { Enumerator.new { raise "secret" } }
      get("/late") { Enumerator.new { |out| out << "begun" && raise("secret") } }
    end
    assert_equal [404, "Nothing."], [client.get("/problem").status, client.get("/problem").json["detail"]]
    log = logged do
      assert_equal 500, client.get("/failure").status
      assert_match(/see the log/, assert_raises(IOError) { client.get("/late").body }.message)
    end
    assert_equal 2, log.scan("(RuntimeError)").size
  end

  def test_a_client_that_leaves_ends_the_stream
    ends = Queue.new
    waits = endless(ends) { sleep }
    writes = endless(ends) { |out| loop { out << "x" * 10_000 } }
    client = client_of(handler_threads: 1) do
      get("/wait") { waits }
      get("/write") { writes }
      get("/") { "hello" }
    end
    %w[/wait /write].each do |path|
      answer = client.get(path)
      assert_equal "begun", answer.each_chunk.first
      assert_equal "hello", client.get("/").body, "a stream keeps no thread from others"
      answer.close
      assert_equal "ended", Timeout.timeout(5) { ends.pop }, path
    end
  end

  def test_content_is_taken_while_it_arrives
    client = client_of do
      post("/bytes", streaming: true) { |content:| content.sum(&:bytesize).to_s }
      post("/lines", body_items: { type: :integer }) { |items:| items.sum.to_s }
      post("/parts", parts: true) { |parts:| parts.flat_map { |part| [part.name, *part] } }
    end
    assert_equal "100000", client.post("/bytes", body: "x" * 100_000).body
    assert_equal "6", client.post("/lines", body: "1\n2\n3\n", headers: { "content-type" => "application/jsonl" }).body
    answer = client.post("/lines", body: "1\n\"x\"\n", headers: { "content-type" => "application/jsonl" })
    assert_equal 422, answer.status
    body = "--b\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nhi\r\n--b--\r\n"
    assert_equal %w[a hi], client.post("/parts", body:, headers: { "content-type" => "multipart/form-data; boundary=b" }).json
  end

  def test_slow_clients_keep_no_thread
    app = app_with(handler_threads: 1) do
      get("/large") { Enumerator.new { |out| 200.times { out << "x" * 65_536 } } }
      get("/") { "hello" }
    end
    address = app.listen(port: 0)
    host, port = address.split(":")
    slow = 8.times.map do
      TCPSocket.new(host, port).tap { |socket| socket.write("GET /large HTTP/1.1\r\nhost: a\r\n\r\n") }
    end
    sleep 0.2
    assert_equal "hello", Timeout.timeout(5) { get(port, "/").body }
    slow.each(&:close)
  ensure
    app&.stop
  end

  def test_short_streams_take_no_further_threads
    client = client_of(handler_threads: 2) { get("/") { [1, 2].each } }
    before = Thread.list.size
    50.times { client.get("/").body }
    assert_operator Thread.list.size - before, :<=, 4
  end

  def test_fields_follow_a_stream
    client = client_of do
      get("/") do
        size = 0
        Sabir::Response.stream(trailers: { "x-size" => -> { size }, "x-kind" => "rows" }) { |out| 3.times { |n| out << "row #{n}\n" && size += 1 } }
      end
      get("/fails") { Sabir::Response.stream(trailers: { "x-size" => -> { raise "late" } }) { |out| out << "row" } }
      get("/refused") { Sabir::Response.stream(trailers: { "content-length" => 1 }) { |out| out << "row" } }
      get("/plain") { Sabir::Response.new("row", trailers: { "x-size" => 1 }) }
    end
    answer = client.get("/", headers: { "te" => "trailers" })
    assert_empty answer.trailers
    assert_equal 18, answer.body.size
    assert_equal({ "x-size" => "3", "x-kind" => "rows" }, answer.trailers.to_h)
    log = logged do
      assert_raises(IOError) { client.get("/fails").body }
      assert_equal [500, 500], [client.get("/refused").status, client.get("/plain").status]
    end
    assert_match(/content-length/, log)
    assert_match(/trailers follow streams alone/, log)
  end

  def test_content_of_requests_is_made_when_it_is_wanted
    client = client_of do
      post("/echo", streaming: true) { |content:| Enumerator.new { |out| content.each { |chunk| out << chunk.upcase } } }
      post("/whole", body: [Integer]) { |body:| body.sum.to_s }
      post("/early", streaming: true) { "enough" }
    end
    made = []
    chunks = Enumerator.new { |out| %w[[1 ,2 ,3]].each { |chunk| made << chunk && out << chunk } }
    assert_equal "6", client.post("/whole", headers: { "content-type" => "application/json" }, body: chunks).body
    assert_equal %w[[1 ,2 ,3]], made
    assert_equal "AB", client.post("/echo", body: %w[a b].each).body
    assert_equal "enough", client.post("/early", body: Enumerator.new { |out| loop { out << "x" * 10_000 } }).body
    broken = Enumerator.new { |out| out << "[" && raise("no more") }
    error = assert_raises(RuntimeError) { client.post("/whole", headers: { "content-type" => "application/json" }, body: broken) }
    assert_equal "no more", error.message
  end

  private

  def typed(answer)
    [answer.headers["content-type"], answer.body]
  end

  # A stream that begins, then does what the block does, and tells when it is ended.
  def endless(ends)
    Enumerator.new do |out|
      out << "begun"
      yield out
    ensure
      ends.push("ended")
    end
  end
end
