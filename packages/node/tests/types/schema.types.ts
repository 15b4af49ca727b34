import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";
import * as mini from "zod/mini";

import type { Input, Output, Schema } from "../../src/schema.js";
import { check, type Equal } from "./equal.js";

declare function output<const S extends Schema>(schema: S): Output<S>;
declare function input<const S extends Schema>(schema: S): Input<S>;

// zod
const Order = z.object({
  sku: z.string(),
  quantity: z.int().default(1),
  at: z.iso.datetime().transform((text) => new Date(text)),
});
const zod = output(Order);
check<Equal<typeof zod, { sku: string; quantity: number; at: Date }>>();
const zodInput = input(Order);
check<Equal<typeof zodInput, { sku: string; at: string; quantity?: number | undefined }>>();
const payload = output(z.toJSONSchema(mini.object({ a: mini.string() }), { io: "input" }));
check<Equal<typeof payload, { a: string }>>();
// @ts-expect-error A schema of zod/mini gives no JSON Schema.
output(mini.object({ a: mini.string() }));

// valibot
const Pet = v.object({ name: v.string(), age: v.optional(v.number(), 1) });
const valibot = output(toStandardJsonSchema(Pet));
check<Equal<typeof valibot, { name: string; age: number }>>();
const valibotInput = input(toStandardJsonSchema(Pet));
check<Equal<typeof valibotInput, { name: string; age?: number | undefined }>>();
// @ts-expect-error A schema of valibot gives no JSON Schema by itself.
output(Pet);

// arktype
const ark = output(type({ name: "string", "age?": "number.integer > 0", count: "string.integer.parse" }));
check<Equal<typeof ark, { name: string; age?: number; count: number }>>();

// TypeBox
const box = output(
  Type.Object({
    name: Type.String(),
    age: Type.Optional(Type.Integer()),
    kind: Type.Union([Type.Literal("a"), Type.Literal("b")]),
    list: Type.Array(Type.Number()),
    pair: Type.Tuple([Type.String(), Type.Boolean()]),
    counts: Type.Record(Type.String(), Type.Integer()),
    choice: Type.Enum(["x", "y"]),
    nothing: Type.Null(),
    any: Type.Unknown(),
  }),
);
check<
  Equal<
    typeof box,
    {
      name: string;
      kind: "a" | "b";
      list: number[];
      pair: [string, boolean];
      counts: { [name: string]: number };
      choice: "x" | "y";
      nothing: null;
      any: unknown;
      age?: number;
    }
  >
>();
const Count = Type.Codec(Type.String())
  .Decode((text) => Number(text))
  .Encode(String);
const decoded = output(Type.Object({ count: Count }));
check<Equal<typeof decoded, { count: number }>>();
const encoded = input(Type.Object({ count: Count }));
check<Equal<typeof encoded, { count: string }>>();
const unsafe = output(Type.Unsafe<Date>({ type: "string" }));
check<Equal<typeof unsafe, Date>>();
const meet = output(Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]));
check<Equal<typeof meet, { a: string } & { b: string }>>();
const cyclic = output(
  Type.Cyclic({ Node: Type.Object({ value: Type.String(), next: Type.Optional(Type.Ref("Node")) }) }, "Node"),
);
const deep: string | undefined = cyclic.next?.next?.value;
void deep;

// JSON Schema
const json = output({ type: "object", properties: { limit: { type: "integer", default: 10 } } });
check<Equal<typeof json, { limit: number }>>();
const jsonInput = input({ type: "object", properties: { limit: { type: "integer", default: 10 } } });
check<Equal<typeof jsonInput, { limit?: number }>>();

// @ts-expect-error A number is no schema.
output(1);
