# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class CorsTest < FixtureTest
  category "cors"

  # By default pages of every origin may read answers, which are the same for all of them.
  fixture "any_origin" do
    app = Sabir::App.new
    app.use(Sabir::Cors)
    app.get("/items") { { ok: true } }
    app
  end

  # Where requests may carry credentials the answer says so to permitted origins alone.
  fixture "credentials" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example"], allow_credentials: true)
    app.get("/items") { { ok: true } }
    app
  end

  # A page may read the problems of handlers, and that one has failed.
  fixture "errors" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.get("/raise") { raise Sabir::Problem.new(status: 409) }
    app.get("/fail") { raise "no" }
    app
  end

  # Pages of permitted origins may read a stream of events.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # Pages may read the fields that are named.
  fixture "exposed_fields" do
    app = Sabir::App.new
    app.use(Sabir::Cors, expose_headers: ["X-Total-Count", "ETag"])
    app.get("/items") { { ok: true } }
    app
  end

  # What a handler says of origins itself stays.
  fixture "handlers_come_first" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.get("/own") do
      Sabir::Response.new(1, headers: { "access-control-allow-origin" => "https://other.example" })
    end
    app.get("/items") { { ok: true } }
    app
  end

  # Listed methods and fields are those that a preflight is granted, whatever it asks for.
  fixture "listed_methods_and_fields" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_methods: ["GET", "POST"], allow_headers: ["Content-Type"], max_age: 60)
    app.get("/items") { { ok: true } }
    app.delete("/items") { { ok: true } }
    app
  end

  # Pages of the named origins may read answers, and caches learn that these differ.
  fixture "named_origins" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.get("/items") { { ok: true } }
    app
  end

  # The origin of sandboxed pages is a name like others, which has to be permitted.
  fixture "null_origin" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["null"])
    app.get("/items") { { ok: true } }
    app
  end

  # A route has the stage though its application has not.
  fixture "only_a_route" do
    app = Sabir::App.new
    app.get("/open", use: [Sabir::Cors.new(allow_origins: ["https://shop.example"])]) { { ok: true } }
    app.get("/items") { { ok: true } }
    app
  end

  # A star in front of a host is every host below it, with the same scheme and port.
  fixture "origins_below_a_host" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    app.mount("/", router)
    app
  end

  # A preflight is answered with the methods that the path has, and never enters the host language.
  fixture "preflight" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    router.put("/items") { { ok: true } }
    router.delete("/items/{id:int}") { { ok: true } }
    app.mount("/", router)
    app
  end

  # Without a list a preflight is granted the fields that it asks for, and caches learn that the answer
  # depends on them.
  fixture "preflight_asks_for_fields" do
    app = Sabir::App.new
    app.use(Sabir::Cors)
    app.post("/items") { { ok: true } }
    app
  end

  # A preflight of a path that does not exist is a problem that its page may read.
  fixture "preflight_of_no_path" do
    app = Sabir::App.new
    app.use(Sabir::Cors)
    router = Sabir::Router.new
    router.get("/items") { { ok: true } }
    app.mount("/", router)
    app
  end

  # A page of a public network is let into a private one where that is allowed, and asked for.
  fixture "private_network" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_private_network: true)
    app.get("/items") { { ok: true } }
    app
  end

  # A page may read why its request was refused.
  fixture "problems" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.get("/items", query: { limit: Integer }) { { ok: true } }
    app
  end

  # A route says what differs from its application, or that it has no such stage.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::Cors, allow_origins: ["https://shop.example", "https://*.partner.example"])
    app.get("/open", use: [Sabir::Cors.new]) { { ok: true } }
    app.get("/closed", use: [Sabir::Cors.off]) { { ok: true } }
    app.get("/items") { { ok: true } }
    app
  end

  # The answer to a handshake has the fields too, also where it is refused.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::Cors)
    app.websocket("/echo", allowed_origins: ["https://shop.example"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end
end
