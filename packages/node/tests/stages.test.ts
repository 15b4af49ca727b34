/** Stages as TypeScript gives them to the runtime, held against the reference that is made from the runtime's own table. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as sabir from "sabir";
import { cors, Router, Sabir, securityHeaders, SetupError } from "sabir";

const REFERENCE = readFileSync(new URL("../../../../docs/reference/stages.md", import.meta.url), "utf8");

/** Each option of each stage with its default, by the runtime's names. */
const TABLE = REFERENCE.split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const stage = /^`(\w+)`/.exec(section)?.[1] ?? "";
    const rows = section.matchAll(/^\| `(\w+)` \| .*? \| `(.*?)` \|/gm);
    return [...rows].map(([, option = "", value = ""]) => ({ stage, option, value: JSON.parse(value) as unknown }));
  });

function inProperties(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function stageOf(name: string): (options?: object | false) => sabir.Stage {
  return (sabir as unknown as Record<string, (options?: object | false) => sabir.Stage>)[inProperties(name)] as never;
}

const field = (stage: string, option: string): string => `stages.${inProperties(stage)}.${inProperties(option)}`;

test("the table is read", () => assert.ok(TABLE.length >= 30, String(TABLE.length)));

for (const { stage, option, value } of TABLE) {
  test(`the option ${option} of ${stage} arrives under its name`, () => {
    const make = stageOf(stage);
    const wrong = { [inProperties(option)]: { neither: "fits" } };
    const refused = { name: "SetupError", field: field(stage, option) };
    assert.throws(() => new Sabir().use(make(wrong)), refused);
    assert.throws(() => new Sabir().get("/", { use: make(wrong) }, () => 1), SetupError);
    // What the table has as the default fits, unless it says that one has to be given.
    const given = stage === "trusted_hosts" ? { hosts: ["a.example"] } : {};
    if (!Array.isArray(value) || value.length > 0) new Sabir().use(make({ ...given, [inProperties(option)]: value }));
    if (!option.includes("_")) return;
    // The runtime's spelling is not this language's.
    assert.throws(() => make({ [option]: value }), { name: "SetupError", problem: "there is no such option" });
  });
}

for (const stage of new Set(TABLE.map(({ stage }) => stage))) {
  test(`what is no option of ${stage} is refused`, () => {
    assert.throws(() => new Sabir().use(stageOf(stage)({ odd: 1 })), { name: "SetupError", field: field(stage, "odd") });
  });
}

test("what a router and a route say takes the place of what is around them", async () => {
  const router = new Router({ prefix: "/in", use: [securityHeaders({ frameOptions: "DENY" })] });
  router.get("/a", () => "a");
  router.get("/own", { use: securityHeaders({ frameOptions: "" }) }, () => "a");
  router.get("/off", { use: [securityHeaders(false)] }, () => "a");
  const app = new Sabir().get("/", () => "a");
  app.get("/off", { use: securityHeaders(false) }, () => "a");
  // The order of the lines does not matter.
  app.use(securityHeaders()).mount("/", router);
  const found: Record<string, string | null> = {};
  for (const path of ["/", "/off", "/in/a", "/in/own", "/in/off", "/none"]) {
    found[path] = (await app.request(path)).headers.get("x-frame-options");
  }
  assert.deepEqual(found, {
    "/": "SAMEORIGIN",
    "/off": null,
    "/in/a": "DENY",
    "/in/own": null,
    "/in/off": null,
    "/none": "SAMEORIGIN",
  });
});

test("setting a stage again takes the place of what it was", async () => {
  const app = new Sabir().use(securityHeaders({ frameOptions: "DENY" }), securityHeaders()).get("/", () => "a");
  assert.equal((await app.request("/")).headers.get("x-frame-options"), "SAMEORIGIN");
});

test("what is no stage is refused", async () => {
  assert.throws(() => new Sabir().get("/", { use: [cors] as never }, () => 1), /use.*call it: `cors\(\)`/);
  assert.throws(() => new Sabir().get("/", { use: ["cors"] as never }, () => 1), SetupError);
  assert.throws(() => new Router({ use: [7] as never }).get("/", () => 1), SetupError);
  const app = new Sabir().get("/", () => 1);
  await app.request("/");
  assert.throws(() => app.use(cors()), SetupError);
});
