/** Answers held to what their route declares. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Context, Sabir } from "sabir";

import { eventually, Log, serving } from "./serving.js";

const schema = { type: "object", properties: { id: { type: "integer" } }, required: ["id"] } as const;
const responses = { 200: { description: "An item.", content: { "application/json": { schema } } } } as const;

/** An application whose routes answer with what fits, what has more, and what does not fit. */
function application(responseValidation: "off" | "warn" | "enforce", logger: Log): Sabir {
  const app = new Sabir({ responseValidation }, { logger });
  app.get("/fits", { responses }, () => ({ id: 1 }));
  app.get("/more", { responses }, ({ json }) => json({ id: 1, secret: "a" }, 200, { "x-a": "1" }));
  app.get("/misfit", { responses }, () => ({ id: "one" }));
  app.get("/text", { responses }, (context: Context) => context.text("one"));
  return app;
}

for (const [setting, more, misfit] of [
  ["off", '{"id":1,"secret":"a"}', 200],
  ["warn", '{"id":1,"secret":"a"}', 200],
  ["enforce", '{"id":1}', 500],
] as const) {
  test(`answers are held to what is declared: ${setting}`, async () => {
    const logger = new Log();
    const levels: string[] = [];
    for (const level of ["error", "warn", "info", "debug"] as const) {
      Object.assign(logger, { [level]: (...data: unknown[]) => (levels.push(level), logger.entries.push(data)) });
    }
    await serving(application(setting, logger), async (url) => {
      assert.equal(await (await fetch(`${url}/fits`)).text(), '{"id":1}');
      const open = await fetch(`${url}/more`);
      assert.deepEqual([open.headers.get("x-a"), await open.text()], ["1", more]);
      assert.equal((await fetch(`${url}/text`)).status, 200);
      // What is declared limits nobody who asks for something else.
      assert.equal((await fetch(`${url}/fits`, { headers: { accept: "text/html" } })).status, 200);
      assert.equal((await fetch(`${url}/misfit`)).status, misfit);
      if (setting !== "off") await eventually(() => logger.entries.length > 0);
    });
    // The one that does not fit and no other, once.
    assert.deepEqual(levels, { off: [], warn: ["warn"], enforce: ["error"] }[setting]);
    for (const message of logger.messages) assert.match(message, /GET \/misfit.*\/id.*"one" is not an integer/s);
  });
}
