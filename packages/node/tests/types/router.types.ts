import { z } from "zod";

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

// A schema of a route's own variables leaves those of the prefix.
shops.get("/{day}", { params: z.object({ day: z.iso.date().transform((text) => new Date(text)) }) }, ({ params }) => {
  const { shop, floor, day }: { shop: string; floor: number; day: Date } = params;
  void [shop, floor, day];
  // @ts-expect-error There is no such variable.
  params.other;
});

// A prefix that is not known before the program runs has variables that nobody knows.
declare const prefix: string;
new Router({ prefix }).get("/{id:int}/{name}", ({ params }) => {
  const { id, name }: { id: number; name: string } = params;
  void [id, name];
  check<Equal<(typeof params)["other"], unknown>>();
  // @ts-expect-error An integer is a number.
  const text: string = params.id;
  void text;
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
