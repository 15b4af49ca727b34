# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class RateLimitTest < FixtureTest
  category "rate_limit"

  # All clients may count together.
  fixture "all_clients" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/day", key: "global")
    app.get("/items") { { ok: true } }
    app
  end

  # What is too much is refused before anything of it is decoded.
  fixture "before_decoding" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/hour")
    app.post("/a", body: { type: :object }) { { ok: true } }
    app
  end

  # Fewer requests may come at once than in the whole time.
  fixture "burst" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "60/hour", burst: 1)
    app.get("/items") { { ok: true } }
    app
  end

  # A stream of events counts once, when it is opened.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/hour")
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a")
      events << Sabir::Event.new(data: "b")
    end
    app
  end

  # Who sends the same value counts as one client, and who sends none by the address.
  fixture "key_of_a_field" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/hour", key: "header:x-api-key")
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    app.mount("/", router)
    app
  end

  # What is too much is answered 429, and answers say what is left.
  fixture "limit" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "2/hour")
    app.get("/items") { { ok: true } }
    app
  end

  # A route may have a limit where the application has none.
  fixture "only_a_route" do
    app = Sabir::App.new
    app.get("/a") { { ok: true } }
    app.get("/own", use: [Sabir::RateLimit.new(limit: "1/second", burst: 2)]) { { ok: true } }
    app
  end

  # A limit of the application counts its routes together, HEAD and fallen validation too.
  fixture "routes_count_together" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "3/hour")
    app.get("/a") { { ok: true } }
    app.get("/b", query: { n: Integer }) { { ok: true } }
    app
  end

  # A limit of a route counts that route alone, and a route may have none.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "2/hour")
    app.get("/a") { { ok: true } }
    app.get("/own", use: [Sabir::RateLimit.new(limit: "1/minute")]) { { ok: true } }
    app.get("/free", use: [Sabir::RateLimit.off]) { { ok: true } }
    app
  end

  # Opening a WebSocket counts as a request.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/hour")
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Requests without a route do not count, nor do preflights and OPTIONS.
  fixture "without_a_route" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "1/hour")
    app.use(Sabir::Cors)
    app.get("/a") { { ok: true } }
    app
  end
end
