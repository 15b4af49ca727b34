// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check, echo } from "../support/index.js";

// Where a path is declared with and without the final slash, each is its own.
check("routing/both_forms_declared", () => {
  const app = new Sabir();
  app.get("/items", () => "without");
  app.get("/items/", () => "with");
  app.get("/users/{name}", () => "user");
  app.get("/users/", () => "users");
  return app;
});

// Paths are case-sensitive.
check("routing/case_counts", () => {
  const app = new Sabir();
  app.get("/Items", () => "upper");
  app.get("/items", () => "lower");
  return app;
});

// When the more specific segment has no route for the rest, the next one is tried.
check("routing/choice_that_leads_nowhere_is_taken_back", () => {
  const app = new Sabir();
  app.get("/users/me/settings", () => "settings");
  app.get("/users/{id:int}/posts", () => "posts");
  app.get("/users/{name}/likes", () => "likes");
  app.get("/{section}/{page:path}", () => "page");
  return app;
});

// Each route has parameters of its own, also for one path.
check("routing/components_of_another_route_do_not_mix", () => {
  const app = new Sabir();
  const itemsOptions = { query: { type: "object", properties: { a: { type: "integer" } } } } as const;
  app.get("/items/{id:int}", itemsOptions, (context) =>
    echo(context, { ...itemsOptions, path: "/items/{id:int}" }),
  );
  const itemsOptions2 = {
    query: { type: "object", properties: { b: { type: "string" } }, required: ["b"] },
  } as const;
  app.post("/items/{id:int}", itemsOptions2, (context) =>
    echo(context, { ...itemsOptions2, path: "/items/{id:int}" }),
  );
  const itemsOptions3 = { query: { type: "object", properties: { a: { type: "string" } } } } as const;
  app.get("/items/{name}", itemsOptions3, (context) => echo(context, itemsOptions3));
  return app;
});

// A path may have many segments, and a wildcard takes as many as there are.
check("routing/deep_paths", () => {
  const app = new Sabir();
  app.get("/a/{one}/b/{two}/c/{three}/d/{four}/e", () => "deep");
  app.get("/w/{rest:path}", () => "wild");
  return app;
});

// Clients remove dot segments; the server takes them as they are, so that they lead nowhere else.
check("routing/dot_segments_are_not_resolved", () => {
  const app = new Sabir();
  app.get("/admin", () => "admin");
  app.get("/public/{name}", () => "public");
  return app;
});

// Two slashes are an empty segment, which no route has.
check("routing/empty_segments_count", () => {
  const app = new Sabir();
  app.get("/a/b", () => "ab");
  app.get("/a/{x}/b", () => "axb");
  return app;
});

// An escaped slash does not part segments.
check("routing/escaped_slash_is_data", () => {
  const app = new Sabir();
  app.get("/a/b", () => "two");
  app.get("/{name}", () => "one");
  return app;
});

// A path matches the same however its unreserved characters are written.
check("routing/escapes_of_unreserved_characters", () => {
  const app = new Sabir();
  app.get("/items/a-b", () => "static");
  app.get("/café", () => "accent");
  app.get("/a b", () => "space");
  return app;
});

// A path with an incomplete escape is malformed, wherever it leads.
check("routing/malformed_path_is_refused", () => {
  const app = new Sabir();
  app.get("/a", () => "a");
  return app;
});

// Each of many similar routes is found, and none for another.
check("routing/many_routes", () => {
  const app = new Sabir();
  app.get("/red/one", () => "red-one");
  app.get("/red/two", () => "red-two");
  app.get("/red/{n:int}", () => "red-{n:int}");
  app.get("/green/one", () => "green-one");
  app.get("/green/two", () => "green-two");
  app.get("/green/{n:int}", () => "green-{n:int}");
  app.get("/blue/one", () => "blue-one");
  app.get("/blue/two", () => "blue-two");
  app.get("/blue/{n:int}", () => "blue-{n:int}");
  return app;
});

// A path that matches several routes has the methods of all of them.
check("routing/method_of_a_less_specific_route", () => {
  const app = new Sabir();
  app.post("/users/me", () => "update");
  app.get("/users/{name}", () => "show");
  app.delete("/users/{name}", () => "drop");
  return app;
});

// A pattern may be written with escapes and means the decoded text.
check("routing/pattern_written_with_escapes", () => {
  const app = new Sabir();
  app.get("/caf%C3%A9", () => "accent");
  app.get("/100%25", () => "percent");
  app.get("/a%2Fb", () => "slash");
  return app;
});

