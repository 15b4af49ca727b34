# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class TrustedProxiesTest < FixtureTest
  category "trusted_proxies"

  # The client is the nearest sender that is not trusted, and its proxy knows what it has asked for.
  fixture "chain_of_proxies" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, trust: ["loopback", "unix", "10.0.0.0/8"])
    app.get("/items") { |request| { url: request.url, client: request.ip } }
    app
  end

  # A proxy that is trusted says who the client is and which scheme it has used.
  fixture "client_and_scheme" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies)
    app.get("/items") { |request| { url: request.url, client: request.ip } }
    app
  end

  # The field of the standard says all of it at once, and the other fields are not looked at.
  fixture "forwarded" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, trust: ["loopback", "unix", "10.0.0.0/8"], fields: ["forwarded"])
    app.get("/items") { |request| { url: request.url, client: request.ip } }
    app
  end

  # A proxy that is trusted may say the host and the port as well.
  fixture "host_and_port" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, fields: [
      "x-forwarded-for",
      "x-forwarded-proto",
      "x-forwarded-host",
      "x-forwarded-port",
    ])
    app.get("/items") { |request| { url: request.url, "header:host": request.headers["host"] } }
    app
  end

  # A field that nobody can read in one way alone is refused: its client may have written it.
  fixture "malformed_forwarded" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, fields: ["forwarded"])
    app.get("/items") { |request| { client: request.ip } }
    app
  end

  # A sender without an address ends the search, and values that are none are not looked at.
  fixture "not_an_address" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, trust: ["loopback", "unix", "10.0.0.0/8"], fields: [
      "x-forwarded-for",
      "x-forwarded-proto",
      "x-forwarded-host",
      "x-forwarded-port",
    ])
    app.get("/items") { |request| { url: request.url, client: request.ip } }
    app
  end

  # Clients behind a proxy that is trusted are counted each for itself.
  fixture "rate_limits" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies)
    app.use(Sabir::RateLimit, limit: "1/hour")
    app.get("/items") { { ok: true } }
    app
  end

  # Pages of the host that the client has asked for may open sockets.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::TrustedProxies, fields: ["x-forwarded-host"])
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end
end
