# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class StreamingTest < FixtureTest
  category "streaming"

  # A stream has the media type that its handler gives it.
  fixture "a_media_type_of_its_own" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export", media_type: "text/csv") { ["a,b\n", "1,2\n"].each }
    app.mount("/", router)
    app
  end

  # A handler may answer without the content: the client hears it while most is not sent.
  fixture "answer_before_the_content" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) { digested([]) }
    app
  end

  # Bytes of a generator are sent as they are.
  fixture "bytes_are_sent_as_they_are" do
    app = Sabir::App.new
    app.get("/export") do
      Enumerator.new do |out|
        out << decoded("AAEC")
        out << decoded("/wA=")
      end
    end
    app
  end

  # A handler may take the bytes of a request while they arrive.
  fixture "bytes_in" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app.mount("/", router)
    app
  end

  # Content that is large arrives as a whole.
  fixture "bytes_in_of_a_large_request" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # Content in chunks arrives as the bytes that it is.
  fixture "bytes_in_of_chunks" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # Content of another media type than the handler takes is refused before it runs.
  fixture "bytes_in_of_one_type" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "text/csv": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # A content coding is undone while content arrives.
  fixture "bytes_in_that_are_coded" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # Content whose length is beyond the limit is refused before the handler runs.
  fixture "bytes_in_that_are_too_many" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/import", streaming: true, request_body: { content: { "*/*": {} } }, body_limit: 10) do |content:|
      digested(content)
    end
    app.mount("/", router)
    app
  end

  # Content without a length is refused where it exceeds the limit, while the handler takes it.
  fixture "bytes_in_that_become_too_many" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/import", streaming: true, request_body: { content: { "*/*": {} } }, body_limit: 10) do |content:|
      digested(content)
    end
    app.mount("/", router)
    app
  end

  # Bytes have the media type that their handler gives them.
  fixture "bytes_with_a_media_type" do
    app = Sabir::App.new
    app.get("/export", media_type: "image/png") do
      Enumerator.new do |out|
        out << decoded("iVBO")
        out << decoded("Rw==")
      end
    end
    app
  end

  # A client of HTTP/1.0 gets a stream without chunks; the end of the connection is its end.
  fixture "content_for_http_1_0" do
    app = Sabir::App.new
    app.get("/export") { ["a", "b"].each }
    app
  end

  # Over HTTP/1.1 a stream is sent in chunks, and the connection goes on.
  fixture "content_in_chunks" do
    app = Sabir::App.new
    app.get("/export") do
      Enumerator.new do |out|
        out << "a"
        out << "b"
      end
    end
    app
  end

  # Content that does not fit is refused before a stream begins.
  fixture "content_is_checked_before" do
    app = Sabir::App.new
    export_body = Sabir::Schema.struct(n: Integer)
    app.post("/export", body: export_body) { ["a"].each }
    app
  end

  # Chunks that are malformed end the handler with 400, though the first were good.
  fixture "content_that_breaks" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    router.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app.mount("/", router)
    app
  end

  # Content that stays away ends the handler with 408.
  fixture "content_that_does_not_come" do
    app = Sabir::App.new(body_timeout_ms: 150)
    app.post("/import", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # Content that a handler still holds when it has answered delays no further request on its connection.
  fixture "content_that_is_kept" do
    app = Sabir::App.new
    app.post("/bytes", streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      keep(content)
      digested([])
    end
    lines_options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string } },
        required: ["sku"],
        additionalProperties: false,
      },
    }
    app.post("/lines", **lines_options) do |items:|
      keep(items)
      { items: items.first(0).map { |item| tag(item, lines_options[:body_items]) } }
    end
    app.post("/parts", parts: true) do |parts:|
      keep(parts)
      { parts: parts.lazy.map { |part| part_of(part) }.first(0) }
    end
    app.get("/items") { "ok" }
    app
  end

  # What is wrong with content is answered when it is seen, and what comes after it is no further request.
  fixture "content_that_is_refused_while_it_arrives" do
    app = Sabir::App.new
    lines_options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string } },
        required: ["sku"],
        additionalProperties: false,
      },
    }
    app.post("/lines", **lines_options) do |items:|
      keep(items)
      { items: items.map { |item| tag(item, lines_options[:body_items]) } }
    end
    app.get("/items") { "ok" }
    app
  end

  # Empty text in between ends nothing: a chunk of no bytes would.
  fixture "empty_text_is_no_end" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") { ["a", "", "b", ""].each }
    app.mount("/", router)
    app
  end

  # Lines of JSON that were sent before a failure are whole.
  fixture "failure_after_lines" do
    app = Sabir::App.new
    app.get("/export") do
      Enumerator.new do |out|
        out << { n: 1 }
        out << { n: 2 }
        raise "no"
      end
    end
    app
  end

  # A failure behind much content breaks it off, too.
  fixture "failure_after_many_bytes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        out << "0123456789" * 1000
        raise "no"
      end
    end
    app.mount("/", router)
    app
  end

  # A handler that fails after the first value breaks the answer off, so that the client can tell; it does not
  # see why.
  fixture "failure_after_text" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << "one, "
        out << "two"
        raise "the password is secret"
      end
    end
    app.mount("/", router)
    app
  end

  # HEAD has the header fields of a stream, and no content.
  fixture "head_has_no_content" do
    app = Sabir::App.new
    app.get("/export", media_type: "text/csv") { ["a"].each }
    app
  end

  # A line that does not fit is the end: the problem says which one, where and why.
  fixture "item_that_does_not_fit" do
    app = Sabir::App.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    app.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app
  end

  # A line that is no JSON is malformed content.
  fixture "item_that_is_no_json" do
    app = Sabir::App.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    app.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app
  end

  # A line is no longer than the limit of lines.
  fixture "item_that_is_too_long" do
    app = Sabir::App.new(line_limit: 50)
    router = Sabir::Router.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    router.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app.mount("/", router)
    app
  end

  # JSON Lines arrive one by one, each with its types.
  fixture "items_in" do
    app = Sabir::App.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    app.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app
  end

  # Lines are of the media type of lines.
  fixture "items_in_of_another_type" do
    app = Sabir::App.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    app.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app
  end

  # A line may be spread over chunks.
  fixture "items_in_over_chunks" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    router.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app.mount("/", router)
    app
  end

  # The last line needs no end, lines may end with CR LF, and empty ones are passed over.
  fixture "items_in_with_odd_lines" do
    app = Sabir::App.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    app.post("/import", **options) do |items:|
      { items: items.map { |item| tag(item, options[:body_items]) } }
    end
    app
  end

  # A handler may answer before it has taken everything; what is left is not looked at.
  fixture "items_that_are_left" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      body_items: {
        type: :object,
        properties: { sku: { type: :string }, sold: { type: :integer, minimum: 0 } },
        required: ["sku", "sold"],
        additionalProperties: false,
      },
    }
    router.post("/import", **options) do |items:|
      { items: items.first(1).map { |item| tag(item, options[:body_items]) } }
    end
    app.mount("/", router)
    app
  end

  # A part is larger than what arrives at once.
  fixture "large_part_in" do
    app = Sabir::App.new
    app.post("/import", parts: true) { |parts:| { parts: parts.map { |part| part_of(part) } } }
    app
  end

  # Values have any size.
  fixture "large_values" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << "a" * 200000
        out << "b" * 100000
      end
    end
    app.mount("/", router)
    app
  end

  # Lines of JSON are UTF-8.
  fixture "lines_are_utf_8" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") { [{ text: "é 你好" }].each }
    app.mount("/", router)
    app
  end

  # A line end within a value is escaped, so that each value is one line.
  fixture "lines_keep_line_ends_escaped" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << { text: "a\nb\r\n" }
      end
    end
    app.mount("/", router)
    app
  end

  # Lines of JSON may be any values.
  fixture "lines_of_numbers" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << 1
        out << 2.5
        out << true
        out << [1]
        out << { a: "b" }
      end
    end
    app.mount("/", router)
    app
  end

  # Lines of JSON may have another of the media types in use.
  fixture "lines_with_a_media_type" do
    app = Sabir::App.new
    app.get("/export", media_type: "application/x-ndjson") { [{ n: 1 }].each }
    app
  end

  # Values come in their order, however many there are.
  fixture "many_values" do
    app = Sabir::App.new
    app.get("/export") do
      [
        "0 ",
        "1 ",
        "2 ",
        "3 ",
        "4 ",
        "5 ",
        "6 ",
        "7 ",
        "8 ",
        "9 ",
        "10 ",
        "11 ",
        "12 ",
        "13 ",
        "14 ",
        "15 ",
        "16 ",
        "17 ",
        "18 ",
        "19 ",
      ].each
    end
    app
  end

  # A request without content has no bytes to take.
  fixture "no_bytes_in" do
    app = Sabir::App.new
    app.post("/import", streaming: true, request_body: { content: { "application/octet-stream": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # Streams and other answers take turns on one connection.
  fixture "one_after_the_other" do
    app = Sabir::App.new
    app.get("/stream") { ["a", "b"].each }
    app.get("/text") { "c" }
    app
  end

  # A stream of one value is one.
  fixture "one_value" do
    app = Sabir::App.new
    app.get("/export") do
      Enumerator.new do |out|
        out << "a"
      end
    end
    app
  end

  # A stream answers any method.
  fixture "other_methods_may_stream" do
    app = Sabir::App.new
    app.post("/search", media_type: "application/x-ndjson") { [{ n: 1 }].each }
    app
  end

  # A request that does not fit is refused with a problem before a stream begins.
  fixture "parameters_are_checked_before" do
    app = Sabir::App.new
    app.get("/export", query: { from: { type: :integer, minimum: 1 } }) do
      Enumerator.new do |out|
        out << "a"
      end
    end
    app
  end

  # Parameters are checked before the handler takes content.
  fixture "parameters_of_a_stream_in" do
    app = Sabir::App.new
    app.post("/import", query: { limit: Integer }, streaming: true, request_body: { content: { "*/*": {} } }) do |content:|
      digested(content)
    end
    app
  end

  # A part is no larger than the limit of parts.
  fixture "part_that_is_too_large" do
    app = Sabir::App.new(part_limit: 10)
    app.post("/import", parts: true) { |parts:| { parts: parts.map { |part| part_of(part) } } }
    app
  end

  # The parts of a form arrive one by one: fields and files, in their order.
  fixture "parts_in" do
    app = Sabir::App.new
    app.post("/import", parts: true) { |parts:| { parts: parts.map { |part| part_of(part) } } }
    app
  end

  # Parts are of a form.
  fixture "parts_in_of_another_type" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/import", parts: true) { |parts:| { parts: parts.map { |part| part_of(part) } } }
    app.mount("/", router)
    app
  end

  # A form without its last boundary is malformed.
  fixture "parts_in_without_an_end" do
    app = Sabir::App.new
    app.post("/import", parts: true) { |parts:| { parts: parts.map { |part| part_of(part) } } }
    app
  end

  # Text of a generator is sent as it is, in its order.
  fixture "text_is_sent_as_it_is" do
    app = Sabir::App.new
    app.get("/export") { ["one, ", "two, ", "three"].each }
    app
  end

  # Text of a generator is UTF-8, also where a character is cut off from the next one.
  fixture "text_is_utf_8" do
    app = Sabir::App.new
    app.get("/export") { ["é", "你", "好", "\u{1f600}"].each }
    app
  end

  # Values of a generator that are neither text nor bytes are lines of JSON.
  fixture "values_are_lines_of_json" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/export") do
      Enumerator.new do |out|
        out << { n: 1 }
        out << { n: 2 }
      end
    end
    app.mount("/", router)
    app
  end

  # A stream is sent to clients that would rather have something else.
  fixture "whatever_is_accepted" do
    app = Sabir::App.new
    app.get("/export") do
      Enumerator.new do |out|
        out << { n: 1 }
      end
    end
    app
  end
end
