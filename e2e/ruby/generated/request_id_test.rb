# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class RequestIdTest < FixtureTest
  category "request_id"

  # The field may have another name, which is then the only one.
  fixture "another_field" do
    app = Sabir::App.new
    app.use(Sabir::RequestId, header: "X-Correlation-ID")
    app.get("/items") { { ok: true } }
    app
  end

  # Streams say it as well.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::RequestId)
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # Every answer says the id of its request, which is taken over from whom is trusted.
  fixture "every_answer" do
    app = Sabir::App.new
    app.use(Sabir::RequestId)
    app.get("/items") { { ok: true } }
    app.get("/fail") { raise "a" }
    app
  end

  # Where nobody is trusted every id is new.
  fixture "nobody_is_believed" do
    app = Sabir::App.new
    app.use(Sabir::RequestId, accept_from: [])
    app.get("/items") { { ok: true } }
    app
  end

  # Handshakes say it as well.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::RequestId)
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Ids may be random UUIDs.
  fixture "uuids" do
    app = Sabir::App.new
    app.use(Sabir::RequestId, format: "uuid")
    app.get("/items") { { ok: true } }
    app
  end
end
