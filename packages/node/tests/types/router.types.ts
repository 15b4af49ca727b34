import type { Handler } from "../../src/context.js";
import { Router } from "../../src/router.js";
import { check, type Equal } from "./equal.js";

// Handlers get the variables of the prefix and those of their own path.
const shops = new Router({ prefix: "/shops/{shop}/{floor:int}", tags: ["shops"] });
shops.get("/", ({ params }) => {
  check<Equal<typeof params, { shop: string; floor: number }>>();
});
shops.get("/{id:int}", { query: { type: "object", properties: { q: { type: "string" } } } }, ({ params, query }) => {
  check<Equal<typeof params, { shop: string; floor: number; id: number }>>();
  check<Equal<typeof query, { q?: string }>>();
});
shops.all("/any/:kind", ({ params, body }) => {
  check<Equal<typeof params, { shop: string; floor: number; kind: string }>>();
  check<Equal<typeof body, undefined>>();
});
shops.route("/{n:float}", { methods: ["GET", "REPORT"], body: { type: "integer" } }, ({ params, body }) => {
  check<Equal<typeof params, { shop: string; floor: number; n: number }>>();
  check<Equal<typeof body, number>>();
});

// Handlers that take any context.
declare const anywhere: Handler;
shops.get("/anywhere", anywhere).get("/limited", { timeoutMs: 5 }, anywhere);

// A router without a prefix, and calls in a row.
const plain = new Router({ deprecated: true });
const same = plain
  .get("/{a}", ({ params }) => params.a)
  .post("/", () => 1)
  .route("/", { methods: "PUT" }, () => 1);
check<Equal<typeof same, Router>>();
shops.mount("/x", plain).mount("/y", new Router({ prefix: "/{z}" }));

// @ts-expect-error A route has methods.
plain.route("/", {}, () => 1);
// @ts-expect-error A router has no settings.
new Router({ bodyLimitBytes: 1 });
// @ts-expect-error A schema belongs to a route.
new Router({ query: { type: "object" } });
