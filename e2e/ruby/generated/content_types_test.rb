# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class ContentTypesTest < FixtureTest
  category "content_types"

  # A byte order mark is no part of a text.
  fixture "byte_order_mark_of_text_is_dropped" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Content of application/octet-stream arrives as bytes, whatever they are.
  fixture "bytes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: Sabir::UploadFile, consumes: "application/octet-stream") do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Content without a Content-Type counts as application/octet-stream where that is declared.
  fixture "bytes_without_a_type" do
    app = Sabir::App.new
    app.post("/items", body: Sabir::UploadFile, consumes: "application/octet-stream") { |body:| echo(body:) }
    app
  end

  # Content with the coding gzip or deflate is decoded before it is read, whatever it is.
  fixture "coding_is_decoded" do
    app = Sabir::App.new
    json_body = Sabir::Schema.struct(name: String)
    app.post("/json", body?: json_body) { |body: ABSENT| echo(body:) }
    app.post(
      "/form",
      form?: { type: :object, properties: { name: { type: :string } }, required: ["name"] },
      consumes: "application/x-www-form-urlencoded",
    ) do |body: ABSENT|
      echo(body:)
    end
    app.post("/multipart", form?: {
      type: :object,
      properties: { name: { type: :string }, file: { type: :string, format: :binary } },
      required: ["name"],
    }) do |body: ABSENT|
      echo(body:)
    end
    app.post("/text", body?: String, consumes: "text/plain") { |body: ABSENT| echo(body:) }
    app.post("/bytes") do |request|
      {
        text: request.text,
        size: request.body.bytesize,
        "header:content-encoding": request.headers["content-encoding"],
        "header:content-length": request.headers["content-length"],
      }
    end
    app
  end

  # Content that is not what its coding says is refused.
  fixture "content_that_does_not_fit_its_coding_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    json_body = Sabir::Schema.struct(name: String)
    router.post("/json", body?: json_body) { |body: ABSENT| echo(body:) }
    router.post(
      "/form",
      form?: { type: :object, properties: { name: { type: :string } }, required: ["name"] },
      consumes: "application/x-www-form-urlencoded",
    ) do |body: ABSENT|
      echo(body:)
    end
    router.post("/multipart", form?: {
      type: :object,
      properties: { name: { type: :string }, file: { type: :string, format: :binary } },
      required: ["name"],
    }) do |body: ABSENT|
      echo(body:)
    end
    router.post("/text", body?: String, consumes: "text/plain") { |body: ABSENT| echo(body:) }
    router.post("/bytes") do |request|
      {
        text: request.text,
        size: request.body.bytesize,
        "header:content-encoding": request.headers["content-encoding"],
        "header:content-length": request.headers["content-length"],
      }
    end
    app.mount("/", router)
    app
  end

  # The limit of the body holds for decoded content.
  fixture "decoded_content_has_the_limit_of_the_body" do
    app = Sabir::App.new(body_limit: 2500)
    router = Sabir::Router.new
    json_body = Sabir::Schema.struct(name: String)
    router.post("/json", body?: json_body) { |body: ABSENT| echo(body:) }
    router.post(
      "/form",
      form?: { type: :object, properties: { name: { type: :string } }, required: ["name"] },
      consumes: "application/x-www-form-urlencoded",
    ) do |body: ABSENT|
      echo(body:)
    end
    router.post("/multipart", form?: {
      type: :object,
      properties: { name: { type: :string }, file: { type: :string, format: :binary } },
      required: ["name"],
    }) do |body: ABSENT|
      echo(body:)
    end
    router.post("/text", body?: String, consumes: "text/plain") { |body: ABSENT| echo(body:) }
    router.post("/bytes") do |request|
      {
        text: request.text,
        size: request.body.bytesize,
        "header:content-encoding": request.headers["content-encoding"],
        "header:content-length": request.headers["content-length"],
      }
    end
    app.mount("/", router)
    app
  end

  # Decoded content may neither pass the limit of the body nor be too many times as large as what was sent.
  fixture "decoded_content_is_limited" do
    app = Sabir::App.new(expansion_limit: 100)
    json_body = Sabir::Schema.struct(name: String)
    app.post("/json", body?: json_body) { |body: ABSENT| echo(body:) }
    app.post(
      "/form",
      form?: { type: :object, properties: { name: { type: :string } }, required: ["name"] },
      consumes: "application/x-www-form-urlencoded",
    ) do |body: ABSENT|
      echo(body:)
    end
    app.post("/multipart", form?: {
      type: :object,
      properties: { name: { type: :string }, file: { type: :string, format: :binary } },
      required: ["name"],
    }) do |body: ABSENT|
      echo(body:)
    end
    app.post("/text", body?: String, consumes: "text/plain") { |body: ABSENT| echo(body:) }
    app.post("/bytes") do |request|
      {
        text: request.text,
        size: request.body.bytesize,
        "header:content-encoding": request.headers["content-encoding"],
        "header:content-length": request.headers["content-length"],
      }
    end
    app
  end

  # The Accept field of a refusal names all declared types in their order.
  fixture "every_declared_type_is_named" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: { "application/json": {}, "text/plain": { schema: { type: :string } } },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The field's own name is compared without regard to case.
  fixture "header_name_ignores_case" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A type without a reading of its own arrives as bytes.
  fixture "image_arrives_as_bytes" do
    app = Sabir::App.new
    app.post("/items", body: Sabir::UploadFile, consumes: "image/png") { |body:| echo(body:) }
    app
  end

  # One object may be sent as JSON or as a form, and the handler sees the same.
  fixture "json_and_form_of_one_object" do
    app = Sabir::App.new
    app.post("/items", request_body: {
      required: true,
      content: {
        "application/json": { schema: { type: :object, properties: { n: { type: :integer } } } },
        "application/x-www-form-urlencoded": {
          schema: { type: :object, properties: { n: { type: :integer } } },
        },
      },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A Content-Type that is no media type is unsupported.
  fixture "malformed_type_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Content without a Content-Type is not taken for JSON.
  fixture "missing_type_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Where a range and a type both cover the content, the type counts.
  fixture "most_specific_declaration_counts" do
    app = Sabir::App.new
    app.post("/items", request_body: {
      required: true,
      content: {
        "text/*": { schema: { type: :string, maxLength: 1 } },
        "text/plain": { schema: { type: :string, maxLength: 3 } },
      },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Every text type is read as text.
  fixture "other_text_types" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/csv") { |body| echo(body:) }
    app
  end

  # The names of parameters are compared without regard to case.
  fixture "parameter_names_ignore_case" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body| echo(body:) }
    app
  end

  # Parameters that mean nothing to the type do not stop it from matching.
  fixture "parameters_are_ignored_in_the_choice" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A charset may stand in quotation marks.
  fixture "quoted_charset" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # A declared range such as image/* covers every type of its kind and no other.
  fixture "range_covers_its_types" do
    app = Sabir::App.new
    app.post("/items", body: Sabir::UploadFile, consumes: "image/*") { |body:| echo(body:) }
    app
  end

  # With several declared types the Content-Type chooses how content is read.
  fixture "several_types_choose_the_reading" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: {
        "application/json": { schema: { type: :object, required: ["sku"] } },
        "text/plain": { schema: { type: :string, minLength: 2 } },
      },
    }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # With several declared types each has its own schema.
  fixture "several_types_choose_the_schema" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: {
      required: true,
      content: {
        "application/json": { schema: { type: :object, required: ["sku"] } },
        "text/plain": { schema: { type: :string, minLength: 2 } },
      },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Types are compared whole: a declared type that is only a beginning of the sent one does not match.
  fixture "similar_type_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Text in ISO-8859-1 arrives as characters, not as bytes.
  fixture "text_in_latin_1" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body| echo(body:) }
    app
  end

  # Text in a multi-byte charset is read.
  fixture "text_in_shift_jis" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Text in UTF-16 is read by its charset.
  fixture "text_in_utf_16" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Text that says it is UTF-8 is read as such.
  fixture "text_in_utf_8" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Text in windows-1252 has its own characters between 0x80 and 0x9F.
  fixture "text_in_windows_1252" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body| echo(body:) }
    app
  end

  # Text without a charset is UTF-8.
  fixture "text_is_utf_8_by_default" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # The schema of a text holds for the whole of it.
  fixture "text_is_validated" do
    app = Sabir::App.new
    app.post("/items", body: { type: :string, maxLength: 3 }, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Line ends and white space of a text are left as they are.
  fixture "text_keeps_its_line_ends" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Bytes that are no text in the announced charset are malformed.
  fixture "text_that_does_not_fit_its_charset_is_refused" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Media types are compared without regard to case.
  fixture "type_ignores_case" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Content of the wrong type is refused as such even when it is malformed too.
  fixture "type_is_judged_before_syntax" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An operation that declares no body does not judge the type of content.
  fixture "type_of_an_undeclared_body_is_free" do
    app = Sabir::App.new
    app.post("/items") { |request| { size: request.body.bytesize } }
    app
  end

  # Without content the Content-Type of an optional body does not matter.
  fixture "type_without_content_is_not_judged" do
    app = Sabir::App.new
    app.post("/items", request_body: { content: { "application/json": {} } }) { |body: ABSENT| echo(body:) }
    app
  end

  # Text in a charset that is not known is unsupported, not guessed.
  fixture "unknown_charset_is_refused" do
    app = Sabir::App.new
    app.post("/items", body: String, consumes: "text/plain") { |body:| echo(body:) }
    app
  end

  # Content with a coding that is not decoded is refused with those that are.
  fixture "unknown_coding_is_refused" do
    app = Sabir::App.new
    json_body = Sabir::Schema.struct(name: String)
    app.post("/json", body?: json_body) { |body: ABSENT| echo(body:) }
    app.post(
      "/form",
      form?: { type: :object, properties: { name: { type: :string } }, required: ["name"] },
      consumes: "application/x-www-form-urlencoded",
    ) do |body: ABSENT|
      echo(body:)
    end
    app.post("/multipart", form?: {
      type: :object,
      properties: { name: { type: :string }, file: { type: :string, format: :binary } },
      required: ["name"],
    }) do |body: ABSENT|
      echo(body:)
    end
    app.post("/text", body?: String, consumes: "text/plain") { |body: ABSENT| echo(body:) }
    app.post("/bytes") do |request|
      {
        text: request.text,
        size: request.body.bytesize,
        "header:content-encoding": request.headers["content-encoding"],
        "header:content-length": request.headers["content-length"],
      }
    end
    app
  end

  # A declaration of */* takes any type.
  fixture "wildcard_takes_everything" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "*/*": {} } }) { |body| echo(body:) }
    app
  end

  # A media range is no media type.
  fixture "wildcard_type_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Content of a type that is not declared is refused; the answer names the declared type.
  fixture "wrong_type_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end
end
