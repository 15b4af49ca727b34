// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, securityHeaders } from "sabir";
import { check } from "../support/index.js";

// What a client sends never becomes the host of a location.
check("redirects/never_to_a_host_of_the_client", () => {
  const app = new Sabir();
  app.redirect("/{rest:path}", "/{rest}/x");
  app.redirect("/to/{id}", "https://shop.example/{id}");
  return app;
});

// The query of a request is carried over, unless the location has one.
check("redirects/queries", () => {
  const app = new Sabir();
  app.redirect("/a", "/x");
  app.redirect("/b", "/x?kind=old");
  app.redirect("/c/{id}", "/x?id={id}");
  return app;
});

// A route of a method on the same path comes before a redirect.
check("redirects/routes_of_the_path_come_first", () => {
  const app = new Sabir();
  app.post("/old", () => "taken");
  app.get("/items/new", () => "new");
  app.redirect("/old", "/new");
  return app;
});

// Stages of the application cover redirects.
check("redirects/stages_cover_redirects", () => {
  const app = new Sabir();
  app.use(securityHeaders());
  app.redirect("/old", "/new");
  return app;
});

// A redirect may be for now, or change the method.
check("redirects/statuses", () => {
  const app = new Sabir();
  app.redirect("/a", "/x", { status: 301 });
  app.redirect("/b", "/x", { status: 302 });
  app.redirect("/c", "/x", { status: 303 });
  app.redirect("/d", "/x", { status: 307 });
  app.redirect("/e", "/x", { status: 308 });
  return app;
});

// A redirect may lead to another host.
check("redirects/to_a_url", () => {
  const app = new Sabir();
  app.redirect("/docs/{page}", "https://docs.example/{page}#top");
  app.redirect("/home", "http://shop.example/");
  return app;
});

// A redirect leads to another path, for good and with the method.
check("redirects/to_another_path", () => {
  const app = new Sabir();
  app.get("/new", () => "new");
  app.redirect("/old", "/new");
  return app;
});

// The variables of a path are carried over, as they were sent.
check("redirects/variables", () => {
  const app = new Sabir();
  app.redirect("/old/{id}", "/new/{id}");
  app.redirect("/users/{id:int}/{tab}", "/u/{tab}/{id}/x");
  app.redirect("/files/{rest:path}", "/f/{rest}");
  return app;
});
