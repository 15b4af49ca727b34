# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class StaticFilesTest < FixtureTest
  category "static_files"

  # What is said to caches is an option, and may be nothing.
  fixture "cache_control" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), cache_control: "public, max-age=3600")
    app.static("/plain", File.join(folder, "public"), cache_control: nil)
    app
  end

  # Conditions count: what a client has is not sent again, and what it takes for another one is refused.
  fixture "conditions" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # What a client sends with a method that a folder does not answer is refused without being read.
  fixture "content_of_refused_methods" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # A file without content is an answer without content.
  fixture "empty_file" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # Paths of pages without a file are answered with one page, and those of other things are not.
  fixture "fallback_of_one_page" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/api/users") { "users" }
    router.post("/api/orders") { "made" }
    router.static("/", File.join(folder, "public"), fallback: "index.html")
    app.mount("/", router)
    app
  end

  # A file has no path with a final slash, nor any below it.
  fixture "files_are_no_folders" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # The files below a folder are answers, which say what they are of.
  fixture "files_of_a_folder" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # A folder may answer all paths that have no route.
  fixture "folder_at_the_root" do
    app = Sabir::App.new
    app.get("/api") { "api" }
    app.static("/", File.join(folder, "public"))
    app
  end

  # The folder itself may be a symbolic link.
  fixture "folder_is_a_link" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), symbolic_links: "refuse")
    app
  end

  # HEAD has the fields of GET and no content.
  fixture "head" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # There is nothing at names that begin with a dot, but for `.well-known`.
  fixture "hidden_files" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # Names that begin with a dot are shown where that is asked for.
  fixture "hidden_files_shown" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), hidden_files: true)
    app
  end

  # Files whose names change with their content are kept for good.
  fixture "immutable_files" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), immutable: ["build/*", "*-9f.css"])
    app
  end

  # A folder is answered with its index, at its path with a final slash.
  fixture "index_of_a_folder" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # The index of a folder may have another name.
  fixture "index_of_another_name" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), index: "home.txt")
    app
  end

  # A large file is sent as a whole, and in parts.
  fixture "large_file" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # Of several folders the one with the longest path answers, and there is nothing of another one behind it.
  fixture "longest_path_wins" do
    app = Sabir::App.new
    app.static("/files", File.join(folder, "one"))
    app.static("/files/sub", File.join(folder, "two"))
    app
  end

  # A percent sign without two hexadecimal digits makes a path none.
  fixture "malformed_escapes" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # Names of files are what the segments of a path stand for.
  fixture "names" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # No path leads out of the folder, however it is written.
  fixture "never_leaves_the_folder" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # What is done with final slashes of routes has no effect on files.
  fixture "no_choice_of_the_slash" do
    app = Sabir::App.new(trailing_slash: "ignore")
    router = Sabir::Router.new
    router.get("/assets/x/") { "x" }
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # Without an index there is nothing at a folder.
  fixture "no_index" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), index: nil)
    app
  end

  # A folder answers GET, HEAD and OPTIONS, whatever there is at the path.
  fixture "other_methods" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # The path of a folder may be written with a final slash.
  fixture "path_with_a_final_slash" do
    app = Sabir::App.new
    app.static("/assets/", File.join(folder, "public"))
    app
  end

  # There is nothing at what is no regular file, and nobody waits for it.
  fixture "pipes_are_no_files" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # A compressed sibling is sent to clients that take its coding.
  fixture "precompressed" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), precompressed: true)
    app
  end

  # A compressed sibling is a file like others, unless more is asked for.
  fixture "precompressed_only_when_asked_for" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # Ranges count: one part, several, none that is there, and those of a file that has changed.
  fixture "ranges" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    app.mount("/", router)
    app
  end

  # A route comes before a file, whatever its method.
  fixture "routes_come_first" do
    app = Sabir::App.new
    app.get("/assets/b.txt") { "route" }
    app.post("/assets/c/{id}") { "post" }
    app.static("/assets", File.join(folder, "public"))
    app
  end

  # A folder may demand credentials, for what is not there too.
  fixture "security_of_a_folder" do
    app = Sabir::App.new
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: { key: "0123456789abcdef" } } },
    })
    app.static("/assets", File.join(folder, "public"), security: ["key"])
    app
  end

  # Stages of the application cover files, redirects and refusals of a folder, and a folder may have its own
  # or none.
  fixture "stages_cover_files" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    app.use(Sabir::Cors, allow_origins: ["https://shop.example"])
    router = Sabir::Router.new
    router.static("/assets", File.join(folder, "public"))
    router.static("/plain", File.join(folder, "public"), use: [
      Sabir::SecurityHeaders.off,
      Sabir::Cors.new(allow_origins: ["https://other.example"]),
    ])
    app.mount("/", router)
    app
  end

  # Symbolic links are followed wherever they lead, where that is asked for.
  fixture "symbolic_links_followed" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), symbolic_links: "follow")
    app
  end

  # There is nothing at symbolic links, where that is asked for.
  fixture "symbolic_links_refused" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"), symbolic_links: "refuse")
    app
  end

  # Symbolic links are followed where they lead to something in the folder.
  fixture "symbolic_links_within" do
    app = Sabir::App.new
    app.static("/assets", File.join(folder, "public"))
    app
  end
end
