// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// A route of any method answers every method that has no route of its own.
check("methods/any_method", () => {
  const app = new Sabir();
  app.all("/hook", ({ request }) => ({ method: request.method }));
  app.get("/items/{id}", () => "show");
  app.all("/items/{id}", () => "rest");
  app.options("/items/{id}", () => "own");
  app.get("/users", () => "list");
  return app;
});

// A path with a route of any method knows no 405: what its more specific routes do not answer goes there, and
// OPTIONS too.
check("methods/any_method_of_a_less_specific_route", () => {
  const app = new Sabir();
  app.get("/files/readme", () => "readme");
  app.all("/files/{path:path}", ({ request }) => ({ method: request.method, path: request.path }));
  app.post("/{page}", () => "page");
  return app;
});

// Content that a GET route does not declare changes nothing.
check("methods/content_of_a_get_is_ignored", () => {
  const app = new Sabir();
  app.get("/items", () => "list");
  return app;
});

// A method is any token; one that no standard names has routes like the others.
check("methods/custom_methods", () => {
  const app = new Sabir();
  app.route("/cache", { methods: "PURGE" }, () => "purged");
  app.get("/cache", () => "shown");
  app.route("/calendar", { methods: "REPORT" }, () => "report");
  app.route("/calendar", { methods: "VERSION-CONTROL" }, () => "versions");
  return app;
});

// A HEAD route of its own is run instead of the GET route.
check("methods/declared_head_counts", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.text("list", { headers: { "x-by": "get" } }));
  app.head("/items", (context) => context.status(200).header("x-by", "head"));
  return app;
});

// An OPTIONS route of its own is run instead of the automatic answer.
check("methods/declared_options_counts", () => {
  const app = new Sabir();
  app.options("/items", () => "own");
  app.get("/items", () => "list");
  app.get("/users", () => "list");
  return app;
});

// DELETE may have content where it is declared, and none elsewhere.
check("methods/delete_with_and_without_content", () => {
  const app = new Sabir();
  const itemsOptions = {
    requestBody: {
      content: {
        "application/json": {
          schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
        },
      },
    },
  } as const;
  app.delete("/items", itemsOptions, (context) => echo(context, itemsOptions));
  app.delete("/users", () => "gone");
  return app;
});

// Methods of one path lead to routes of their own.
check("methods/each_method_has_its_route", () => {
  const app = new Sabir();
  app.get("/items", () => "get");
  app.post("/items", () => "post");
  app.put("/items", () => "put");
  app.patch("/items", () => "patch");
  app.delete("/items", () => "delete");
  return app;
});

// A handler that reads the request sees the method as it was sent.
check("methods/handler_sees_the_method", () => {
  const app = new Sabir();
  app.post("/items", ({ request }) => ({ method: request.method, path: request.path }));
  app.patch("/items", ({ request }) => ({ method: request.method, path: request.path }));
  const itemsOptions3 = { methods: "PURGE" } as const;
  app.route("/items", itemsOptions3, ({ request }) => ({ method: request.method, path: request.path }));
  return app;
});

// HEAD runs the GET handler and sends its header fields, but no content.
check("methods/head_answers_as_get_without_content", () => {
  const app = new Sabir();
  app.get("/items", (context) => context.text("some text", { headers: { "x-total": "3" } }));
  const usersOptions = { query: { type: "object", properties: { n: { type: "integer" } } } } as const;
  app.get("/users/{id:int}", usersOptions, (context) =>
    echo(context, { ...usersOptions, path: "/users/{id:int}" }),
  );
  return app;
});

// HEAD has the Content-Length that GET has.
check("methods/head_names_the_length_of_get", () => {
  const app = new Sabir();
  app.get("/items", () => "some text");
  app.post("/made", () => "x");
  return app;
});

// The method is case-sensitive: a lower-case name is another method.
check("methods/methods_are_case_sensitive", () => {
  const app = new Sabir();
  app.route("/items", { methods: "PURGE" }, () => "upper");
  app.route("/items", { methods: "Purge" }, () => "mixed");
  return app;
});

// The automatic answer to OPTIONS asks for no parameters.
check("methods/options_does_not_check_parameters", () => {
  const app = new Sabir();
  const options = {
    query: z.object({ n: z.int() }),
    headers: z.object({ "x-key": z.string() }),
    body: z.looseObject({ n: z.int() }),
  };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// OPTIONS is answered with the methods of the path, without a handler.
check("methods/options_is_answered", () => {
  const app = new Sabir();
  app.get("/items", () => "list");
  app.post("/items", () => "make");
  app.put("/items/{id:int}", () => "put");
  app.get("/items/{name}", () => "show");
  return app;
});

// QUERY is safe and has content that is validated.
check("methods/query_method", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ n: z.int() }) };
  app.query("/items", options, (context) => echo(context, options));
  return app;
});

// A refused HEAD request has the status of GET, and no content.
check("methods/refusals_of_head_have_no_content", () => {
  const app = new Sabir();
  const itemsOptions = { query: z.object({ n: z.int() }) };
  app.get("/items", itemsOptions, (context) => echo(context, itemsOptions));
  app.get("/users/{id:int}", (context) => echo(context, { path: "/users/{id:int}" }));
  return app;
});

// A path that does not have the method is refused before its parameters are looked at.
check("methods/wrong_method_is_judged_before_parameters", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
    body: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A method that the path lacks is refused, and Allow names those it has, sorted.
check("methods/wrong_method_is_refused_with_allow", () => {
  const app = new Sabir();
  app.get("/items", () => "list");
  app.post("/items", () => "make");
  app.delete("/items/{id:int}", () => "drop");
  return app;
});
