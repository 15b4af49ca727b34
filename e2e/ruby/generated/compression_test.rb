# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class CompressionTest < FixtureTest
  category "compression"

  # Answers without content, and parts of content, stay as they are.
  fixture "answers_without_content" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/items") { "abcdefgh " * 300 }
    app.get("/none") { [204, {}, nil] }
    app.get("/part") { [206, { "content-range" => "bytes 0-2699/9000" }, "abcdefgh " * 300] }
    app
  end

  # A client that refuses content without a coding gets one that it takes, whatever the content is, or is told
  # that there is none before the handler runs.
  fixture "content_without_a_coding_may_be_refused" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/small") { "a" }
    app
  end

  # The tag of content that is compressed is weak, also where the client has it already.
  fixture "entity_tags_become_weak" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/items") { Sabir::Response.new("abcdefgh " * 300, headers: { "etag" => "\"v1\"" }) }
    app.get("/weak") { Sabir::Response.new("abcdefgh " * 300, headers: { "etag" => "W/\"v1\"" }) }
    app.get("/same") { Sabir::Response.new(status: 304, headers: { "etag" => "\"v1\"" }) }
    app
  end

  # Events are compressed one by one.
  fixture "event_streams" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a")
      events << Sabir::Event.new(data: "b")
    end
    app
  end

  # Files are compressed by their size and their type while they are read, parts of them are not.
  fixture "files" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/page") { Sabir::Response.file(File.join(folder, "page.html"), headers: { "etag" => "\"v1\"" }) }
    app.get("/small") { Sabir::Response.file(File.join(folder, "small.html")) }
    app.get("/image") { Sabir::Response.file(File.join(folder, "image.png")) }
    app
  end

  # The answer to HEAD says what that to GET would.
  fixture "head_has_the_same_fields" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/items") { Sabir::Response.new("abcdefgh " * 300, headers: { "etag" => "\"v1\"" }) }
    app
  end

  # How hard a coding tries is an option.
  fixture "levels" do
    app = Sabir::App.new
    app.use(Sabir::Compression, gzip_level: 9, brotli_level: 0, zstd_level: 1)
    app.get("/items") { "abcdefgh " * 300 }
    app
  end

  # Which media types are compressed is an option.
  fixture "media_types_are_an_option" do
    app = Sabir::App.new
    app.use(Sabir::Compression, media_types: ["text/csv", "model/*+json"])
    app.get("/json") { { text: "abcdefgh " * 300 } }
    app.get("/csv") { Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "text/csv" }) }
    app.get("/model") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "model/gltf+json" })
    end
    app
  end

  # Text, JSON and the like are compressed, images and archives are not.
  fixture "media_types_that_are_worth_it" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/json") { { text: "abcdefgh " * 300 } }
    app.get("/html") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "text/html; charset=utf-8" })
    end
    app.get("/feed") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "application/atom+xml" })
    end
    app.get("/svg") { Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "image/svg+xml" }) }
    app.get("/script") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "application/javascript" })
    end
    app.get("/png") { Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "image/png" }) }
    app.get("/zip") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "application/zip" })
    end
    app.get("/video") { Sabir::Response.new("abcdefgh " * 300, headers: { "content-type" => "video/mp4" }) }
    app
  end

  # A route may be the only one whose answers are compressed.
  fixture "only_a_route" do
    app = Sabir::App.new
    app.get("/own", use: [Sabir::Compression.new]) { "abcdefgh " * 300 }
    app.get("/items") { "abcdefgh " * 300 }
    app
  end

  # Problems are compressed as other answers are, those of the runtime too.
  fixture "problems" do
    app = Sabir::App.new
    app.use(Sabir::Compression, minimum_size: 1)
    app.get("/items/{id:int}", query: { limit?: Integer }) { "abcdefgh " * 300 }
    app.get("/raise") { raise Sabir::Problem.new("taken", status: 409) }
    app.get("/fail") { raise "broken" }
    app
  end

  # A route has options of its own, or nothing is compressed on it.
  fixture "routes_differ" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/items") { "abcdefgh " * 300 }
    app.get("/own", use: [Sabir::Compression.new(encodings: ["deflate"])]) { "abcdefgh " * 300 }
    app.get("/secret", use: [Sabir::Compression.off]) { "abcdefgh " * 300 }
    app
  end

  # Content below a size is sent as it is, and caches may give it to everybody.
  fixture "small_content_stays" do
    app = Sabir::App.new
    app.use(Sabir::Compression, minimum_size: 40)
    app.get("/large") { "a" * 40 }
    app.get("/small") { "a" * 39 }
    app
  end

  # Content that is made while it is sent is compressed meanwhile.
  fixture "streams" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/lines") do
      Enumerator.new do |out|
        out << 1
        out << { a: "abcdefgh " * 300 }
        out << 3
      end
    end
    app.get("/text") do
      Enumerator.new do |out|
        out << "a"
        out << "b"
      end
    end
    app.get("/bytes") do
      Enumerator.new do |out|
        out << decoded("AAEC")
      end
    end
    app
  end

  # An answer has the coding that the client likes best, the runtime's first choice where it likes several,
  # and caches are told.
  fixture "the_client_chooses" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    router = Sabir::Router.new
    router.get("/items") { "abcdefgh " * 300 }
    app.mount("/", router)
    app
  end

  # The codings that are offered, and which of them comes first, are options.
  fixture "the_order_is_an_option" do
    app = Sabir::App.new
    app.use(Sabir::Compression, encodings: ["gzip"])
    app.get("/items") { "abcdefgh " * 300 }
    app
  end

  # Content that has a coding already, and what may not be transformed, stays as it is.
  fixture "what_is_encoded_stays" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.get("/items") { "abcdefgh " * 300 }
    app.get("/coded") { Sabir::Response.new("abcdefgh " * 300, headers: { "content-encoding" => "x-own" }) }
    app.get("/fixed") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "cache-control" => "public, no-transform" })
    end
    app.get("/digest") do
      Sabir::Response.new("abcdefgh " * 300, headers: { "content-digest" => "sha-256=:AA==:" })
    end
    app
  end

  # Pages of other origins get compressed answers, and caches are told of both.
  fixture "with_other_stages" do
    app = Sabir::App.new
    app.use(Sabir::Compression)
    app.use(Sabir::Cors, allow_origins: ["https://shop.example"])
    app.get("/items") { "abcdefgh " * 300 }
    app
  end
end
