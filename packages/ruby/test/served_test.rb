# frozen_string_literal: true

require "test_helper"
require "tmpdir"

# Folders and redirects, as far as no fixture can show it.
class ServedTest < Minitest::Test
  def setup
    @public = Dir.mktmpdir
    File.write(File.join(@public, "a.txt"), "hello")
  end

  def teardown
    FileUtils.remove_entry(@public)
  end

  def test_a_router_has_folders_and_redirects
    app = Sabir::App.new
    key = app.security(:key, Sabir::Security.api_key(header: "x-api-key", keys: { ci: "s3cret" }))
    router = Sabir::Router.new("/files", use: [Sabir::SecurityHeaders.new], security: [key])
    router.static("/own", @public)
    router.redirect("/old/{name}", "/api/files/own/{name}", security: [{}], use: [Sabir::SecurityHeaders.off])
    app.mount("/api", router)
    client = Sabir::TestClient.new(app)
    assert_equal 401, client.get("/api/files/own/a.txt").status
    found = client.get("/api/files/own/a.txt", headers: { "x-api-key" => "s3cret" })
    assert_equal %w[hello nosniff], [found.body, found.headers["x-content-type-options"]]
    moved = client.get("/api/files/old/a.txt")
    assert_equal "/api/files/own/a.txt", moved.headers["location"]
    assert_nil moved.headers["x-content-type-options"]
    assert_equal 0, app.handler_calls
  end

  def test_an_application_is_mounted_with_its_folders
    inner = Sabir::App.new.use(Sabir::SecurityHeaders).static("/", @public)
    client = Sabir::TestClient.new(Sabir::App.new.mount("/inner", inner))
    assert_equal "nosniff", client.get("/inner/a.txt").headers["x-content-type-options"]
    assert_equal 404, client.get("/a.txt").status
  end

  def test_mistakes_are_told_where_they_are_made
    app = Sabir::App.new
    [
      [-> { app.static("assets", @public) }, "static assets", "path"],
      [-> { app.static("/assets", File.join(@public, "none")) }, "static /assets", "directory"],
      [-> { app.static("/assets", @public, folder: 1) }, "static /assets", "folder"],
      [-> { app.redirect("/old", "new") }, "redirect /old", "to"],
      [-> { app.redirect("/old", "/new", status: 200) }, "redirect /old", "status"],
    ].each do |add, route, field|
      error = assert_raises(Sabir::SetupError, &add)
      assert_equal [route, field], [error.route, error.field]
    end
    app.static("/assets", @public)
    assert_equal "hello", Sabir::TestClient.new(app).get("/assets/a.txt").body
  end
end
