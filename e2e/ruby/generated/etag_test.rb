# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class EtagTest < FixtureTest
  category "etag"

  # Content that is at hand has a tag, the same for the same content, and a client that has it is told so.
  fixture "answers_have_tags" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/a") { "hello" }
    app.get("/b") { "other" }
    app.get("/json") { { a: 1 } }
    app
  end

  # A client that wants another version than there is gets none.
  fixture "conditions_that_do_not_hold" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/a") { "hello" }
    app
  end

  # Files have tags of their own, which conditions are about.
  fixture "files" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/file") { Sabir::Response.file(File.join(folder, "a.txt"), headers: { "etag" => "\"v1\"" }) }
    app.get("/plain") { "hello" }
    app
  end

  # A tag and a date of the handler stay, and conditions are about them.
  fixture "handlers_come_first" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/tag") { Sabir::Response.new("hello", headers: { "etag" => "\"v1\"" }) }
    app.get("/date") do
      Sabir::Response.new("hello", headers: {
        "last-modified" => "Sun, 06 Nov 1994 08:49:37 GMT",
        "cache-control" => "no-store",
      })
    end
    app.get("/plain") { "hello" }
    app
  end

  # HEAD has the tag of GET, and conditions count for it.
  fixture "head_has_the_same_tag" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/a") { "hello" }
    app
  end

  # A route may be the only one whose answers have tags.
  fixture "only_a_route" do
    app = Sabir::App.new
    app.get("/a") { "hello" }
    app.get("/own", use: [Sabir::Etag.new]) { "hello" }
    app
  end

  # Answers to other methods, other statuses, streams, and what nobody may keep have no tag, and no condition.
  fixture "other_answers_have_none" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/a") { "hello" }
    app.post("/a") { "hello" }
    app.get("/made") { Sabir::Response.new("hello", status: 201) }
    app.get("/secret") { Sabir::Response.new("hello", headers: { "cache-control" => "private, no-store" }) }
    app.get("/lines") do
      Enumerator.new do |out|
        out << 1
      end
    end
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app.get("/raise") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A route has weak tags, or none.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.get("/a") { "hello" }
    app.get("/weak", use: [Sabir::Etag.new(weak: true)]) { "hello" }
    app.get("/none", use: [Sabir::Etag.off]) { "hello" }
    app
  end

  # Tags may be weak.
  fixture "weak_tags" do
    app = Sabir::App.new
    app.use(Sabir::Etag, weak: true)
    app.get("/a") { "hello" }
    app
  end

  # The tag is that of the content before it is compressed, and weak then.
  fixture "with_compression" do
    app = Sabir::App.new
    app.use(Sabir::Etag)
    app.use(Sabir::Compression)
    router = Sabir::Router.new
    router.get("/a") { "abcdefgh " * 300 }
    app.mount("/", router)
    app
  end
end
