# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class ResponseValuesTest < FixtureTest
  category "response_values"

  # An array of two numbers is an array, also when the second one could be a status.
  fixture "a_pair_of_numbers_is_an_array" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/position") { [3, 404] }
    router.get("/named") { ["created", 201] }
    app.mount("/", router)
    app
  end

  # Any JSON value may stand at the top, also a bare string.
  fixture "any_json_value_at_the_top" do
    app = Sabir::App.new
    app.get("/null") { Sabir::Response.json(nil) }
    app.get("/boolean") { false }
    app.get("/number") { 0 }
    app.get("/string") { Sabir::Response.json("a") }
    app.get("/array") { [] }
    app.get("/object") { {} }
    app
  end

  # Bytes are sent untouched as application/octet-stream.
  fixture "bytes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      decoded(
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==",
      )
    end
    app.mount("/", router)
    app
  end

  # A wrong length that a handler gives is not sent, nor does it disturb the next answer.
  fixture "content_length_is_the_runtimes_own" do
    app = Sabir::App.new
    app.get("/short") { [200, { "content-length" => "1" }, "abc"] }
    app.get("/long") { [200, { "content-length" => "100" }, "abc"] }
    app.get("/empty") { [200, { "content-length" => "5" }, nil] }
    app
  end

  # An answer without content has the length 0 and no type.
  fixture "empty" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { [200, {}, nil] }
    app.mount("/", router)
    app
  end

  # An empty text has the length 0 and still a type.
  fixture "empty_text" do
    app = Sabir::App.new
    app.get("/items") { "" }
    app
  end

  # HEAD runs the handler of GET and sends its fields, the length included, without content.
  fixture "head_has_the_fields_of_get" do
    app = Sabir::App.new
    app.get("/items") { Sabir::Response.new("abcde", headers: { "etag" => "\"v1\"" }) }
    app
  end

  # A route of its own answers HEAD instead of that of GET.
  fixture "head_of_its_own" do
    app = Sabir::App.new
    app.head("/items") { Sabir::Response.new(status: 200, headers: { "x-from" => "head" }) }
    app.get("/items") { Sabir::Response.new("a", headers: { "x-from" => "get" }) }
    app
  end

  # A field value with a line end never reaches the client.
  fixture "header_that_would_split_the_answer_is_a_failure" do
    app = Sabir::App.new
    app.get("/lf") { Sabir::Response.new("a", headers: { "x-a" => "1\r\nx-b: 2" }) }
    app.get("/nul") { [200, { "x-a" => "1\u{0}" }, "a"] }
    app.get("/name") { [200, { "x a" => "1" }, "a"] }
    app
  end

  # Members keep their names, also empty ones and those outside ASCII.
  fixture "json_member_names" do
    app = Sabir::App.new
    app.get("/items") { { "": 1, "a b": 2, "größe": 3, __proto__: 4 } }
    app
  end

  # Numbers keep their value.
  fixture "json_numbers" do
    app = Sabir::App.new
    app.get("/items") { [0, -1, 9007199254740991, 1.5, -0.25, 1e-07] }
    app
  end

  # An object is sent as application/json with its length.
  fixture "json_object" do
    app = Sabir::App.new
    app.get("/items") { { a: 1, b: { c: [true, nil] } } }
    app
  end

  # Strings keep every character: quotes, control characters, and those outside ASCII and the basic plane.
  fixture "json_strings" do
    app = Sabir::App.new
    app.get("/items") do
      {
        text: "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}",
        name: "Löwe \u{20ac}",
        sign: "\u{1f600}",
        line: "a\u{2028}b",
      }
    end
    app
  end

  # A text of 300 000 bytes arrives whole.
  fixture "large_text" do
    app = Sabir::App.new
    app.get("/items") { "abc" * 100000 }
    app
  end

  # An answer that is declared in one media type is sent in it, whatever the client accepts.
  fixture "one_type_is_not_negotiated" do
    app = Sabir::App.new
    app.get("/items", responses: {
      "200": { description: "Items.", content: { "application/json": { schema: { type: "array" } } } },
    }) do
      [1]
    end
    app
  end

  # A content type of the handler replaces the usual one.
  fixture "own_content_type" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/json") do
      Sabir::Response.new({ a: 1 }, headers: { "content-type" => "application/vnd.api+json" })
    end
    router.get("/text") do
      Sabir::Response.new("<p>a</p>", headers: { "content-type" => "text/html; charset=utf-8" })
    end
    router.get("/bytes") do
      Sabir::Response.new(decoded("iVBORw=="), headers: { "content-type" => "image/png" })
    end
    router.get("/case") { Sabir::Response.new("a,b", headers: { "Content-Type" => "text/csv" }) }
    app.mount("/", router)
    app
  end

  # Fields of one name are sent apart and in their order.
  fixture "repeated_headers" do
    app = Sabir::App.new
    app.get("/items") do
      Sabir::Response.new("a", headers: [
        ["x-a", "1"],
        ["link", "</b>; rel=\"next\""],
        ["x-a", "2"],
        ["X-A", "1"],
        ["link", "</a>; rel=\"prev\""],
      ])
    end
    app
  end

  # A handler that waits answers as one that does not.
  fixture "returned_after_waiting" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      sleep(0.02)
      Sabir::Response.new({ a: 1 }, status: 201, headers: { "x-a" => "1" })
    end
    app.mount("/", router)
    app
  end

  # A string is sent as UTF-8 text, byte by byte.
  fixture "text" do
    app = Sabir::App.new
    app.get("/items") { "line one\nline two\r\n" }
    app
  end

  # Content-Length counts bytes, not characters.
  fixture "text_length_counts_bytes" do
    app = Sabir::App.new
    app.get("/items") { "Löwe \u{20ac}\u{1f600}" }
    app
  end

  # A transfer coding that a handler claims is not sent.
  fixture "transfer_encoding_is_the_runtimes_own" do
    app = Sabir::App.new
    app.get("/items") { [200, { "transfer-encoding" => "chunked" }, "abc"] }
    app
  end

  # With response_validation enforced, undeclared members are left out, and JSON that does not fit its schema
  # is a failure.
  fixture "validation_is_enforced" do
    app = Sabir::App.new(response_validation: "enforce")
    app.get("/orders/{id:int}", query: { note?: String }, responses: {
      "200": {
        description: "An order.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                path: {
                  type: "object",
                  properties: {
                    id: {
                      type: "object",
                      properties: { int: { type: "integer", maximum: 9 } },
                      required: ["int"],
                    },
                  },
                },
              },
              required: ["path"],
            },
          },
        },
      },
    }) do |note: nil, id:|
      echo(path: { id: }, query: { note: })
    end
    app.post("/orders", responses: {
      "200": { description: "A number.", content: { "application/json": { schema: { type: "integer" } } } },
      "2XX": {
        description: "What was asked for.",
        content: {
          "application/json": {
            schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
          },
        },
      },
    }) do
      Sabir::Response.new({ sku: "tea", price: 3 }, status: 201)
    end
    app.get("/undeclared", responses: {
      "404": {
        description: "There is none.",
        content: { "application/json": { schema: { type: "integer" } } },
      },
    }) do |request|
      { method: request.request_method, "header:x-note": request.headers["x-note"] }
    end
    app
  end

  # With response_validation set to warn, JSON that does not fit its schema is sent as the handler made it.
  fixture "validation_warns" do
    app = Sabir::App.new(response_validation: "warn")
    app.get("/orders/{id:int}", query: { note?: String }, responses: {
      "200": {
        description: "An order.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                path: {
                  type: "object",
                  properties: {
                    id: {
                      type: "object",
                      properties: { int: { type: "integer", maximum: 9 } },
                      required: ["int"],
                    },
                  },
                },
              },
              required: ["path"],
            },
          },
        },
      },
    }) do |note: nil, id:|
      echo(path: { id: }, query: { note: })
    end
    app.post("/orders", responses: {
      "200": { description: "A number.", content: { "application/json": { schema: { type: "integer" } } } },
      "2XX": {
        description: "What was asked for.",
        content: {
          "application/json": {
            schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
          },
        },
      },
    }) do
      Sabir::Response.new({ sku: "tea", price: 3 }, status: 201)
    end
    app.get("/undeclared", responses: {
      "404": {
        description: "There is none.",
        content: { "application/json": { schema: { type: "integer" } } },
      },
    }) do |request|
      { method: request.request_method, "header:x-note": request.headers["x-note"] }
    end
    app
  end
end
