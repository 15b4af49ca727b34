import { describe } from "node:test";

import { testLive } from "../support/live.js";

// They wait most of the time, so they may wait together.
describe("the live examples", { concurrency: true }, () => {
  testLive("Python", [".venv/bin/python", "examples/live/live.py"]);
  testLive("Node", ["node", "examples/live-node/build/live.js"]);
  testLive("Bun", ["node_modules/.bin/bun", "examples/live-node/live.ts"]);
});
