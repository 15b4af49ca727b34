# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class MultipartTest < FixtureTest
  category "multipart"

  # A file's content arrives byte for byte, line ends and all.
  fixture "binary_file_is_untouched" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A file needs no filename: where the schema has a file, a part whose media type is not text is one.
  fixture "binary_part_without_filename_is_a_file" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: {
        file: { type: :string, format: :binary },
        files: { type: :array, items: { type: :string, format: :binary } },
        text: { type: :string },
        n: { type: :integer },
        data: { type: :object, properties: { a: { type: :integer } } },
      },
    }) do |body|
      echo(body:)
    end
    app
  end

  # The limit of the whole body holds for multipart content.
  fixture "body_limit_of_multipart" do
    app = Sabir::App.new(body_limit: 1000)
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # Booleans and numbers are read from their text.
  fixture "boolean_and_number_fields_are_coerced" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { gift: { type: :boolean }, weight: { type: :number } } },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Names in brackets nest as they do in URL-encoded forms.
  fixture "bracketed_names_nest" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # The charset of a text part is honoured.
  fixture "charset_of_a_text_part" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Dashes and parts of the boundary inside a file do not end it.
  fixture "content_that_looks_like_a_boundary" do
    app = Sabir::App.new
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body|
      echo(body:)
    end
    app
  end

  # Content in which the boundary never appears is malformed.
  fixture "content_without_the_boundary_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # No directory that a client names is trusted.
  fixture "directories_in_a_filename_are_dropped" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A file without content is a file of size zero.
  fixture "empty_file" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A browser sends an empty text for a field that was left empty: an optional field that is no string is then
  # absent.
  fixture "field_left_empty_is_absent" do
    app = Sabir::App.new
    options = {
      form: {
        type: :object,
        properties: {
          n: { type: :integer },
          day: { type: :string, format: :date },
          ns: { type: :array, items: { type: :integer } },
          s: { type: :string },
          must: { type: :integer },
        },
        required: ["must"],
      },
      consumes: "multipart/form-data",
    }
    app.post("/items", **options) { |body| echo(body: typed(body, options[:form])) }
    app
  end

  # A field's text is UTF-8, its name as well.
  fixture "field_outside_ascii" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # All failures of a multipart body are reported at once.
  fixture "fields_and_files_are_validated_together" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: { pages: { type: :integer, minimum: 1 }, title: { type: :string, minLength: 1 } },
      },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A file above `file_memory_limit` is kept on disk and still read whole.
  fixture "file_above_the_memory_limit_is_read" do
    app = Sabir::App.new(file_memory_limit: 1024)
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # Files and fields may be mixed in one body.
  fixture "file_beside_fields" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", form: {
      type: :object,
      properties: {
        title: { type: :string },
        upload: { type: :string, format: :binary },
        note: { type: :string },
      },
    }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An empty file name without content means that no file was chosen, so the field is absent.
  fixture "file_that_was_not_chosen" do
    app = Sabir::App.new
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # A file name in UTF-8 arrives as it was sent.
  fixture "filename_outside_ascii" do
    app = Sabir::App.new
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # Each field has its own file.
  fixture "files_in_two_fields" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: { front: { type: :string, format: :binary }, back: { type: :string, format: :binary } },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # One body may have files in memory and on disk.
  fixture "files_on_both_sides_of_the_memory_limit" do
    app = Sabir::App.new(file_memory_limit: 100)
    app.post("/items", form: {
      type: :object,
      properties: { files: { type: :array, items: { type: :string, format: :binary } } },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A text field that the schema declares as an integer arrives as one.
  fixture "integer_field_is_coerced" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { quantity: { type: :integer } } },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A part of type application/json is read as JSON.
  fixture "json_part" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: {
        meta: { type: :object, properties: { n: { type: :integer } } },
        upload: { type: :string, format: :binary },
      },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A failure inside a JSON part is pointed at.
  fixture "json_part_is_validated" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: { meta: { type: :object, properties: { n: { type: :integer, minimum: 1 } } } },
      },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Content without the closing delimiter is incomplete.
  fixture "last_boundary_without_dashes_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An array beside another type, and arrays whose items differ, are read by the rule of parameters.
  fixture "lists_of_several_types" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: {
        type: :object,
        properties: {
          list_or_int: { anyOf: [{ type: :array, items: { type: :integer } }, { type: :integer }] },
          int_or_list: { anyOf: [{ type: :integer }, { type: :array, items: { type: :integer } }] },
          ints_or_words: {
            anyOf: [{ type: :array, items: { type: :integer } }, { type: :array, items: { type: :string } }],
          },
          mixed_items: { type: :array, items: { anyOf: [{ type: :integer }, { type: :boolean }] } },
          tuple: {
            type: :array,
            prefixItems: [{ type: :integer }, { type: :boolean }],
            items: false,
            minItems: 2,
          },
        },
      },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A JSON part must be well formed.
  fixture "malformed_json_part_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: { type: :object, properties: { meta: { type: :object } } },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Multipart content without a boundary parameter cannot be read.
  fixture "missing_boundary_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A required file that is not there is a validation problem.
  fixture "missing_required_file" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: { title: { type: :string }, upload: { type: :string, format: :binary } },
      required: ["upload"],
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A body of the closing delimiter alone has no fields.
  fixture "no_parts" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A part with a file name arrives as a file with name, type, size and content.
  fixture "one_file" do
    app = Sabir::App.new
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # A field of several files that got one is a list of one.
  fixture "one_file_in_a_field_of_several" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: { files: { type: :array, items: { type: :string, format: :binary } } },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # A boundary has at most 70 characters.
  fixture "overlong_boundary_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A disposition that names the field twice is malformed: two readers could see two forms.
  fixture "parameter_given_twice_is_refused" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: {
        file: { type: :string, format: :binary },
        files: { type: :array, items: { type: :string, format: :binary } },
        text: { type: :string },
        n: { type: :integer },
        data: { type: :object, properties: { a: { type: :integer } } },
      },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Header fields of parts are named without regard to case.
  fixture "part_header_names_ignore_case" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Several parts below the limit may together be above it.
  fixture "part_limit_is_per_part" do
    app = Sabir::App.new(part_limit: 10)
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # The limit holds for text fields as well.
  fixture "part_limit_of_a_field" do
    app = Sabir::App.new(part_limit: 10)
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A file above `part_limit` is refused, one of exactly that size is read.
  fixture "part_limit_of_a_file" do
    app = Sabir::App.new(part_limit: 100)
    app.post("/items", form: { type: :object, properties: { upload: { type: :string, format: :binary } } }) do |body:|
      echo(body:)
    end
    app
  end

  # Every part must have a Content-Disposition field.
  fixture "part_without_disposition_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Every part must have a name.
  fixture "part_without_name_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # What stands before the first and after the last boundary has no meaning.
  fixture "preamble_and_epilogue_are_ignored" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A boundary in quotation marks is the text between them.
  fixture "quoted_boundary" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A text field that is an array collects its repetitions.
  fixture "repeated_field_becomes_a_list" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { n: { type: :array, items: { type: :integer } } } },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # Without content a required multipart body is missing.
  fixture "required_body_is_missing" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A required file that was not chosen is missing.
  fixture "required_file_that_was_not_chosen" do
    app = Sabir::App.new
    app.post("/items", form: { upload: Sabir::UploadFile }) { |upload:| echo(body: { upload: }) }
    app
  end

  # Text where the schema has a file, and a file where it has none, do not reach the handler.
  fixture "schema_decides_what_is_a_file" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: {
        file: { type: :string, format: :binary },
        files: { type: :array, items: { type: :string, format: :binary } },
        text: { type: :string },
        n: { type: :integer },
        data: { type: :object, properties: { a: { type: :integer } } },
      },
    }) do |body|
      echo(body:)
    end
    app
  end

  # Parts of one name are a list of files in their order.
  fixture "several_files_in_one_field" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: { files: { type: :array, items: { type: :string, format: :binary } } },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post(
      "/items",
      form: {
        type: :object,
        properties: {
          int_or_bool: { anyOf: [{ type: :integer }, { type: :boolean }] },
          types: { type: ["integer", "boolean"] },
          one_of: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] },
          int_or_all: { anyOf: [{ const: "all" }, { type: :integer }] },
          int_or_text: { anyOf: [{ type: :string }, { type: :integer }] },
          int_or_float: { anyOf: [{ type: :integer }, { type: :number }] },
          mixed: { enum: [1, "a", true, 2.5] },
          maybe: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
        },
      },
      consumes: "multipart/form-data",
    ) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A filename is read in every way that clients write it; names of parameters ignore case.
  fixture "spellings_of_a_filename" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: {
        file: { type: :string, format: :binary },
        files: { type: :array, items: { type: :string, format: :binary } },
        text: { type: :string },
        n: { type: :integer },
        data: { type: :object, properties: { a: { type: :integer } } },
      },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # Parts without a file name are fields of text.
  fixture "text_fields" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A text field that is not UTF-8 is malformed.
  fixture "text_part_that_is_not_utf_8_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # The number of files in a field is bounded by maxItems.
  fixture "too_many_files_for_a_field" do
    app = Sabir::App.new
    app.post("/items", form: {
      type: :object,
      properties: { files: { type: :array, items: { type: :string, format: :binary }, maxItems: 1 } },
    }) do |body:|
      echo(body:)
    end
    app
  end

  # More parts than `form_field_limit` are refused.
  fixture "too_many_parts" do
    app = Sabir::App.new(form_field_limit: 2)
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Content that ends inside a part is malformed.
  fixture "truncated_content_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Content that ends inside the header of a part is malformed.
  fixture "truncated_part_head_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A closed schema refuses a part that it does not declare.
  fixture "unexpected_field_is_refused_when_closed" do
    app = Sabir::App.new
    app.post(
      "/items",
      form: { type: :object, properties: { title: { type: :string } }, additionalProperties: false },
      consumes: "multipart/form-data",
    ) do |body:|
      echo(body:)
    end
    app
  end

  # A URL-encoded form is refused where multipart is declared.
  fixture "wrong_content_type" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "multipart/form-data": {} } }) do |body:|
      echo(body:)
    end
    app
  end
end
