# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class StatusCodesTest < FixtureTest
  category "status_codes"

  # 202 carries content like 200.
  fixture "accepted" do
    app = Sabir::App.new
    app.post("/items") { Sabir::Response.new({ job: "a" }, status: 202) }
    app
  end

  # 201 names the new resource and may describe it.
  fixture "created_with_location" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items") do
      Sabir::Response.new({ id: 7 }, status: 201, headers: { "location" => "/items/7" })
    end
    app.mount("/", router)
    app
  end

  # HEAD is answered with the status of GET, for errors too, without content.
  fixture "head_has_the_status_of_get" do
    app = Sabir::App.new
    app.get("/gone") { Sabir::Response.new({ a: 1 }, status: 410) }
    app.get("/new") { Sabir::Response.new({ a: 1 }, status: 203) }
    app.get("/taken") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A handler that answers with an interim status has failed: the client would wait for the final one for
  # ever.
  fixture "interim_code_is_no_answer" do
    app = Sabir::App.new
    app.get("/c100") { [100, {}, nil] }
    app.get("/c103") { [103, {}, nil] }
    app
  end

  # 204 has neither content nor a length of it.
  fixture "no_content" do
    app = Sabir::App.new
    app.delete("/items") { [204, {}, nil] }
    app
  end

  # Content that a handler returns with 204 is not sent.
  fixture "no_content_drops_what_is_returned" do
    app = Sabir::App.new
    app.delete("/items") { Sabir::Response.new({ a: 1 }, status: 204) }
    app.get("/items") { "ok" }
    app
  end

  # 304 has no content but the fields that describe the stored answer.
  fixture "not_modified_keeps_its_validators" do
    app = Sabir::App.new
    app.get("/items") do
      Sabir::Response.new({ a: 1 }, status: 304, headers: {
        "etag" => "\"v1\"",
        "cache-control" => "max-age=60",
      })
    end
    app.get("/next") { "ok" }
    app
  end

  # 206 keeps the Content-Range that the handler gives.
  fixture "partial_content" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      Sabir::Response.new("cde", status: 206, headers: { "content-range" => "bytes 2-4/10" })
    end
    app.mount("/", router)
    app
  end

  # Every redirection keeps its status and its Location as the handler wrote it.
  fixture "redirects" do
    app = Sabir::App.new
    app.get("/r301") { [301, { "location" => "../items?a=1#b" }, nil] }
    app.get("/r302") { [302, { "location" => "../items?a=1#b" }, nil] }
    app.get("/r303") { [303, { "location" => "../items?a=1#b" }, nil] }
    app.get("/r307") { [307, { "location" => "../items?a=1#b" }, nil] }
    app.get("/r308") { [308, { "location" => "../items?a=1#b" }, nil] }
    app
  end

  # 205 has no content, whatever the handler returns.
  fixture "reset_content_has_no_content" do
    app = Sabir::App.new
    app.post("/items") { Sabir::Response.new({ a: 1 }, status: 205) }
    app.get("/items") { "ok" }
    app
  end

  # An error status that is returned, not raised, keeps the handler's own content.
  fixture "returned_errors_stay_as_they_are" do
    app = Sabir::App.new
    app.get("/json") { Sabir::Response.new({ error: "gone fishing" }, status: 404) }
    app.get("/text") { [503, { "retry-after" => "120" }, "later"] }
    app.get("/empty") { [410, {}, nil] }
    app
  end

  # Codes without a registered meaning are sent as they are.
  fixture "unregistered_codes" do
    app = Sabir::App.new
    app.get("/c299") { [299, {}, "a"] }
    app.get("/c418") { [418, {}, "a"] }
    app.get("/c499") { [499, {}, "a"] }
    app.get("/c599") { [599, {}, "a"] }
    app
  end
end
