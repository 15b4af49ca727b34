# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class TrustedHostsTest < FixtureTest
  category "trusted_hosts"

  # It is looked at before routes are, and the answer meets the other stages.
  fixture "before_routes" do
    app = Sabir::App.new
    app.use(Sabir::TrustedHosts, hosts: ["shop.example"])
    app.use(Sabir::Cors)
    app.get("/items") { { ok: true } }
    app
  end

  # The host is the one that a proxy which is trusted says.
  fixture "forwarded_hosts" do
    app = Sabir::App.new
    app.use(Sabir::TrustedHosts, hosts: ["shop.example"])
    app.use(Sabir::TrustedProxies, fields: ["x-forwarded-host"])
    app.get("/items") { { ok: true } }
    app
  end

  # A request for another host is misdirected.
  fixture "hosts" do
    app = Sabir::App.new
    app.use(Sabir::TrustedHosts, hosts: ["shop.example", "*.cdn.example", "api.example:8443"])
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    app.mount("/", router)
    app
  end

  # A request that says no host is for none.
  fixture "no_host" do
    app = Sabir::App.new
    app.use(Sabir::TrustedHosts, hosts: ["shop.example"])
    app.get("/items") { { ok: true } }
    app
  end

  # Sockets of other hosts are refused as well.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::TrustedHosts, hosts: ["shop.example"])
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end
end
