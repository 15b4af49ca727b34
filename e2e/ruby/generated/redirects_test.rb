# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class RedirectsTest < FixtureTest
  category "redirects"

  # What a client sends never becomes the host of a location.
  fixture "never_to_a_host_of_the_client" do
    app = Sabir::App.new
    app.redirect("/{rest:path}", "/{rest}/x")
    app.redirect("/to/{id}", "https://shop.example/{id}")
    app
  end

  # The query of a request is carried over, unless the location has one.
  fixture "queries" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.redirect("/a", "/x")
    router.redirect("/b", "/x?kind=old")
    router.redirect("/c/{id}", "/x?id={id}")
    app.mount("/", router)
    app
  end

  # A route of a method on the same path comes before a redirect.
  fixture "routes_of_the_path_come_first" do
    app = Sabir::App.new
    app.post("/old") { "taken" }
    app.get("/items/new") { "new" }
    app.redirect("/old", "/new")
    app
  end

  # Stages of the application cover redirects.
  fixture "stages_cover_redirects" do
    app = Sabir::App.new
    app.use(Sabir::SecurityHeaders)
    router = Sabir::Router.new
    router.redirect("/old", "/new")
    app.mount("/", router)
    app
  end

  # A redirect may be for now, or change the method.
  fixture "statuses" do
    app = Sabir::App.new
    app.redirect("/a", "/x", status: 301)
    app.redirect("/b", "/x", status: 302)
    app.redirect("/c", "/x", status: 303)
    app.redirect("/d", "/x", status: 307)
    app.redirect("/e", "/x", status: 308)
    app
  end

  # A redirect may lead to another host.
  fixture "to_a_url" do
    app = Sabir::App.new
    app.redirect("/docs/{page}", "https://docs.example/{page}#top")
    app.redirect("/home", "http://shop.example/")
    app
  end

  # A redirect leads to another path, for good and with the method.
  fixture "to_another_path" do
    app = Sabir::App.new
    app.get("/new") { "new" }
    app.redirect("/old", "/new")
    app
  end

  # The variables of a path are carried over, as they were sent.
  fixture "variables" do
    app = Sabir::App.new
    app.redirect("/old/{id}", "/new/{id}")
    app.redirect("/users/{id:int}/{tab}", "/u/{tab}/{id}/x")
    app.redirect("/files/{rest:path}", "/f/{rest}")
    app
  end
end