// The query takes no part in the match, whatever it holds.
check("routing/query_and_fragment_are_no_path", () => {
  const app = new Sabir();
  app.get("/items", () => "items");
  app.get("/items/{id:int}", () => "item");
  return app;
});

// A path that starts with two slashes would name another host and is never redirected to.
check("routing/redirect_stays_on_this_host", () => {
  const app = new Sabir();
  app.get("/{rest:path}", () => "rest");
  app.get("/{a}/", () => "a");
  return app;
});

// The root has a route like every other path, and an empty path is the root.
check("routing/root", () => {
  const app = new Sabir();
  app.get("/", () => "root");
  return app;
});

// A dot in a literal is a dot.
check("routing/segment_of_a_variable_and_a_dot", () => {
  const app = new Sabir();
  app.get("/robots.txt", () => "robots");
  app.get("/feed.{kind:xml|json}", () => "feed");
  return app;
});

// The first segment that differs decides which route is the more specific one.
check("routing/segments_from_left_to_right", () => {
  const app = new Sabir();
  app.get("/{a}/static", () => "late");
  app.get("/fixed/{b}", () => "early");
  app.get("/{a:int}/{b}", () => "typed");
  return app;
});

// A literal wins over every variable, whatever the order of the routes.
check("routing/static_before_variables", () => {
  const app = new Sabir();
  app.get("/users/{rest:path}", () => "path");
  app.get("/users/{name}", () => "plain");
  app.get("/users/{id:int}", () => "int");
  app.get("/users/me", () => "static");
  return app;
});

// Paths are matched whole: neither a prefix nor a longer path matches.
check("routing/static_paths", () => {
  const app = new Sabir();
  app.get("/items", () => "items");
  app.get("/items/new", () => "new");
  return app;
});

// A target in absolute form matches by its path.
check("routing/target_in_absolute_form", () => {
  const app = new Sabir();
  app.get("/items/{id:int}", () => "item");
  return app;
});

// Among variables of one class the one with more text around it wins.
check("routing/text_around_a_variable_is_specific", () => {
  const app = new Sabir();
  app.get("/f/{name}", () => "plain");
  app.get("/f/{name}.json", () => "json");
  app.get("/f/data-{name}", () => "data");
  app.get("/f/{name:int}", () => "int");
  return app;
});

// With slashes ignored both paths match, and the method still counts.
check("routing/trailing_slash_ignored", () => {
  const app = new Sabir({ trailingSlash: "ignore" });
  app.get("/items", () => "items");
  app.get("/users/", () => "users");
  app.get("/a/{id:int}", () => "a");
  return app;
});

// By default a path that differs by the final slash leads to the declared one, with the query.
check("routing/trailing_slash_redirects", () => {
  const app = new Sabir();
  app.get("/items", () => "items");
  app.get("/users/", () => "users");
  app.get("/a/{id:int}", () => "a");
  return app;
});

// The redirect keeps the method, so it is given to every method the other path has.
check("routing/trailing_slash_redirects_every_method", () => {
  const app = new Sabir();
  app.post("/items", () => "made");
  app.get("/caf%C3%A9/", () => "accent");
  return app;
});

// With strict slashes only the declared path matches.
check("routing/trailing_slash_strict", () => {
  const app = new Sabir({ trailingSlash: "strict" });
  app.get("/items", () => "items");
  app.get("/users/", () => "users");
  return app;
});

// Types are tried from the narrow to the wide: choice, bool, int, float, date, uuid, custom, text.
check("routing/types_among_each_other", () => {
  const app = new Sabir();
  app.converter("hex", "[0-9a-f]+", { type: "string" });
  app.get("/a/{v}", () => "plain");
  app.get("/a/{v:hex}", () => "hex");
  app.get("/a/{v:uuid}", () => "uuid");
  app.get("/a/{v:date}", () => "date");
  app.get("/a/{v:float}", () => "float");
  app.get("/a/{v:int}", () => "int");
  app.get("/a/{v:bool}", () => "bool");
  app.get("/a/{v:1|true|x}", () => "choice");
  return app;
});

// A wildcard takes what no other route takes.
check("routing/wildcard_comes_last", () => {
  const app = new Sabir();
  app.get("/{rest:path}", () => "rest");
  app.get("/api/items", () => "items");
  app.get("/api/{name}", () => "name");
  return app;
});

// What follows a wildcard must match the end of the path.
check("routing/wildcard_in_the_middle", () => {
  const app = new Sabir();
  app.get("/repos/{name:path}/raw", () => "raw");
  app.get("/repos/{name:path}/issues/{id:int}", () => "issue");
  app.get("/repos/{name:path}", () => "repo");
  return app;
});
