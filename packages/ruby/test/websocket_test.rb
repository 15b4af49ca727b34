# frozen_string_literal: true

require "test_helper"

class WebSocketTest < Minitest::Test
  def test_tells_what_happens
    events = Queue.new
    client = client_of do
      websocket("/echo/{room}", query: { n?: Integer }) do |ws, room:, n: 0|
        count = n
        ws.on_open { ws.text("#{room} #{ws.request.path}") }
        ws.on_message { |event| event.data.encoding == Encoding::BINARY ? ws.binary(event.data) : ws.json([event.data, count += 1]) }
        ws.on_pong { |event| events.push(event.data) }
        ws.on_ping { |event| events.push(event.data) }
        ws.on_close { |event| events.push([event.code, event.reason]) }
      end
    end
    client.websocket("/echo/a", query: { n: 3 }) do |socket|
      assert_equal "a /echo/a", socket.message
      2.times { socket.text("Löwe") }
      assert_equal ['["Löwe",4]', '["Löwe",5]'], [socket.message, socket.message]
      socket.binary("a\0\xFF")
      assert_equal "a\0\xFF".b, socket.message
      socket.ping("hi")
      assert_equal [:pong, "hi"], socket.receive.to_a
      assert_equal "hi", Timeout.timeout(5) { events.pop }
      socket.close(4001, "bye")
      assert_equal [4001, "bye"], Timeout.timeout(5) { events.pop }
    end
  end

  def test_a_handler_that_closes_is_told_at_once
    events = Queue.new
    client = client_of(websocket_close_timeout_ms: 60_000) do
      websocket("/") do |ws|
        ws.on_message { |event| events.push(event.data) && ws.close(4000, "enough") }
        ws.on_close { |event| events.push([event.code, event.reason]) }
      end
    end
    client.websocket("/") do |socket|
      # "hi" twice, masked with zeros.
      socket.write("\x81\x82\0\0\0\0hi".b * 2)
      assert_equal ["hi", [4000, "enough"]], Array.new(2) { Timeout.timeout(5) { events.pop } }
      assert_equal [:close, [4000, "enough"]], socket.receive.to_a
    end
    assert_empty events
  end

  def test_keeps_messages_in_order
    client = client_of(handler_threads: 4) { websocket("/") { |ws| ws.on_message { |event| sleep(rand / 500) && ws.text(event.data) } } }
    client.websocket("/") do |socket|
      100.times { |n| socket.text(n.to_s) }
      assert_equal Array.new(100, &:to_s), Array.new(100) { socket.message }
    end
  end

  def test_goes_on_after_a_client_that_read_too_slowly
    client = client_of do
      websocket("/") { |ws| ws.on_message { |event| event.data == "much" ? 60.times { ws.binary("x" * 100_000) } : ws.text(event.data) } }
    end
    client.websocket("/") do |socket|
      3.times do
        socket.text("much")
        sleep 0.2
        assert_equal [100_000], Array.new(60) { socket.message.bytesize }.uniq
        socket.text("hello")
        assert_equal "hello", socket.message
      end
    end
  end

  def test_reads_messages_by_their_schema
    message = Sabir::Schema.struct(text: String)
    client = client_of { websocket("/", incoming: message, subprotocols: %w[v1]) { |ws| ws.on_message { |event| ws.text(event.data.text) } } }
    client.websocket("/", subprotocols: %w[v2 v1]) do |socket|
      assert_equal "v1", socket.subprotocol
      socket.json({ text: 1 })
      assert_equal 422, JSON.parse(socket.message)["status"]
      socket.json({ text: "hi" })
      assert_equal "hi", socket.message
    end
  end

  def test_a_failure_goes_to_its_block_or_closes
    client = client_of do
      websocket("/handled") do |ws|
        ws.on_message { raise "oh" }
        ws.on_error { |event| ws.text(event.error.message) }
      end
      websocket("/fails") { |ws| ws.on_message { raise "oh" } }
      websocket("/begins") { raise "oh" }
      websocket("/closes") { |ws| ws.on_message { ws.close(Sabir::WebSocket::CLOSE_POLICY_VIOLATION, "no") } }
    end
    client.websocket("/handled") { |socket| socket.text("") && nil || assert_equal("oh", socket.message) }
    log = logged do
      assert_equal([1011, ""], client.websocket("/fails") { |socket| socket.text("") || socket.receive.data })
      assert_equal([1011, ""], client.websocket("/begins") { |socket| socket.receive.data })
    end
    assert_equal 2, log.scan("(RuntimeError)").size
    assert_equal([1008, "no"], client.websocket("/closes") { |socket| socket.text("") || socket.receive.data })
  end

  def test_parameters_are_validated_before_a_socket_is_opened
    client = client_of { websocket("/{n:int}", query: { a: Integer }) { |a:| flunk(a) } }
    assert_equal 422, client.websocket("/1?a=x") { flunk }.status
    assert_equal 404, client.websocket("/x?a=1") { flunk }.status
  end

  def test_publishes_to_those_who_have_subscribed
    app = app_with do
      websocket("/{room}") do |ws, room:|
        ws.on_open { ws.subscribe(room) || ws.text("ready") }
        ws.on_message { |event| ws.publish(room, event.data) }
      end
    end
    client = Sabir::TestClient.new(app)
    client.websocket("/a") do |one|
      client.websocket("/a") do |other|
        assert_equal %w[ready ready], [one.message, other.message]
        assert_equal 2, app.presence("a")
        one.text("hello")
        assert_equal %w[hello hello], [one.message, other.message]
        assert_equal 2, app.publish("a", { n: 1 })
        assert_equal '{"n":1}', other.message
      end
    end
  end

  def test_what_ruby_refuses_is_an_answer_before_a_socket_is_open
    picky = Class.new do
      def self.json_schema = { type: :string }
      def self.from_json(text) = text == "good" ? text : raise(Sabir::ContentTooLarge, "Too #{text}.")
    end
    client = client_of do
      websocket("/", query: { kind: picky, day?: Date }) { |ws, kind:, day: nil| ws.on_open { ws.text("#{kind} #{day}") } }
      websocket("/message", incoming: picky) { |ws| ws.on_message { |event| ws.text(event.data) } }
      websocket("/problem") { |ws| ws.on_message { raise Sabir::NotFound, "No such room." } }
    end
    assert_equal("good 2024-02-29", client.websocket("/?kind=good&day=2024-02-29", &:message))
    refused = client.websocket("/?kind=bad") { flunk }
    assert_equal [413, "Too bad."], [refused.status, refused.json["detail"]]
    client.websocket("/message") do |socket|
      socket.json("bad")
      assert_equal [413, "Too bad."], JSON.parse(socket.message).values_at("status", "detail")
      socket.json("good")
      assert_equal "good", socket.message
    end
    log = logged { assert_equal([1008, "No such room."], client.websocket("/problem") { |socket| socket.text("") || socket.receive.data }) }
    assert_empty log
  end
end
