/** What options of a route say together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir } from "sabir";

test("what is said of a success does not take away what it produces", async () => {
  const app = new Sabir();
  const options = { produces: ["text/csv", "text/plain"], responses: { 200: { description: "The report" } } };
  app.get("/report", options, () => "a,b");
  assert.equal((await app.request("/report", { headers: { accept: "text/csv" } })).status, 200);
  assert.equal((await app.request("/report", { headers: { accept: "image/png" } })).status, 406);
});
