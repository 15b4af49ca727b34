/** Security schemes as TypeScript gives them to the runtime. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { apiKey, basic, bearer, jwt, Router, Sabir, type SecuritySchemeObject, SetupError } from "sabir";

const KEYS = { ci: "s3cret" };
const JWT = { algorithms: ["HS256"], secret: "0123456789abcdef".repeat(2) };

type Make = (options: object) => SecuritySchemeObject;

/** Each option: what makes the scheme, options with which it is complete, and where the option stands in the Security Scheme Object. */
const OPTIONS: [name: string, make: Make, complete: object, places: Record<string, string>][] = [
  ["apiKey", apiKey as Make, { keys: KEYS, header: "x-key" }, { header: "name", ...held() }],
  ["apiKey", apiKey as Make, { keys: KEYS }, { query: "name", cookie: "name" }],
  ["basic", basic as Make, { keys: KEYS }, held()],
  ["bearer", bearer as Make, { keys: KEYS }, held()],
  [
    "jwt",
    jwt as Make,
    JWT,
    {
      description: "description",
      realm: "x-sabir.realm",
      algorithms: "x-sabir.jwt.algorithms",
      secret: "x-sabir.jwt.secret",
      publicKeys: "x-sabir.jwt.public_keys",
      jwks: "x-sabir.jwt.jwks",
      audience: "x-sabir.jwt.audience",
      issuer: "x-sabir.jwt.issuer",
      leeway: "x-sabir.jwt.leeway",
      mayLastForEver: "x-sabir.jwt.may_last_for_ever",
    },
  ],
];

function held(): Record<string, string> {
  return { keys: "x-sabir.keys", byHandler: "x-sabir.by_handler", realm: "x-sabir.realm", description: "description" };
}

for (const [name, make, complete, places] of OPTIONS) {
  for (const [option, place] of Object.entries(places)) {
    test(`the option ${option} of ${name} arrives at its place`, () => {
      const scheme = make({ ...complete, [option]: { neither: 7 } });
      assert.throws(
        () => new Sabir().security("token", scheme),
        (error) => {
          assert.ok(error instanceof SetupError);
          assert.equal(error.route, "security scheme token");
          assert.ok(error.field.startsWith(place), error.message);
          return true;
        },
      );
    });
  }
  test(`what is no option of ${name} is refused: ${Object.keys(complete).join(" ")}`, () => {
    const remedy = /^SetupError: \w+: by_handler: there is no such option; use one of .*description/;
    assert.throws(() => make({ ...complete, by_handler: true, header: "x-key" }), name === "apiKey" ? remedy : SetupError);
  });
}

test("a key is in one place", () => {
  for (const places of [{}, { header: "a", query: "a" }, { query: "a", cookie: "a" }]) {
    assert.throws(() => apiKey({ ...places, byHandler: true }), /apiKey: header, query, cookie: a key is in one place/);
  }
});

test("what a router and a route demand", async () => {
  const app = new Sabir();
  const key = app.security("key", apiKey({ header: "x-key", keys: { ci: { key: "s3cret", scopes: ["read"] }, web: "other" } }));
  const ada = app.security("basic", basic({ keys: { ada: "s3cret" } }));
  const router = new Router({ prefix: "/in", security: [key] });
  router.get("/a", ({ request }) => request.identity?.subject);
  router.get("/read", { security: [key("read")] }, ({ request }) => request.identity?.subject);
  router.get("/either", { security: [key("read"), ada] }, ({ request }) => request.identity?.scheme);
  router.get("/public", { security: [] }, () => "all");
  app.mount("/", router);
  const get = async (path: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const answer = await app.request(path, { headers });
    return [answer.status, answer.ok ? await answer.text() : ""];
  };
  assert.deepEqual(await get("/in/a"), [401, ""]);
  assert.deepEqual(await get("/in/a", { "x-key": "other" }), [200, "web"]);
  assert.deepEqual(await get("/in/read", { "x-key": "other" }), [403, ""]);
  assert.deepEqual(await get("/in/read", { "x-key": "s3cret" }), [200, "ci"]);
  assert.deepEqual(await get("/in/either", { authorization: `Basic ${btoa("ada:s3cret")}` }), [200, "basic"]);
  assert.deepEqual(await get("/in/public"), [200, "all"]);
});

test("what is no demand is refused", () => {
  const app = new Sabir();
  app.security("key", apiKey({ header: "x-key", keys: KEYS }));
  for (const security of [["token"], [{ nobody: [] }], [7], "key", [{ key: [7] }]]) {
    assert.throws(() => app.get("/", { security: security as never }, () => 1), /security/);
  }
  assert.throws(() => app.security("key", basic({ keys: KEYS })), SetupError);
});
