# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class ServerTimingTest < FixtureTest
  category "server_timing"

  # Answers of handlers say how long they have taken, and so do problems.
  fixture "answers" do
    app = Sabir::App.new
    app.use(Sabir::ServerTiming)
    router = Sabir::Router.new
    router.get("/items", query: { n?: Integer }) { { ok: true } }
    router.get("/fail") { raise "a" }
    app.mount("/", router)
    app
  end

  # Streams say how long it took until they began.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::ServerTiming)
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # What a handler has measured stays.
  fixture "handlers_measure_too" do
    app = Sabir::App.new
    app.use(Sabir::ServerTiming, metric: "runtime")
    app.get("/items") { Sabir::Response.new({}, headers: { "server-timing" => "db;dur=1" }) }
    app
  end

  # A route may have it, and another may not.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::ServerTiming)
    app.get("/items") { { ok: true } }
    app.get("/silent", use: [Sabir::ServerTiming.off]) { { ok: true } }
    app
  end
end
