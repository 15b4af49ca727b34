# frozen_string_literal: true

require "sinatra_helper"

class SinatraStreamingTest < Minitest::Test
  include SinatraHelper

  def test_chunks_are_sent_while_they_are_made
    app = sinatra { get("/:n") { stream { |out| 3.times { |n| out << n << params[:n] } } } }
    assert_equal "0a1a2a", ask(app, "/a").body
  end

  def test_streams_end_with_their_block_and_run_callbacks
    ended = []
    app = sinatra do
      get("/") do
        stream do |out|
          out.callback { ended << out.closed? }
          out << "x"
        end
      end
    end
    assert_equal "x", Sabir::TestClient.new(app).get("/").body
    assert_equal [true], ended
  end

  def test_an_open_stream_takes_what_other_requests_write
    outputs = Queue.new
    app = sinatra do
      get("/open") { stream(:keep_open) { |out| outputs << out and out << "begin " } }
      get("/say/:word") { outputs.pop.tap { |out| out << params[:word] << " " }.then { |out| outputs << out } and "" }
      get("/end") { outputs.pop.close || "" }
    end
    client = Sabir::TestClient.new(app)
    listener = Thread.new { client.get("/open").body }
    client.get("/say/hello")
    client.get("/say/world")
    client.get("/end")
    assert_equal "begin hello world ", Timeout.timeout(10) { listener.value }
  end

  def test_an_open_stream_ends_when_its_client_leaves
    ended = Queue.new
    app = sinatra do
      get("/open") do
        stream(:keep_open) do |out|
          out.callback { ended << :ended }
          out << "begin"
        end
      end
    end
    answer = Sabir::TestClient.new(app).get("/open")
    answer.each_chunk { break }
    answer.close
    assert_equal :ended, Timeout.timeout(10) { ended.pop }
  end

  def test_open_streams_keep_no_other_request_waiting
    opened = []
    app = sinatra do
      set :handler_threads, 1
      get("/open") { stream(:keep_open) { |out| opened << out and out << "x" } }
      get("/") { "free" }
    end
    client = Sabir::TestClient.new(app)
    answers = Array.new(3) { client.get("/open") }
    assert_equal "free", Timeout.timeout(10) { client.get("/").body }
    answers.each(&:close)
  end

  def test_a_failure_breaks_a_stream_off
    app = sinatra { get("/") { stream { |out| (out << "x") && raise("oh") } } }
    logged { assert_raises(IOError) { Sabir::TestClient.new(app).get("/").body } }
  end
end
