// Generated from testing_data by `./task generate`. Do not edit.
import { setTimeout as sleep } from "node:timers/promises";
import { Problem, Sabir } from "sabir";
import { z } from "zod";
import { check, echo } from "../support/index.js";

// The detail of a raised problem reaches the client.
check("problems/detail", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, { detail: "Only 2 left of \u201cLöwe\u201d." });
  });
  return app;
});

// The detail of malformed JSON names line and column.
check("problems/detail_says_where_json_is_malformed", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// All failures are reported at once in the order path, query, header, cookie, body, whatever the order of
// declaration.
check("problems/errors_of_all_places_in_order", () => {
  const app = new Sabir();
  const options = {
    parameters: [
      { name: "seen", in: "cookie", schema: { type: "integer" } },
      { name: "x-level", in: "header", schema: { type: "integer" } },
      { name: "limit", in: "query", schema: { type: "integer", minimum: 1 } },
      { name: "id", in: "path", required: true, schema: { type: "integer" } },
    ],
    body: { type: "object", properties: { n: { type: "integer" } } },
  } as const;
  app.post("/items/{id}", options, (context) => echo(context, options));
  return app;
});

// Failures of several query parameters come in the order in which these are declared.
check("problems/errors_of_one_place_keep_the_order_of_declaration", () => {
  const app = new Sabir();
  const options = { query: z.object({ b: z.int(), c: z.int(), a: z.int() }) };
  app.get("/items", options, (context) => echo(context, options));
  return app;
});

// All members of a raised problem arrive together.
check("problems/every_member", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(422, {
      type: "https://example.com/probs/sold-out",
      title: "Sold out",
      detail: "Try tomorrow.",
      headers: { "x-stock": "0" },
      extensions: { sku: "a" },
    });
  });
  return app;
});

// Extension members of any JSON type stand beside the standard ones.
check("problems/extensions", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, {
      extensions: { sku: "a-1", left: 2, tags: ["x"], shop: { id: 7 }, open: false, note: null },
    });
  });
  return app;
});

// An extension with the name of a standard member has no effect.
check("problems/extensions_do_not_replace_standard_members", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, {
      title: "Taken",
      extensions: { status: 200, title: "Fine", type: "about:blank", sku: "a" },
    });
  });
  return app;
});

// An error after the handler has waited is answered 500 as well.
check("problems/failure_after_waiting", () => {
  const app = new Sabir();
  app.get("/items", async () => {
    await sleep(20);
    throw new Error("secret");
  });
  return app;
});

// An unexpected error is answered 500 and its message is not shown.
check("problems/failure_hides_its_message", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Error("password=hunter2");
  });
  return app;
});

// The answer to a failure has the request id under which the error is logged.
check("problems/failure_names_the_request", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Error("boom");
  });
  return app;
});

// A handler that fails after its body was decoded is answered 500.
check("problems/failure_with_a_body", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, () => {
    throw new Error("secret");
  });
  return app;
});

// A problem stays application/problem+json whatever its header fields say.
check("problems/header_does_not_replace_the_content_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, { headers: { "content-type": "text/html" } });
  });
  return app;
});

// A header field of a raised problem may be repeated.
check("problems/header_repeated", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, { headers: [["x-a", "1"], ["x-a", "2"]] });
  });
  return app;
});

// Header fields of a raised problem are sent, such as Retry-After.
check("problems/header_retry_after", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(429, { headers: { "retry-after": "30" } });
  });
  return app;
});

// A raised 401 carries its challenge.
check("problems/header_www_authenticate", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(401, { headers: { "www-authenticate": 'Bearer realm="shop"' } });
  });
  return app;
});

// The member `instance` is the path of the request.
check("problems/instance_is_the_path", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(404);
  });
  return app;
});

// A body that cannot be read is a malformed request even when parameters do not fit either.
check("problems/malformed_body_comes_before_validation", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } } },
    requestBody: { required: true, content: { "application/json": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A problem without failures of validation has no member `errors`.
check("problems/malformed_request_has_no_errors_member", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// Every failure of a body is reported, not only the first.
check("problems/many_failures_of_one_body", () => {
  const app = new Sabir();
  const options = { body: z.array(z.int()) };
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A missing required body is reported together with parameters that do not fit.
check("problems/missing_body_is_reported_beside_parameters", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } } },
    requestBody: { required: true, content: { "application/json": {} } },
  } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A client that accepts only HTML still gets the problem as application/problem+json.
check("problems/problem_is_not_negotiated_away", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409);
  });
  return app;
});

// A method that the path lacks is a problem with an Allow field.
check("problems/problem_of_a_wrong_method", () => {
  const app = new Sabir();
  const options = { requestBody: { required: true, content: { "application/json": {} } } } as const;
  app.post("/items", options, (context) => echo(context, options));
  return app;
});

// A path without a route is a problem with the path as its instance.
check("problems/problem_of_an_unknown_path", () => {
  const app = new Sabir();
  app.get("/items", (context) => echo(context));
  return app;
});

// A problem raised after the handler has waited is answered like any other.
check("problems/raised_after_waiting", () => {
  const app = new Sabir();
  app.get("/items", async () => {
    await sleep(20);
    throw new Problem(409);
  });
  return app;
});

// A handler may raise a problem of the server's own; what it says on purpose is shown.
check("problems/raised_server_error", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(503, { detail: "Closed for stocktaking.", headers: { "retry-after": "3600" } });
  });
  return app;
});

// Without a request id from the client the runtime makes one.
check("problems/request_id_is_generated", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409);
  });
  return app;
});

// A request id that the client sends comes back in the problem and in the header section.
check("problems/request_id_is_taken_over", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409);
  });
  return app;
});

// A request id with spaces could forge log lines, so another one is made.
check("problems/request_id_that_is_unsafe_is_replaced", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409);
  });
  return app;
});

// A failed handler harms neither other routes nor its own next request.
check("problems/requests_after_a_failure_work", () => {
  const app = new Sabir();
  app.get("/bad", () => {
    throw new Error("boom");
  });
  app.get("/good", () => ({ ok: true }));
  return app;
});

// A raised 401 is described by its row in the table of problems.
check("problems/status_401_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(401);
  });
  return app;
});

// A raised 403 is described by its row in the table of problems.
check("problems/status_403_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(403);
  });
  return app;
});

// A raised 404 is described by its row in the table of problems.
check("problems/status_404_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(404);
  });
  return app;
});

// A raised 410 is described by its row in the table of problems.
check("problems/status_410_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(410);
  });
  return app;
});

// A raised 429 is described by its row in the table of problems.
check("problems/status_429_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(429);
  });
  return app;
});

// A raised 501 is described by its row in the table of problems.
check("problems/status_501_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(501);
  });
  return app;
});

// A raised 503 is described by its row in the table of problems.
check("problems/status_503_has_its_type", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(503);
  });
  return app;
});

// A raised problem with only a status takes type and title from the table of problems.
check("problems/status_alone", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409);
  });
  return app;
});

// A status that the table lacks has the type about:blank and the name of the status as its title.
check("problems/status_outside_the_table", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(423);
  });
  return app;
});

// A raised problem may have a title of its own.
check("problems/title", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(409, { title: "Out of stock" });
  });
  return app;
});

// A raised problem may have a type of its own.
check("problems/type_keyword", () => {
  const app = new Sabir();
  app.get("/items", () => {
    throw new Problem(403, { type: "https://example.com/probs/out-of-credit", title: "Out of credit" });
  });
  return app;
});
