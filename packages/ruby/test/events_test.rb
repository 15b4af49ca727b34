# frozen_string_literal: true

require "test_helper"

class EventsTest < Minitest::Test
  def test_sends_the_events_that_a_block_gives
    client = client_of do
      sse("/ticks/{n:int}") do |events, n:, last_event_id: "none"|
        n.times { |index| events << Sabir::Event.new(data: { n: index }, id: index, event: :tick) }
        events << last_event_id
      end
      sse("/returned") { [Sabir::Event.new(data: "a\nb", retry: 5, comment: "c")].each }
      sse("/nothing") { |events| events.nil? }
    end
    answer = client.get("/ticks/2", headers: { "last-event-id" => "7" })
    assert_equal "text/event-stream", answer.headers["content-type"]
    assert_equal "event: tick\nid: 0\ndata: {\"n\":0}\n\nevent: tick\nid: 1\ndata: {\"n\":1}\n\ndata: 7\n\n", answer.body
    assert_includes client.get("/ticks/0").body, "data: none"
    assert_includes client.get("/returned").body, "data: a\ndata: b\n"
    assert_equal [200, ""], [client.get("/nothing").status, client.get("/nothing").body]
  end

  def test_a_failure_before_the_first_event_is_an_answer
    client = client_of { sse("/") { |events| raise Sabir::NotFound, "Nothing." if events } }
    assert_equal 404, client.get("/").status
  end

  def test_the_head_does_not_wait_for_the_first_event
    gate = Queue.new
    client = client_of { sse("/") { |events| events << gate.pop } }
    answer = Timeout.timeout(5) { client.get("/") }
    assert_equal 200, answer.status
    gate.push("late")
    assert_includes answer.each_chunk.first, "late"
  end

  def test_a_channel_is_a_stream_of_events
    app = Sabir::App.new
    app.sse("/news") { |last_event_id: nil| app.events("news", last_event_id) }
    answer = Sabir::TestClient.new(app).get("/news")
    chunks = answer.each_chunk
    Thread.new { sleep 0.01 until app.publish("news", { n: 1 }) == 1 }
    assert_includes Timeout.timeout(5) { chunks.next }, 'data: {"n":1}'
    answer.close
  end
end
