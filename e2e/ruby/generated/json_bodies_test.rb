# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class JsonBodiesTest < FixtureTest
  category "json_bodies"

  # A number with a fraction arrives as a floating point number.
  fixture "a_fraction_arrives_as_a_float" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Any value may be a whole JSON text, so a bare string is a body.
  fixture "a_string_at_the_top" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An array arrives as a list in the order in which it was sent.
  fixture "an_array_keeps_its_order" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A number with an exponent arrives as a floating point number.
  fixture "an_exponent_arrives_as_a_float" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A bare number without fraction arrives as an integer.
  fixture "an_integer_at_the_top" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An object arrives as an object with every member.
  fixture "an_object_keeps_its_members" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Body, path, query, header and cookie values arrive together.
  fixture "body_is_handed_over_beside_parameters" do
    app = Sabir::App.new
    app.post(
      "/items/{id}",
      params: { id: Integer },
      query: { dry?: :boolean },
      headers: { x_tag?: String },
      cookies: { seen?: Integer },
      request_body: { required: true, content: { "application/json": {} } },
    ) do |id:, dry: nil, x_tag: nil, seen: nil, body:|
      echo(path: { id: }, query: { dry: }, header: { "x-tag": x_tag }, cookie: { seen: }, body:)
    end
    app
  end

  # A body above `body_limit` is refused, one of exactly that size is read.
  fixture "body_limit_is_enforced" do
    app = Sabir::App.new(body_limit: 10)
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Both booleans arrive as booleans, not as numbers.
  fixture "booleans" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # JSON text must not begin with a byte order mark.
  fixture "byte_order_mark_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # JSON announced in another charset would be misread, so it is refused as unsupported.
  fixture "charset_other_than_utf_8_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # The parameter charset=utf-8 says what JSON is anyway.
  fixture "charset_utf_8_is_accepted" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # JSON has no comments.
  fixture "comments_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Values nested 128 levels deep are read by default, 129 are refused.
  fixture "depth_at_the_default_limit" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Arrays and objects both count as a level of nesting.
  fixture "depth_limit_counts_arrays_and_objects" do
    app = Sabir::App.new(json_depth_limit: 3)
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The setting `json_depth_limit` bounds how deeply a body is nested; one level more is refused.
  fixture "depth_limit_setting" do
    app = Sabir::App.new(json_depth_limit: 2)
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Two spellings of one name are one name.
  fixture "duplicate_names_are_compared_unescaped" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An object that has a name twice is refused by default, since recipients disagree about its meaning.
  fixture "duplicate_names_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Names are compared in nested objects as well.
  fixture "duplicate_names_in_depth_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # With `json_duplicate_keys` set to `last` the last of equal names counts, in the place of the first.
  fixture "duplicate_names_last_counts" do
    app = Sabir::App.new(json_duplicate_keys: "last")
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An array without elements is a body of its own.
  fixture "empty_array" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Without content an optional body is absent and the handler runs.
  fixture "empty_body_where_one_is_optional" do
    app = Sabir::App.new
    app.post("/items", request_body: { content: { "application/json": {} } }) { |body: ABSENT| echo(body:) }
    app
  end

  # Without content a required body is reported as missing.
  fixture "empty_body_where_one_is_required" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A member's name may be empty; its pointer ends with a slash.
  fixture "empty_member_name" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: { type: :object, additionalProperties: { type: :integer } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An object without members is a body of its own.
  fixture "empty_object" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An empty string stays an empty string.
  fixture "empty_string_value" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A surrogate encoded in three bytes is not UTF-8.
  fixture "encoded_surrogate_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # The character NUL may stand in a string when it is escaped.
  fixture "escaped_nul_character" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A high surrogate must be followed by a low one.
  fixture "high_surrogate_before_other_escape_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A number needs digits before and after its point and in its exponent.
  fixture "incomplete_numbers_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Space, tab, line feed and carriage return may surround every token.
  fixture "insignificant_whitespace" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Integers arrive exactly up to both ends of 64 bits.
  fixture "integer_at_the_edge_of_64_bits" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # An integer that no machine type holds arrives with all its digits.
  fixture "integer_beyond_64_bits_is_exact" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # 2^53+1, which a double cannot hold, is not rounded.
  fixture "integer_beyond_double_precision_is_exact" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A string with bytes that are not UTF-8 is malformed.
  fixture "invalid_utf_8_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An array of many elements is read whole and the elements counted.
  fixture "large_array" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(items?: { type: :array, items: { type: :integer }, maxItems: 300 })
    app.post("/items", body: items_body) { |body:| echo(body:) }
    app
  end

  # A number has no superfluous zeros in front.
  fixture "leading_zero_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Half of a surrogate pair is no character, so the text is malformed.
  fixture "lone_high_surrogate_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # The second half of a surrogate pair alone is no character either.
  fixture "lone_low_surrogate_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A string of many thousand characters arrives whole, and its length is counted.
  fixture "long_string" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", body: { type: :object, properties: { text: { type: :string, maxLength: 50000 } } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An optional body that is sent must be well formed.
  fixture "malformed_optional_body_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { content: { "application/json": {} } }) { |body: ABSENT| echo(body:) }
    app
  end

  # Names that differ by case are different members.
  fixture "member_names_are_case_sensitive" do
    app = Sabir::App.new
    app.post("/items", body: { type: :object, required: ["a"] }) { |body:| echo(body:) }
    app
  end

  # Literals are lower case and whole.
  fixture "misspelt_literal_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A large negative integer keeps its digits as well.
  fixture "negative_big_integer_is_exact" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Objects and arrays inside one another arrive with their whole structure.
  fixture "nested_values" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # The text `null` is content: the handler gets null, not a missing body.
  fixture "null_at_the_top_is_a_body" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A member that is null is there, with the value null.
  fixture "null_in_a_member" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Null is no string unless the schema says so.
  fixture "null_is_refused_where_it_is_not_permitted" do
    app = Sabir::App.new
    router = Sabir::Router.new
    items_body = Sabir::Schema.struct(note?: String)
    router.post("/items", body: items_body) { |body:| echo(body:) }
    app.mount("/", router)
    app
  end

  # NaN, Infinity and hexadecimal numbers are no JSON.
  fixture "numbers_json_lacks_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An optional body that is sent must still fit its schema.
  fixture "optional_body_is_validated_when_it_is_there" do
    app = Sabir::App.new
    app.post("/items", body?: { type: :object }) { |body: ABSENT| echo(body:) }
    app
  end

  # A no-break space is no whitespace in JSON.
  fixture "other_whitespace_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # An overlong encoding of a slash is not UTF-8.
  fixture "overlong_utf_8_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Methods other than POST may carry JSON as well.
  fixture "put_patch_and_delete_take_bodies" do
    app = Sabir::App.new
    app.put("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.patch("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.delete("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A control character in a string must be escaped.
  fixture "raw_control_character_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A route's own `x-sabir.body_limit` counts instead of the setting.
  fixture "route_body_limit_overrides_the_setting" do
    app = Sabir::App.new(body_limit: 10)
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }, body_limit: 20) do |body:|
      echo(body:)
    end
    app
  end

  # A name may be used again in another object.
  fixture "same_name_in_different_objects" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A double printed with its shortest digits arrives as the same double.
  fixture "shortest_double_survives" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # Each of the two-character escapes stands for its character.
  fixture "simple_escapes" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Strings and names stand in double quotation marks.
  fixture "single_quotes_are_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A media type with the suffix +json is read as JSON.
  fixture "structured_suffix_json" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/vnd.shop.order+json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Malformed content of a +json type is refused like any JSON.
  fixture "structured_suffix_json_is_checked_like_json" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/merge-patch+json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Two escapes that form a surrogate pair stand for one character.
  fixture "surrogate_pair_escape" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # A comma must be followed by another element or member.
  fixture "trailing_commas_are_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Data after the value is refused, even when it is another value.
  fixture "trailing_data_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A text that ends inside an escape is malformed.
  fixture "truncated_escape_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A text that ends inside an object is malformed.
  fixture "truncated_object_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A text that ends inside a string is malformed.
  fixture "truncated_string_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # A long run of opening brackets is refused without harm.
  fixture "unclosed_deep_nesting_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # An operation without a request body does not parse content, however malformed, but the handler can read
  # it.
  fixture "undeclared_body_is_ignored_by_decoding" do
    app = Sabir::App.new
    app.post("/items") { |request| { text: request.text, size: request.body.bytesize } }
    app
  end

  # Text in UTF-8 needs no escapes.
  fixture "unescaped_characters_outside_ascii" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # An escape with four hexadecimal digits stands for its character, in either case of the digits.
  fixture "unicode_escapes" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Only the escapes of the grammar exist.
  fixture "unknown_escape_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # JSON between systems is UTF-8; UTF-16 is malformed.
  fixture "utf_16_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body|
      echo(body:)
    end
    app
  end

  # Content of white space alone is no JSON text.
  fixture "whitespace_only_is_refused" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end
end
