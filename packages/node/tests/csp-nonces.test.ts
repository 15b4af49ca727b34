/** Numbers of requests in Content Security Policies. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sabir, securityHeaders } from "sabir";

test("handlers know the nonce of their answer", async () => {
  const app = new Sabir();
  app.use(securityHeaders({ contentSecurityPolicy: "script-src 'nonce-{nonce}'" }));
  app.get("/", ({ cspNonce, request }) => [cspNonce, request.cspNonce]);
  app.get("/off", { use: [securityHeaders(false)] }, ({ cspNonce }) => cspNonce === undefined);
  const nonces = new Set<string>();
  for (let index = 0; index < 2; index += 1) {
    const answer = await app.request("/");
    const [nonce, same] = (await answer.json()) as string[];
    assert.equal(answer.headers.get("content-security-policy"), `script-src 'nonce-${nonce}'`);
    assert.equal(same, nonce);
    nonces.add(nonce ?? "");
  }
  assert.equal(nonces.size, 2);
  assert.equal(await (await app.request("/off")).json(), true);
});
