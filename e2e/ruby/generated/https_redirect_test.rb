# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class HttpsRedirectTest < FixtureTest
  category "https_redirect"

  # Nobody is sent to a host that is not served here.
  fixture "hosts_come_first" do
    app = Sabir::App.new
    app.use(Sabir::HttpsRedirect)
    app.use(Sabir::TrustedHosts, hosts: ["shop.example"])
    app.use(Sabir::TrustedProxies)
    app.get("/items") { { ok: true } }
    app
  end

  # HTTPS may have a port of its own, and some paths are answered over HTTP.
  fixture "port_and_exceptions" do
    app = Sabir::App.new
    app.use(Sabir::HttpsRedirect, port: 8443, exclude: ["/healthz"])
    app.use(Sabir::TrustedProxies)
    app.get("/items") { { ok: true } }
    app.get("/healthz") { { ok: true } }
    app.get("/healthz/live") { { ok: true } }
    app.get("/healthzone") { { ok: true } }
    app
  end

  # What has come over HTTP is sent to the same address over HTTPS.
  fixture "redirect" do
    app = Sabir::App.new
    app.use(Sabir::HttpsRedirect)
    app.use(Sabir::TrustedProxies)
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    router.post("/items") { { ok: true } }
    app.mount("/", router)
    app
  end

  # Sockets are opened over TLS alone.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::HttpsRedirect)
    app.use(Sabir::TrustedProxies)
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end
end
