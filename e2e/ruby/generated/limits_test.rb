# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class LimitsTest < FixtureTest
  category "limits"

  # Chunked content is counted while it arrives: the framing and the trailers are no part of it.
  fixture "chunked_content" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/items") { |request| { size: request.body.bytesize } }
    app.post("/small", body_limit: 5) { |request| { size: request.body.bytesize } }
    app
  end

  # Content that goes beyond its limit while it arrives ends the connection, though a handler holds it.
  fixture "chunked_content_that_becomes_too_much" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/whole") { |request| { size: request.body.bytesize } }
    app.post("/bytes", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      keep(content)
      digested(content)
    end
    app.get("/items") { "ok" }
    app
  end

  # The limits of parts hold for chunked content too.
  fixture "chunked_multipart_content" do
    app = Sabir::App.new(part_limit: 20)
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A route's `x-sabir.body_limit` counts instead of the setting, be it smaller or larger.
  fixture "content_limit_of_a_route" do
    app = Sabir::App.new(body_limit: 100)
    app.post("/small", body_limit: 5) { |request| { size: request.body.bytesize } }
    app.post("/large", body_limit: 1000) { |request| { size: request.body.bytesize } }
    app.post("/usual") { |request| { size: request.body.bytesize } }
    app
  end

  # Content above `body_limit` is refused also where the operation declares none; content of exactly that size
  # is read.
  fixture "content_of_any_type" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/items") { |request| { size: request.body.bytesize } }
    app
  end

  # A Content-Length above the limit is refused before any content has arrived, and the connection closes.
  fixture "declared_length_is_enough_to_refuse" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/items") { |request| { size: request.body.bytesize } }
    app
  end

  # JSON deeper than `json_depth_limit` is refused whether or not it is complete.
  fixture "depth_of_json" do
    app = Sabir::App.new(json_depth_limit: 2)
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A number may have as many digits as the setting permits, in whichever place it is sent and however it is
  # written.
  fixture "digits_of_a_number" do
    app = Sabir::App.new(digit_limit: 20)
    app.get("/items/{id:int}", parameters: [
      { name: "q", in: :query, schema: Integer },
      { name: "x-n", in: :header, schema: Float },
      { name: "c", in: :cookie, schema: [Integer], explode: false },
    ]) do |q: nil, x_n: nil, c: nil, id:|
      echo(path: { id: }, query: { q: }, header: { "x-n": x_n }, cookie: { c: })
    end
    app.post("/items", body: Integer) { |body:| echo(body:) }
    app.post(
      "/forms",
      form: { type: :object, properties: { n: { type: :integer } } },
      consumes: "application/x-www-form-urlencoded",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Without a setting, a number may have 640 digits.
  fixture "digits_of_a_number_by_default" do
    app = Sabir::App.new
    app.get("/items/{id:int}") { |id:| echo(path: { id: }) }
    app.post("/items", body: Integer) { |body:| echo(body:) }
    app
  end

  # A target that goes on and on is refused before the line ends.
  fixture "endless_request_target" do
    app = Sabir::App.new(target_limit: 64)
    app.get("/items") { "ok" }
    app
  end

  # The limits of the header section hold on a connection and in memory.
  fixture "fields_of_any_request" do
    app = Sabir::App.new(header_count_limit: 30, header_limit: 1500, target_limit: 500)
    app.get("/items") { "ok" }
    app
  end

  # A header section above `header_limit` is refused and the connection closed, be it one long field or many
  # short ones.
  fixture "header_section" do
    app = Sabir::App.new(header_limit: 256)
    app.get("/items") { "ok" }
    app
  end

  # A client that goes on sending can still read the refusal.
  fixture "much_too_much_content_still_gets_an_answer" do
    app = Sabir::App.new(body_limit: 10)
    router = Sabir::Router.new
    router.post("/items") { |request| { size: request.body.bytesize } }
    app.mount("/", router)
    app
  end

  # A form of more fields than `form_field_limit` is refused, also where one name repeats.
  fixture "number_of_form_fields" do
    app = Sabir::App.new(form_field_limit: 3)
    app.post("/items", request_body: { required: true, content: { "application/x-www-form-urlencoded": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # More fields than `header_count_limit` are refused, whatever their names.
  fixture "number_of_header_fields" do
    app = Sabir::App.new(header_count_limit: 5)
    app.get("/items") { "ok" }
    app
  end

  # Each part may be as large as `part_limit`, all together as large as `body_limit`.
  fixture "parts_of_multipart_content" do
    app = Sabir::App.new(part_limit: 20, body_limit: 400)
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A refusal that closes the connection arrives also when a further request is waiting; that one is not
  # answered.
  fixture "request_after_too_much_content" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/items") { |request| { size: request.body.bytesize } }
    app.get("/items") { "ok" }
    app
  end

  # A target above `target_limit` is refused; its path and its query count.
  fixture "request_target" do
    app = Sabir::App.new(target_limit: 20)
    app.get("/items/{rest:path}") { |request| { path: request.path } }
    app
  end

  # A handler that outlives its route's `x-sabir.timeout_ms` is answered for with 504.
  fixture "time_of_a_handler" do
    app = Sabir::App.new
    app.get("/items", timeout_ms: 50) do
      sleep(2)
      "ok"
    end
    app
  end

  # A client that does not finish the header section in time is answered 408, also on a connection that has
  # served it.
  fixture "time_of_a_header_section" do
    app = Sabir::App.new(header_timeout_ms: 150)
    app.get("/items") { "ok" }
    app
  end

  # A connection without requests is closed after `idle_timeout_ms`, one with a handler at work is not.
  fixture "time_of_an_idle_connection" do
    app = Sabir::App.new(idle_timeout_ms: 150)
    app.get("/items") { "ok" }
    app.get("/slow") do
      sleep(0.7)
      "ok"
    end
    app
  end

  # The setting `handler_timeout_ms` holds for routes that say nothing; theirs counts before it, and 0 is no
  # limit.
  fixture "time_of_every_handler" do
    app = Sabir::App.new(handler_timeout_ms: 100)
    router = Sabir::Router.new
    router.get("/usual") do
      sleep(2)
      "ok"
    end
    router.get("/quick") do
      sleep(0.001)
      "ok"
    end
    router.get("/patient", timeout_ms: 5000) do
      sleep(0.2)
      "ok"
    end
    router.get("/endless", timeout_ms: 0) do
      sleep(0.2)
      "ok"
    end
    app.mount("/", router)
    app
  end

  # A client that pauses too long within the content is answered 408.
  fixture "time_of_the_content" do
    app = Sabir::App.new(body_timeout_ms: 150)
    app.post("/items") { |request| { size: request.body.bytesize } }
    app.post("/form", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end
end
