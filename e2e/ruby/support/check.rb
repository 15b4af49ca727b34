# frozen_string_literal: true

# Sends the requests of a fixture to an application, through one transport, and compares the answers.
class Check
  def initialize(app, exchanges, transport)
    @app = app
    @exchanges = exchanges
    @wire = Wire.new(app.listen(port: 0)) if transport == :socket
  end

  # Raises when an answer differs.
  def run
    @exchanges.each_with_index do |exchange, index|
      expected = exchange["expect"]
      found = differences(exchange, expected.is_a?(Array) ? expected : [expected])
      raise Minitest::Assertion, "exchanges[#{index}]: #{found.join("; ")}" unless found.empty?
    end
  ensure
    @wire&.close
    @app.stop
  end

  private

  def differences(exchange, expected)
    before = @app.handler_calls
    request = exchange["send"]
    return talked(exchange, expected, before) if request["websocket"]

    answers, closed = if @wire
                        @wire.send_request(request, expected.size, expects_end: expected.any? { |one| one["closed"] })
                      else
                        [[in_memory(request)], false]
                      end
    Matching.differences(expected, answers, calls: @app.handler_calls - before, closed:)
  end

  def talked(exchange, expected, before)
    opened(exchange["send"]) do |answer, peer|
      await_handler(before) if peer
      found = Matching.differences(expected, [answer], calls: @app.handler_calls - before, closed: false)
      Talk.all(exchange.fetch("talk", []), peer) if peer && found.empty?
      found
    end
  end

  # Asks for a WebSocket; yields the answer, and the client where it was opened.
  def opened(request)
    if @wire
      begin
        return yield(*ConnectionPeer.open(@wire, request))
      ensure
        @wire.close
      end
    end
    @app.connect(nil, Fixture.expand(request["path"]), host(Content.fields(request))) do |native|
      next yield(received(*native), nil) if native.is_a?(Array)

      yield Received.new(101, Sabir::Headers.new(native.headers), "".b, false), MemoryPeer.new(Sabir::TestClient::Socket.new(native))
    end
  end

  # Waits for the handler of a WebSocket, which is entered after the answer.
  def await_handler(before)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + Wire::TIMEOUT_SECONDS
    sleep(0.001) while @app.handler_calls == before && Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline
  end

  # Sends exactly what the fixture says: no further header fields, the target as it is written.
  def in_memory(request)
    given = host(Content.fields(request))
    names = given.map { |name, _| name.downcase }
    content = Content.of(request)
    given << ["content-length", content.bytesize.to_s] if content && (names & %w[content-length transfer-encoding]).empty?
    received(*@app.request(request["method"], Fixture.expand(request["path"]), given, content || "".b))
  end

  def host(fields)
    fields.any? { |name, _| name.casecmp?("host") } ? fields : [%w[host sabir.test], *fields]
  end

  def received(status, fields, content)
    answer = Sabir::TestClient::Answer.new(status, fields, content)
    Received.new(status, answer.headers, answer.each_chunk.to_a.join.b, false)
  end
end
