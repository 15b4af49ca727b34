// Prints the bytes of the module in the directory that is named, plain and compressed, once it has answered a request.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { gzipSync } = require("node:zlib");

const directory = process.argv[2];
const { Edge } = require(join(directory, "sabir_wasm_size.js"));

const schema = { type: "object", required: ["sku"], properties: { sku: { type: "string", minLength: 3 } } };
const operation = {
  parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
  requestBody: { content: { "application/json": { schema } } },
};
const edge = new Edge(JSON.stringify([{ method: "POST", path: "/orders/{id}", operation }]), 1n);
const send = (path, body) => {
  const headers = { "content-type": "application/json" };
  const answer = edge.call("POST", path, JSON.stringify(headers), Buffer.from(JSON.stringify(body)));
  return Buffer.from(answer).toString();
};
assert.equal(send("/orders/7", { sku: "abc" }), '200 {"parameters":[7],"body":{"sku":"abc"}}');
assert.match(send("/orders/7", { sku: "a" }), /^422 .*minLength/);
assert.match(send("/none", {}), /^404 /);

const bytes = readFileSync(join(directory, "sabir_wasm_size_bg.wasm"));
console.log(bytes.length, gzipSync(bytes, { level: 9 }).length);
