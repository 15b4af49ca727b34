# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class RoutingTest < FixtureTest
  category "routing"

  # Where a path is declared with and without the final slash, each is its own.
  fixture "both_forms_declared" do
    app = Sabir::App.new
    app.get("/items") { "without" }
    app.get("/items/") { "with" }
    app.get("/users/{name}") { "user" }
    app.get("/users/") { "users" }
    app
  end

  # Paths are case-sensitive.
  fixture "case_counts" do
    app = Sabir::App.new
    app.get("/Items") { "upper" }
    app.get("/items") { "lower" }
    app
  end

  # When the more specific segment has no route for the rest, the next one is tried.
  fixture "choice_that_leads_nowhere_is_taken_back" do
    app = Sabir::App.new
    app.get("/users/me/settings") { "settings" }
    app.get("/users/{id:int}/posts") { "posts" }
    app.get("/users/{name}/likes") { "likes" }
    app.get("/{section}/{page:path}") { "page" }
    app
  end

  # Each route has parameters of its own, also for one path.
  fixture "components_of_another_route_do_not_mix" do
    app = Sabir::App.new
    app.get("/items/{id:int}", query: { a?: Integer }) { |a: nil, id:| echo(path: { id: }, query: { a: }) }
    app.post("/items/{id:int}", query: { b: String }) { |b:, id:| echo(path: { id: }, query: { b: }) }
    app.get("/items/{name}", query: { a?: String }) { |a: nil, name:| echo(path: { name: }, query: { a: }) }
    app
  end

  # A path may have many segments, and a wildcard takes as many as there are.
  fixture "deep_paths" do
    app = Sabir::App.new
    app.get("/a/{one}/b/{two}/c/{three}/d/{four}/e") { "deep" }
    app.get("/w/{rest:path}") { "wild" }
    app
  end

  # Clients remove dot segments; the server takes them as they are, so that they lead nowhere else.
  fixture "dot_segments_are_not_resolved" do
    app = Sabir::App.new
    app.get("/admin") { "admin" }
    app.get("/public/{name}") { "public" }
    app
  end

  # Two slashes are an empty segment, which no route has.
  fixture "empty_segments_count" do
    app = Sabir::App.new
    app.get("/a/b") { "ab" }
    app.get("/a/{x}/b") { "axb" }
    app
  end

  # An escaped slash does not part segments.
  fixture "escaped_slash_is_data" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/a/b") { "two" }
    router.get("/{name}") { "one" }
    app.mount("/", router)
    app
  end

  # A path matches the same however its unreserved characters are written.
  fixture "escapes_of_unreserved_characters" do
    app = Sabir::App.new
    app.get("/items/a-b") { "static" }
    app.get("/café") { "accent" }
    app.get("/a b") { "space" }
    app
  end

  # A path with an incomplete escape is malformed, wherever it leads.
  fixture "malformed_path_is_refused" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/a") { "a" }
    app.mount("/", router)
    app
  end

  # Each of many similar routes is found, and none for another.
  fixture "many_routes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/red/one") { "red-one" }
    router.get("/red/two") { "red-two" }
    router.get("/red/{n:int}") { "red-{n:int}" }
    router.get("/green/one") { "green-one" }
    router.get("/green/two") { "green-two" }
    router.get("/green/{n:int}") { "green-{n:int}" }
    router.get("/blue/one") { "blue-one" }
    router.get("/blue/two") { "blue-two" }
    router.get("/blue/{n:int}") { "blue-{n:int}" }
    app.mount("/", router)
    app
  end

  # A path that matches several routes has the methods of all of them.
  fixture "method_of_a_less_specific_route" do
    app = Sabir::App.new
    app.post("/users/me") { "update" }
    app.get("/users/{name}") { "show" }
    app.delete("/users/{name}") { "drop" }
    app
  end

  # A pattern may be written with escapes and means the decoded text.
  fixture "pattern_written_with_escapes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/caf%C3%A9") { "accent" }
    router.get("/100%25") { "percent" }
    router.get("/a%2Fb") { "slash" }
    app.mount("/", router)
    app
  end

  # The query takes no part in the match, whatever it holds.
  fixture "query_and_fragment_are_no_path" do
    app = Sabir::App.new
    app.get("/items") { "items" }
    app.get("/items/{id:int}") { "item" }
    app
  end

  # A path that starts with two slashes would name another host and is never redirected to.
  fixture "redirect_stays_on_this_host" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/{rest:path}") { "rest" }
    router.get("/{a}/") { "a" }
    app.mount("/", router)
    app
  end

  # The root has a route like every other path, and an empty path is the root.
  fixture "root" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/") { "root" }
    app.mount("/", router)
    app
  end

  # A dot in a literal is a dot.
  fixture "segment_of_a_variable_and_a_dot" do
    app = Sabir::App.new
    app.get("/robots.txt") { "robots" }
    app.get("/feed.{kind:xml|json}") { "feed" }
    app
  end

  # The first segment that differs decides which route is the more specific one.
  fixture "segments_from_left_to_right" do
    app = Sabir::App.new
    app.get("/{a}/static") { "late" }
    app.get("/fixed/{b}") { "early" }
    app.get("/{a:int}/{b}") { "typed" }
    app
  end

  # A literal wins over every variable, whatever the order of the routes.
  fixture "static_before_variables" do
    app = Sabir::App.new
    app.get("/users/{rest:path}") { "path" }
    app.get("/users/{name}") { "plain" }
    app.get("/users/{id:int}") { "int" }
    app.get("/users/me") { "static" }
    app
  end

  # Paths are matched whole: neither a prefix nor a longer path matches.
  fixture "static_paths" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { "items" }
    router.get("/items/new") { "new" }
    app.mount("/", router)
    app
  end

  # A target in absolute form matches by its path.
  fixture "target_in_absolute_form" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items/{id:int}") { "item" }
    app.mount("/", router)
    app
  end

  # Among variables of one class the one with more text around it wins.
  fixture "text_around_a_variable_is_specific" do
    app = Sabir::App.new
    app.get("/f/{name}") { "plain" }
    app.get("/f/{name}.json") { "json" }
    app.get("/f/data-{name}") { "data" }
    app.get("/f/{name:int}") { "int" }
    app
  end

  # With slashes ignored both paths match, and the method still counts.
  fixture "trailing_slash_ignored" do
    app = Sabir::App.new(trailing_slash: "ignore")
    app.get("/items") { "items" }
    app.get("/users/") { "users" }
    app.get("/a/{id:int}") { "a" }
    app
  end

  # By default a path that differs by the final slash leads to the declared one, with the query.
  fixture "trailing_slash_redirects" do
    app = Sabir::App.new
    app.get("/items") { "items" }
    app.get("/users/") { "users" }
    app.get("/a/{id:int}") { "a" }
    app
  end

  # The redirect keeps the method, so it is given to every method the other path has.
  fixture "trailing_slash_redirects_every_method" do
    app = Sabir::App.new
    app.post("/items") { "made" }
    app.get("/caf%C3%A9/") { "accent" }
    app
  end

  # With strict slashes only the declared path matches.
  fixture "trailing_slash_strict" do
    app = Sabir::App.new(trailing_slash: "strict")
    app.get("/items") { "items" }
    app.get("/users/") { "users" }
    app
  end

  # Types are tried from the narrow to the wide: choice, bool, int, float, date, uuid, custom, text.
  fixture "types_among_each_other" do
    app = Sabir::App.new
    app.converter(:hex, "[0-9a-f]+", { type: :string })
    router = Sabir::Router.new
    router.get("/a/{v}") { "plain" }
    router.get("/a/{v:hex}") { "hex" }
    router.get("/a/{v:uuid}") { "uuid" }
    router.get("/a/{v:date}") { "date" }
    router.get("/a/{v:float}") { "float" }
    router.get("/a/{v:int}") { "int" }
    router.get("/a/{v:bool}") { "bool" }
    router.get("/a/{v:1|true|x}") { "choice" }
    app.mount("/", router)
    app
  end

  # A wildcard takes what no other route takes.
  fixture "wildcard_comes_last" do
    app = Sabir::App.new
    app.get("/{rest:path}") { "rest" }
    app.get("/api/items") { "items" }
    app.get("/api/{name}") { "name" }
    app
  end

  # What follows a wildcard must match the end of the path.
  fixture "wildcard_in_the_middle" do
    app = Sabir::App.new
    app.get("/repos/{name:path}/raw") { "raw" }
    app.get("/repos/{name:path}/issues/{id:int}") { "issue" }
    app.get("/repos/{name:path}") { "repo" }
    app
  end
end
