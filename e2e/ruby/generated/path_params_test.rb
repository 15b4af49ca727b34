# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class PathParamsTest < FixtureTest
  category "path_params"

  # A bool variable takes true and false only.
  fixture "bool" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/flags/{on:bool}") { |on| echo(path: { on: }) }
    app.mount("/", router)
    app
  end

  # Variables keep their case, and names of variables may have hyphens and underscores.
  fixture "case_of_values_is_kept" do
    app = Sabir::App.new
    app.get("/users/{user-name}/{_id}") { |user_name:, _id:| echo(path: { "user-name": user_name, _id: }) }
    app
  end

  # A choice takes its alternatives only, exactly as they are written.
  fixture "choice" do
    app = Sabir::App.new
    app.get("/shop/{kind:books|music}") { |kind| echo(path: { kind: }) }
    app.get("/box/{size:(s|m|l)}/{n:int}") { |size, n| echo(path: { size:, n: }) }
    app
  end

  # A converter of the application matches whole segments by its expression.
  fixture "custom_converter" do
    app = Sabir::App.new
    app.converter(:sku, "[A-Z]{3}-[0-9]{4}", { type: :string })
    app.converter(:hex, "[0-9a-f]+|none", { type: :string })
    app.get("/items/{sku:sku}") { |sku:| echo(path: { sku: }) }
    app.get("/rolls/{n:hex}.png") { |n:| echo(path: { n: }) }
    app
  end

  # A date variable takes days that exist.
  fixture "date" do
    app = Sabir::App.new
    app.get("/days/{day:date}") { |day:| echo(path: { day: }) }
    app
  end

  # A datetime variable takes points in time with an offset, escaped or not.
  fixture "datetime" do
    app = Sabir::App.new
    app.get("/log/{at:datetime}") { |at:| echo(path: { at: }) }
    app
  end

  # A variable never takes an empty segment.
  fixture "empty_segment_is_no_value" do
    app = Sabir::App.new(trailing_slash: "strict")
    app.get("/users/{name}") { |name:| echo(path: { name: }) }
    app.get("/users/{name}/posts/{id:int}") { |name:, id:| echo(path: { name:, id: }) }
    app
  end

  # The values of an enumeration are the only ones of a plain variable.
  fixture "enumeration" do
    app = Sabir::App.new
    app.get("/sort/{by}", params: { by: { type: :string, enum: ["name", "date"] } }) do |by:|
      echo(path: { by: })
    end
    app.get("/size/{n}", params: { n: { type: :integer, enum: [1, 2] } }) { |n:| echo(path: { n: }) }
    app
  end

  # A comma that is escaped is data, not the end of an item.
  fixture "escaped_comma_in_an_array" do
    app = Sabir::App.new
    app.get("/b/{tags}", params: { tags: [String] }) { |tags| echo(path: { tags: }) }
    app.get("/c/-{c}.json", params: { c: [String] }) { |c| echo(path: { c: }) }
    app.get("/m/{c}", parameters: [
      { name: "c", in: :path, required: true, style: :matrix, explode: true, schema: [String] },
    ]) do |c|
      echo(path: { c: })
    end
    app.get("/o/{o}", parameters: [
      {
        name: "o",
        in: :path,
        required: true,
        explode: true,
        schema: { type: :object, properties: { k: { type: :string }, l: { type: :string } } },
      },
    ]) do |o|
      echo(path: { o: })
    end
    app
  end

  # Expressions of converters are those of ECMA-262: classes are of ASCII, a dot is no line end, and anchors
  # do not let a part of a segment match.
  fixture "expressions_mean_what_ecma_262_says" do
    app = Sabir::App.new
    app.converter(:digits, "\\d+", { type: :string })
    app.converter(:word, "\\w+", { type: :string })
    app.converter(:dot, ".", { type: :string })
    app.converter(:anchored, "^a|b$", { type: :string })
    app.get("/digits/{v:digits}") { |v:| echo(path: { v: }) }
    app.get("/word/{v:word}") { |v:| echo(path: { v: }) }
    app.get("/dot/{v:dot}") { |v:| echo(path: { v: }) }
    app.get("/anchored/{v:anchored}") { |v:| echo(path: { v: }) }
    app
  end

  # A float variable takes numbers as JSON writes them; other segments do not match.
  fixture "float" do
    app = Sabir::App.new
    app.get("/rates/{x:float}") { |x:| echo(path: { x: }) }
    app
  end

  # The format of a plain variable's schema gives its type and refuses what does not fit.
  fixture "formats" do
    app = Sabir::App.new
    a_options = { params: { id: { type: :string, format: :uuid } } }
    app.get("/a/{id}", **a_options) { |id:| echo(path: { id: typed(id, a_options[:params][:id]) }) }
    app.get("/b/{day}", params: { day: Date }) { |day:| echo(path: { day: }) }
    c_options = { params: { d: { type: :string, format: :duration } } }
    app.get("/c/{d}", **c_options) { |d:| echo(path: { d: typed(d, c_options[:params][:d]) }) }
    d_options = { params: { price: { type: :string, format: :decimal } } }
    app.get("/d/{price}", **d_options) do |price:|
      echo(path: { price: typed(price, d_options[:params][:price]) })
    end
    app
  end

  # An int variable takes whole numbers; other segments do not match.
  fixture "int" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items/{id:int}") { |id| echo(path: { id: }) }
    app.mount("/", router)
    app
  end

  # An int variable keeps every digit.
  fixture "int_beyond_double_precision_is_exact" do
    app = Sabir::App.new
    app.get("/items/{id:int}") { |id| echo(path: { id: }) }
    app
  end

  # A number has one spelling, so that a resource has one path: leading zeros do not match.
  fixture "int_without_leading_zeros" do
    app = Sabir::App.new
    app.get("/items/{id:int}") { |id| echo(path: { id: }) }
    app.get("/rates/{x:float}") { |x| echo(path: { x: }) }
    app
  end

  # In style label a dot comes first, and parts the items of an exploded array.
  fixture "label" do
    app = Sabir::App.new
    app.get("/a/{c}", parameters: [{ name: "c", in: :path, required: true, style: :label, schema: String }]) do |c:|
      echo(path: { c: })
    end
    app.get("/b/{c}", parameters: [
      { name: "c", in: :path, required: true, style: :label, explode: true, schema: [String] },
    ]) do |c:|
      echo(path: { c: })
    end
    app.get("/c/{c}", parameters: [
      { name: "c", in: :path, required: true, style: :label, explode: false, schema: [Integer] },
    ]) do |c:|
      echo(path: { c: })
    end
    app.get("/d/{c}", parameters: [
      {
        name: "c",
        in: :path,
        required: true,
        style: :label,
        explode: true,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |c:|
      echo(path: { c: })
    end
    app
  end

  # An incomplete escape or octets that are not UTF-8 make the request malformed, on every route.
  fixture "malformed_escapes_are_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/users/{name}") { |name:| echo(path: { name: }) }
    router.get("/items/{id:int}") { |id:| echo(path: { id: }) }
    router.get("/files/{name:path}") { |name:| echo(path: { name: }) }
    app.mount("/", router)
    app
  end

  # In style matrix a semicolon and the name come first.
  fixture "matrix" do
    app = Sabir::App.new
    app.get("/a/{c}", parameters: [{ name: "c", in: :path, required: true, style: :matrix, schema: String }]) do |c|
      echo(path: { c: })
    end
    app.get("/b/{c}", parameters: [
      { name: "c", in: :path, required: true, style: :matrix, explode: false, schema: [String] },
    ]) do |c|
      echo(path: { c: })
    end
    app.get("/c/{c}", parameters: [
      { name: "c", in: :path, required: true, style: :matrix, explode: true, schema: [Integer] },
    ]) do |c|
      echo(path: { c: })
    end
    app.get("/d/{c}", parameters: [
      {
        name: "c",
        in: :path,
        required: true,
        style: :matrix,
        explode: true,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |c|
      echo(path: { c: })
    end
    app.get("/e/{c}", parameters: [
      {
        name: "c",
        in: :path,
        required: true,
        style: :matrix,
        explode: false,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |c|
      echo(path: { c: })
    end
    app
  end

  # A path variable takes one or more whole segments, with an end of its own where the pattern goes on.
  fixture "path" do
    app = Sabir::App.new(trailing_slash: "strict")
    app.get("/files/{name:path}") { |name:| echo(path: { name: }) }
    app.get("/repos/{name:path}/log") { |name:| echo(path: { name: }) }
    app
  end

  # A path variable never starts with a slash, escaped or not; a slash within it may be escaped.
  fixture "path_is_never_absolute" do
    app = Sabir::App.new(trailing_slash: "strict")
    app.get("/files/{name:path}") { |name:| echo(path: { name: }) }
    app
  end

  # What a `path` variable captures has no segment that leads elsewhere, however it is written.
  fixture "path_never_climbs" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/files/{p:path}") { |p:| echo(path: { p: }) }
    app.mount("/", router)
    app
  end

  # A segment is cut off before it is decoded, once, as UTF-8; a plus sign is data.
  fixture "percent_escapes" do
    app = Sabir::App.new
    app.get("/users/{name}") { |name:| echo(path: { name: }) }
    app.get("/users/{name}/posts") { |name:| echo(path: { name: }) }
    app
  end

  # A plain variable takes one segment as text, whatever it looks like.
  fixture "plain_variable" do
    app = Sabir::App.new
    app.get("/users/{name}") { |name:| echo(path: { name: }) }
    app.get("/teams/{name:str}") { |name:| echo(path: { name: }) }
    app
  end

  # Text around a variable belongs to the segment and is not part of the value.
  fixture "prefix_and_suffix" do
    app = Sabir::App.new
    app.get("/f/{name}.json") { |name| echo(path: { name: }) }
    app.get("/v{major:int}/status") { |major| echo(path: { major: }) }
    app.get("/@{user}") { |user| echo(path: { user: }) }
    app
  end

  # Sub-delimiters, colons and at signs in a segment are data.
  fixture "reserved_characters_are_data" do
    app = Sabir::App.new
    app.get("/users/{name}") { |name:| echo(path: { name: }) }
    app
  end

  # The converter decides whether the route matches, a declared schema whether the value is valid.
  fixture "schema_beside_a_converter" do
    app = Sabir::App.new
    app.get("/items/{id:int}", params: { id: { type: :integer, maximum: 100 } }) { |id:| echo(path: { id: }) }
    app.get("/days/{day:date}", params: { day: String }) { |day:| echo(path: { day: }) }
    app
  end

  # The schema of a converter gives its values their type and is checked after the route matched.
  fixture "schema_of_a_converter" do
    app = Sabir::App.new
    app.converter(:year, "[1-9][0-9]{3}", { type: :integer, minimum: 1900 })
    app.get("/years/{y:year}") { |y| echo(path: { y: }) }
    app
  end

  # A plain variable matches first; what its schema refuses is a validation problem, not another route.
  fixture "schema_of_a_plain_variable" do
    app = Sabir::App.new
    app.get("/items/{id}", params: { id: { type: :integer, minimum: 1 } }) { |id:| echo(path: { id: }) }
    app.get("/users/{name}", params: { name: { type: :string, minLength: 2, pattern: "^[a-z]+$" } }) do |name:|
      echo(path: { name: })
    end
    app
  end

  # Of several types, the first counts whose value the schema accepts; text comes last.
  fixture "several_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/int_or_bool/{v}", params: { v: { anyOf: [{ type: :integer }, { type: :boolean }] } }) do |v|
      echo(path: { v: })
    end
    router.get("/types/{v}", params: { v: { type: ["integer", "boolean"] } }) { |v| echo(path: { v: }) }
    router.get("/one_of/{v}", params: { v: { oneOf: [{ type: :boolean }, { type: :integer, minimum: 5 }] } }) do |v|
      echo(path: { v: nullable(v) })
    end
    router.get("/int_or_all/{v}", params: { v: { anyOf: [{ const: "all" }, { type: :integer }] } }) do |v|
      echo(path: { v: nullable(v) })
    end
    router.get("/int_or_text/{v}", params: { v: { anyOf: [{ type: :string }, { type: :integer }] } }) do |v|
      echo(path: { v: })
    end
    router.get("/int_or_float/{v}", params: { v: { anyOf: [{ type: :integer }, { type: :number }] } }) do |v|
      echo(path: { v: })
    end
    router.get("/mixed/{v}", params: { v: { enum: [1, "a", true, 2.5] } }) { |v| echo(path: { v: }) }
    router.get("/maybe/{v}", params: {
      v: { anyOf: [{ type: :integer }, { type: :boolean }, { type: :null }] },
    }) do |v|
      echo(path: { v: nullable(v) })
    end
    app.mount("/", router)
    app
  end

  # Variables of one segment are parted by the text between them; all but the last are as short as they can
  # be.
  fixture "several_variables_in_a_segment" do
    app = Sabir::App.new
    app.get("/diff/{old}...{new}") { |old, new| echo(path: { old:, new: }) }
    app.get("/tiles/{x:int}-{y:int}.{ext:png|jpg}") { |x, y, ext| echo(path: { x:, y:, ext: }) }
    app
  end

  # An array in style simple is cut at its commas, exploded or not.
  fixture "simple_arrays" do
    app = Sabir::App.new
    app.get("/a/{ids}", params: { ids: { type: :array, items: { type: :integer }, maxItems: 3 } }) do |ids:|
      echo(path: { ids: })
    end
    app.get("/b/{tags}", parameters: [
      { name: "tags", in: :path, required: true, style: :simple, explode: true, schema: [String] },
    ]) do |tags:|
      echo(path: { tags: })
    end
    app
  end

  # An object in style simple alternates names and values, and is pairs when exploded.
  fixture "simple_objects" do
    app = Sabir::App.new
    app.get("/a/{color}", params: {
      color: {
        type: :object,
        properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
      },
    }) do |color:|
      echo(path: { color: })
    end
    app.get("/b/{color}", parameters: [
      {
        name: "color",
        in: :path,
        required: true,
        explode: true,
        schema: {
          type: :object,
          properties: { R: { type: :integer }, G: { type: :integer }, B: { type: :integer } },
        },
      },
    ]) do |color:|
      echo(path: { color: })
    end
    app
  end

  # A time variable takes times of day with their offset; others and hours that do not exist do not match.
  fixture "time" do
    app = Sabir::App.new
    app.get("/slots/{at:time}") { |at:| echo(path: { at: typed(at, { format: :time }) }) }
    app
  end

  # A uuid variable takes either case; what is no UUID does not match.
  fixture "uuid" do
    app = Sabir::App.new
    app.get("/files/{id:uuid}") { |id:| echo(path: { id: typed(id, { format: :uuid }) }) }
    app
  end

  # Variables of several segments and parameters of the query with the same name stay apart.
  fixture "variables_and_query_together" do
    app = Sabir::App.new
    app.get("/users/{user}/posts/{id:int}", parameters: [
      { name: "id", in: :query, schema: String, as: :query_id },
      { name: "user", in: :query, schema: Integer, as: :query_user },
    ]) do |query_id: nil, query_user: nil, user:, id:|
      echo(path: { user:, id: }, query: { id: query_id, user: query_user })
    end
    app
  end
end
