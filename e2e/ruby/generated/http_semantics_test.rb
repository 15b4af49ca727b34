# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class HttpSemanticsTest < FixtureTest
  category "http_semantics"

  # A target in absolute form names the same resource as its path.
  fixture "absolute_target" do
    app = Sabir::App.new
    app.get("/items") { |request| { path: request.path, query_string: request.query_string } }
    app
  end

  # The host of a target in absolute form counts, not that of the Host field.
  fixture "absolute_target_names_the_host" do
    app = Sabir::App.new
    app.get("/items") do |request|
      {
        "header:host": request.headers["host"],
        "headers:host": request.headers.get_all("host"),
        path: request.path,
      }
    end
    app
  end

  # OPTIONS may ask about the server as a whole; no other method may.
  fixture "asterisk_belongs_to_options" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    app.mount("/", router)
    app
  end

  # Lines end with CR LF; neither a bare LF nor a bare CR stands for it.
  fixture "bare_line_feeds" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A client that speaks another protocol is refused.
  fixture "bytes_that_are_no_http" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Extensions of chunks and trailers after them are read and thrown away; the next request begins after them.
  fixture "chunk_extensions_and_trailers" do
    app = Sabir::App.new
    app.post("/items") { |request| { text: request.text, "header:x-t": request.headers["x-t"] } }
    app
  end

  # Extensions of chunks may be spaced, quoted and without a value.
  fixture "chunk_extensions_in_every_form" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # What follows a chunk's size and is no extension is refused.
  fixture "chunk_extensions_that_are_none" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Where chunked is not the last transfer coding the content has no end that both sides see.
  fixture "chunked_is_not_the_last_coding" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # CONNECT is refused: this is no proxy.
  fixture "connect_opens_no_tunnel" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # An HTTP/1.1 connection stays open until one side says close.
  fixture "connections_stay_open" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    app.mount("/", router)
    app
  end

  # A request with both ways to frame its content is refused, whatever their order.
  fixture "content_length_beside_transfer_encoding" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A length is digits and nothing else, and fits.
  fixture "content_length_that_is_no_number" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Lengths that contradict each other are refused.
  fixture "content_lengths_that_differ" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    router.post("/items") { |request| { text: request.text } }
    app.mount("/", router)
    app
  end

  # Field values hold neither NUL nor other control characters.
  fixture "control_characters_in_a_value" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Every answer has one Date in the preferred format; that of a handler counts.
  fixture "date" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.get("/old") { [200, { "date" => "Sun, 06 Nov 1994 08:49:37 GMT" }, "ok"] }
    app
  end

  # Empty lines before the request line are skipped.
  fixture "empty_lines_before_a_request" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app
  end

  # A list of transfer codings with an empty element is refused.
  fixture "empty_transfer_codings" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A client that asks before sending gets its answer; the interim one is not counted as it.
  fixture "expect_100_continue" do
    app = Sabir::App.new
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A field needs a name, and names are tokens.
  fixture "field_names_that_are_no_tokens" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A field that goes on in the next line is refused.
  fixture "folded_field" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # The answer to HEAD ends with its header section, also when it is a refusal.
  fixture "head_sends_no_content" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app
  end

  # A host is a name, an IPv4 address or a literal in brackets, with or without a port.
  fixture "host_in_every_form" do
    app = Sabir::App.new
    app.get("/items") do |request|
      {
        "header:host": request.headers["host"],
        "headers:host": request.headers.get_all("host"),
        path: request.path,
      }
    end
    app
  end

  # Two Host fields are refused, equal or not.
  fixture "host_is_given_twice" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A Host that is no host with an optional port is refused.
  fixture "host_is_malformed" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # An HTTP/1.1 request without Host is refused.
  fixture "host_is_missing" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # What is no host with an optional port is refused, on a connection and in memory.
  fixture "host_that_is_none" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    router.post("/items") { |request| { text: request.text } }
    app.mount("/", router)
    app
  end

  # An HTTP/1.0 connection closes after the answer unless the client asks otherwise, and such a request needs
  # no Host.
  fixture "http_1_0" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app
  end

  # Chunks that two readers may read differently are refused.
  fixture "malformed_chunks" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A malformed request is refused after the answers to those before it, and nothing after it is looked at.
  fixture "malformed_request_after_others" do
    app = Sabir::App.new
    app.get("/slow") do
      sleep(0.1)
      "slow"
    end
    app.get("/items") { "ok" }
    app
  end

  # A method that is longer than any that is implemented is refused as such.
  fixture "methods_longer_than_any" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    router.post("/items") { |request| { text: request.text } }
    app.mount("/", router)
    app
  end

  # Pipelined requests are answered in their order, however long each takes.
  fixture "pipelined_requests" do
    app = Sabir::App.new
    app.get("/slow") do
      sleep(0.15)
      "slow"
    end
    app.get("/items") { "quick" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A request line is a method, a target and a version with single spaces between.
  fixture "request_lines_that_are_none" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # White space between a name and its colon is refused.
  fixture "space_before_the_colon" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A target is a path, an absolute URI or, for OPTIONS, an asterisk, in ASCII and without a fragment.
  fixture "targets_that_are_none" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Several fields of transfer codings are one list.
  fixture "transfer_codings_in_several_fields" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # A transfer coding that the server does not decode is refused.
  fixture "unknown_transfer_codings" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "ok" }
    router.post("/items") { |request| { text: request.text } }
    app.mount("/", router)
    app
  end

  # Content that no handler reads is skipped, not taken for the next request.
  fixture "unread_content_is_not_a_request" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app
  end

  # Versions that the server does not speak are refused.
  fixture "unsupported_versions" do
    app = Sabir::App.new
    app.get("/items") { "ok" }
    app.post("/items") { |request| { text: request.text } }
    app
  end

  # Names ignore case, and spaces and tabs around a value are no part of it.
  fixture "white_space_around_values" do
    app = Sabir::App.new
    app.get("/items") do |request|
      {
        "header:x-a": request.headers["x-a"],
        "header:x-b": request.headers["x-b"],
        "header:x-c": request.headers["x-c"],
      }
    end
    app
  end
end
