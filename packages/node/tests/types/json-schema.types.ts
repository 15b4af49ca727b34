import type { FromJsonSchema, JsonSchema } from "../../src/json-schema.js";
import { check, type Equal } from "./equal.js";

declare function of<const S extends JsonSchema>(schema: S): FromJsonSchema<S>;
declare function sent<const S extends JsonSchema>(schema: S): FromJsonSchema<S, Uint8Array, false>;

// Simple types.
const simple = [
  of({ type: "string" }),
  of({ type: "integer" }),
  of({ type: "number", minimum: 1 }),
  of({ type: "boolean" }),
  of({ type: "null" }),
  of({ type: ["string", "null"] }),
  of({}),
] as const;
check<Equal<typeof simple, readonly [string, number, number, boolean, null, string | null, unknown]>>();

// Values.
const direction = of({ enum: ["asc", "desc"] });
check<Equal<typeof direction, "asc" | "desc">>();
const mixed = of({ enum: [1, "a", null] });
check<Equal<typeof mixed, 1 | "a" | null>>();
const constant = of({ const: "cat" });
check<Equal<typeof constant, "cat">>();

// Objects.
const order = of({
  type: "object",
  properties: {
    sku: { type: "string" },
    quantity: { type: "integer", default: 1 },
    note: { type: ["string", "null"] },
    customer: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
  },
  required: ["sku", "customer"],
});
check<Equal<typeof order, { sku: string; quantity: number; customer: { id: number }; note?: string | null }>>();
const untyped = of({ properties: { a: { type: "string" } }, required: ["a"] });
check<Equal<typeof untyped, { a: string }>>();
const anything = of({ type: "object" });
check<Equal<typeof anything, { [name: string]: unknown }>>();
const counts = of({ type: "object", additionalProperties: { type: "integer" } });
check<Equal<typeof counts, { [name: string]: number }>>();
const open = of({ type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: true });
const known: string = open.a;
const other: unknown = open["b"];
void [known, other];
const closed = of({ type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false });
check<Equal<typeof closed, { a: string }>>();
// @ts-expect-error The schema names no such property.
closed.b;

// Before defaults are filled in.
const given = sent({ type: "object", properties: { limit: { type: "integer", default: 10 } } });
check<Equal<typeof given, { limit?: number }>>();

// Arrays.
const tags = of({ type: "array", items: { type: "string" } });
check<Equal<typeof tags, string[]>>();
const list = of({ type: "array" });
check<Equal<typeof list, unknown[]>>();
const pair = of({ type: "array", prefixItems: [{ type: "number" }, { type: "string" }], items: false, minItems: 2 });
check<Equal<typeof pair, [number, string]>>();
const half = of({ type: "array", prefixItems: [{ type: "number" }, { type: "string" }], items: false, minItems: 1 });
check<Equal<typeof half, [number, string?]>>();
const rest = of({ type: "array", prefixItems: [{ type: "number" }], items: { type: "string" }, minItems: 1 });
check<Equal<typeof rest, [number, ...string[]]>>();

// Combinations.
const either = of({ anyOf: [{ type: "string" }, { type: "integer" }] });
check<Equal<typeof either, string | number>>();
const animal = of({
  oneOf: [
    { type: "object", properties: { kind: { const: "cat" }, lives: { type: "integer", default: 9 } }, required: ["kind"] },
    { type: "object", properties: { kind: { const: "dog" } }, required: ["kind"] },
  ],
});
check<Equal<typeof animal, { kind: "cat"; lives?: number } | { kind: "dog" }>>();
const both = of({
  allOf: [
    { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
    { type: "object", properties: { b: { type: "integer" } }, required: ["b"] },
  ],
});
check<Equal<typeof both, { a: string } & { b: number }>>();

// References.
const tree = of({
  $defs: {
    Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" }, value: { type: "string" } }, required: ["value"] },
  },
  $ref: "#/$defs/Node",
});
const second: string | undefined = tree.next?.next?.value;
void second;
const self = of({ type: "object", properties: { child: { $ref: "#" } } });
self.child?.child?.child;
const component = of({ $ref: "#/components/schemas/Order" });
check<Equal<typeof component, unknown>>();

// Bytes and files.
interface File {
  readonly name: string;
}
type Upload = { type: "object"; properties: { file: { type: "string"; format: "binary" } }; required: ["file"] };
check<Equal<FromJsonSchema<Upload>, { file: Uint8Array }>>();
check<Equal<FromJsonSchema<Upload, File>, { file: File }>>();

// A schema as a constant of its own, and one that is not known.
const Order = { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } as const satisfies JsonSchema;
check<Equal<FromJsonSchema<typeof Order>, { sku: string }>>();
check<Equal<FromJsonSchema<JsonSchema>, unknown>>();

// @ts-expect-error There is no such type.
of({ type: "strin" });
// @ts-expect-error Nor in a property.
of({ type: "object", properties: { a: { type: "int" } } });
