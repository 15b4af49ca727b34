# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class SecurityHeadersTest < FixtureTest
  category "security_headers"

  # Answers say by themselves what browsers may do with them.
  fixture "defaults" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.get("/items") { { ok: true } }
    app
  end

  # A stream of events has the fields.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # A field that the handler has set stays as it is.
  fixture "handlers_come_first" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.get("/items") { Sabir::Response.new(1, headers: { "x-frame-options" => "DENY" }) }
    app
  end

  # A nonce in the policy is a random number, of refusals too.
  fixture "nonces" do
    app = Sabir::App.new
    app.use(
      Sabir::SecurityHeaders,
      content_security_policy: "script-src 'nonce-{nonce}'; object-src 'none'; style-src 'nonce-{nonce}'",
    )
    app.get("/") { "page" }
    app.get("/own") do
      Sabir::Response.new("page", headers: { "content-security-policy" => "default-src 'none'" })
    end
    app.get("/fixed", use: [Sabir::SecurityHeaders.new(content_security_policy: "script-src 'self'")]) do
      "page"
    end
    app.get("/off", use: [Sabir::SecurityHeaders.off]) { "page" }
    app
  end

  # Each field has an option, and is left out where that is empty.
  fixture "options" do
    app = Sabir::App.new
    app.use(
      Sabir::SecurityHeaders,
      content_type_options: false,
      frame_options: "DENY",
      referrer_policy: "no-referrer",
      hsts_max_age: 31536000,
      hsts_include_subdomains: true,
      content_security_policy: "default-src 'self'",
      cross_origin_opener_policy: "",
    )
    app.get("/items") { { ok: true } }
    app
  end

  # Refusals say it too.
  fixture "problems" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.get("/items", query: { limit: Integer }) { { ok: true } }
    app
  end

  # A route says what differs from its application, or that it has no such stage.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.get("/frame", use: [Sabir::SecurityHeaders.new(frame_options: "")]) { { ok: true } }
    app.get("/plain", use: [Sabir::SecurityHeaders.off]) { { ok: true } }
    app.get("/items") { { ok: true } }
    app
  end

  # The answer to a handshake has the fields, refused or not.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end
end
