/** Each request has defaults of its own: what a handler changes, the next one does not see. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Sabir, type Schema } from "sabir";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";

const list = [1];
const settings = { tags: ["a"], deep: { list } };

const SCHEMAS: Record<string, Schema> = {
  zod: z.object({
    tags: z.array(z.string()).default(["a"]),
    deep: z.object({ list: z.array(z.number()) }).default({ list }),
  }),
  "zod with a transform": z.object({
    tags: z.array(z.string()).default(["a"]),
    deep: z
      .object({ list: z.array(z.number()) })
      .default({ list })
      .transform((value) => value),
  }),
  valibot: toStandardJsonSchema(
    v.object({
      tags: v.optional(v.array(v.string()), ["a"]),
      deep: v.optional(v.object({ list: v.array(v.number()) }), { list }),
    }),
  ),
  typebox: Type.Object({
    tags: Type.Optional(Type.Array(Type.String(), { default: ["a"] })),
    deep: Type.Optional(Type.Object({ list: Type.Array(Type.Number()) }, { default: { list } })),
  }),
  arktype: type({
    tags: type("string[]").default(() => ["a"]),
    deep: type({ list: "number[]" }).default(() => ({ list: [1] })),
  }),
  "plain JSON Schema": {
    type: "object",
    properties: {
      tags: { type: "array", items: { type: "string" }, default: settings.tags },
      deep: { type: "object", properties: { list: { type: "array" } }, default: settings.deep },
    },
  } as const,
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  test(`defaults of ${name} are fresh for each request`, async () => {
    const app = new Sabir();
    app.post("/", { body: schema }, ({ body }) => {
      const { tags, deep } = body as { tags: string[]; deep: { list: number[] } };
      tags.push("b");
      deep.list.push(2);
      return [tags, deep];
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    for (let time = 0; time < 3; time++) {
      const answer = await app.request("/", init);
      assert.deepEqual(await answer.json(), [["a", "b"], { list: [1, 2] }], `time ${time}`);
    }
    assert.deepEqual(list, [1]);
  });
}
