// Generated from testing_data by `./task generate`. Do not edit.
import { Problem, Sabir } from "sabir";
import { check } from "../support/index.js";

// Of types with the same weight the one declared first is chosen.
check("negotiation/equal_weights_leave_the_choice_to_the_server", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Types of declared errors are not offered.
check("negotiation/only_the_success_takes_part", () => {
  const app = new Sabir();
  const options = {
    responses: {
      "404": { description: "None.", content: { "text/plain": {} } },
      "200": { description: "An item.", content: { "application/json": {}, "text/csv": {} } },
    },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// A range with a parameter takes only types that have it, and describes these more closely.
check("negotiation/parameters_narrow_a_range", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "text/html": {}, "text/html;level=1": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Problems are application/problem+json, whatever the client accepts.
check("negotiation/problems_are_not_negotiated", () => {
  const app = new Sabir();
  const itemsOptions = {
    responses: { "200": { description: "An item.", content: { "text/html": {}, "text/csv": {} } } },
  } as const;
  app.get("/items", itemsOptions, () => {
    throw new Problem(409);
  });
  const pageOptions = {
    query: { type: "object", properties: { n: { type: "integer" } } },
    responses: { "200": { description: "An item.", content: { "text/html": {} } } },
  } as const;
  app.get("/page", pageOptions, () => "ok");
  const brokenOptions = {
    responses: { "200": { description: "An item.", content: { "text/html": {} } } },
  } as const;
  app.get("/broken", brokenOptions, () => {
    throw new Error("boom");
  });
  return app;
});

// A comma within quotes ends no element.
check("negotiation/range_with_a_quoted_comma", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// The refusal names the types that there are.
check("negotiation/refusal_names_the_types", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/csv": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Several Accept fields count as one, and empty elements as none.
check("negotiation/repeated_fields_are_one_list", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Where no response is declared nothing is negotiated.
check("negotiation/routes_without_declared_types_take_any_wish", () => {
  const app = new Sabir();
  app.get("/items", ({ accepts }) => ({ accepts: accepts ?? null }));
  const plainOptions = { responses: { "204": { description: "Nothing." } } } as const;
  app.get("/plain", plainOptions, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// A type with the suffix +json is not application/json: neither stands for the other.
check("negotiation/structured_suffix_is_a_type_of_its_own", () => {
  const app = new Sabir();
  const options = {
    responses: {
      "200": { description: "An item.", content: { "application/vnd.api+json": {}, "text/csv": {} } },
    },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// The type with the greatest weight is chosen, whatever its place in the field.
check("negotiation/the_heaviest_type_wins", () => {
  const app = new Sabir();
  const options = {
    responses: {
      "200": {
        description: "An item.",
        content: { "application/json": {}, "text/html": {}, "text/plain": {} },
      },
    },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Each type has the weight of the range that describes it most closely.
check("negotiation/the_most_specific_range_counts", () => {
  const app = new Sabir();
  const options = {
    responses: {
      "200": {
        description: "An item.",
        content: { "application/json": {}, "text/html": {}, "text/plain": {} },
      },
    },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// A range with a subtype wildcard takes every type below it.
check("negotiation/type_range", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Types and the name of the weight are compared without regard to case.
check("negotiation/types_ignore_case", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// An answer that was chosen among several types says so in Vary, the refusal too.
check("negotiation/vary_names_accept", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// Weight 0 says that a type is not acceptable.
check("negotiation/weight_zero_excludes", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "application/json": {}, "text/html": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});

// A client that states no wish gets the type declared first.
check("negotiation/without_accept_the_first_type_counts", () => {
  const app = new Sabir();
  const options = {
    responses: { "200": { description: "An item.", content: { "text/html": {}, "application/json": {} } } },
  } as const;
  app.get("/items", options, ({ accepts }) => ({ accepts: accepts ?? null }));
  return app;
});
