# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class CsrfTest < FixtureTest
  category "csrf"

  # With require_source, clients that say nothing of a page are refused.
  fixture "a_source_may_be_required" do
    app = Sabir::App.new
    app.use(Sabir::Csrf, require_source: true)
    router = Sabir::Router.new
    router.post("/orders") { "done" }
    app.mount("/", router)
    app
  end

  # Of browsers that say the page alone, its origin is compared with the host.
  fixture "browsers_that_name_the_page" do
    app = Sabir::App.new
    app.use(Sabir::Csrf, trusted_origins: ["https://partner.example"])
    app.post("/orders") { "done" }
    app
  end

  # Of browsers that do not say where a request comes from, the origin is compared with the host.
  fixture "browsers_without_fetch_metadata" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.post("/orders") { "done" }
    app
  end

  # Clients that say nothing of a page are no browsers.
  fixture "clients_that_are_no_browsers" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    router = Sabir::Router.new
    router.post("/orders") { "done" }
    app.mount("/", router)
    app
  end

  # What is refused is not decoded or validated, and no path that is not there is hidden.
  fixture "content_is_not_read" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.post("/orders", body: { type: :object }) { "done" }
    app
  end

  # A route may be the only one that is protected.
  fixture "only_a_route" do
    app = Sabir::App.new
    app.post("/orders") { "done" }
    app.post("/own", use: [Sabir::Csrf.new]) { "done" }
    app
  end

  # A page of another site may not change anything, which browsers say of it.
  fixture "pages_of_other_sites" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.post("/orders") { "done" }
    app
  end

  # A route trusts other origins, or all of them.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.post("/orders") { "done" }
    app.post("/partner", use: [Sabir::Csrf.new(trusted_origins: ["https://partner.example"])]) { "done" }
    app.post("/hook", use: [Sabir::Csrf.off]) { "done" }
    app
  end

  # Safe methods change nothing, so that every page may use them.
  fixture "safe_methods" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.get("/orders") { "done" }
    app.delete("/orders") { "done" }
    app.put("/orders") { "done" }
    app.patch("/orders") { "done" }
    app
  end

  # Handshakes of sockets are left to the origins of sockets.
  fixture "sockets" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.websocket("/echo", allowed_origins: ["https://partner.example"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.post("/orders") { "done" }
    app
  end

  # Streams and files that answer an unsafe method are protected, too.
  fixture "streams_and_files" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    router = Sabir::Router.new
    router.post("/lines") { ["a"].each }
    router.post("/file") { Sabir::Response.file(File.join(folder, "a.txt")) }
    app.mount("/", router)
    app
  end

  # Pages of origins that are named may.
  fixture "trusted_origins" do
    app = Sabir::App.new
    app.use(Sabir::Csrf, trusted_origins: ["https://partner.example", "https://*.shop.example"])
    router = Sabir::Router.new
    router.post("/orders") { "done" }
    app.mount("/", router)
    app
  end

  # A page of a permitted origin may read why it is refused.
  fixture "with_cors" do
    app = Sabir::App.new
    app.use(Sabir::Csrf)
    app.use(Sabir::Cors, allow_origins: ["https://evil.example"])
    app.post("/orders") { "done" }
    app
  end
end
