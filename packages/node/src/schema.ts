import { copyOf } from "./json.js";
import type { FromJsonSchema, JsonSchema } from "./json-schema.js";
import { fromArk, isArk } from "./schema/arktype.js";
import { refuseLibraries, WRITE_PLAIN } from "./schema/misplaced.js";
import { type Converted, inexpressible, input, library, Need, type Place, type StandardSchema } from "./schema/standard.js";
import { type Hooks, steps } from "./schema/steps.js";
import { fromTypeBox, isTypeBox, type TypeBoxSchema } from "./schema/typebox.js";
import type { FromTypeBox } from "./schema/typebox-type.js";
import { fromValibot, isValibot } from "./schema/valibot.js";
import { isNode, type Node, visit } from "./schema/visit.js";
import { fromZod, isZod } from "./schema/zod.js";
import { SetupError } from "./setup-error.js";

export { type ValidationIssue, ValidationIssues } from "./schema/issues.js";
export { type Member, members } from "./schema/members.js";
export { refuseLibraries, WRITE_PLAIN } from "./schema/misplaced.js";
export type { Place, StandardSchema, TypeBoxSchema };

/**
 * What describes a value: a schema of a library with Standard JSON Schema (zod 4, arktype, valibot behind
 * `toStandardJsonSchema`), a type of TypeBox 1, or plain JSON Schema 2020-12.
 */
export type Schema = StandardSchema | TypeBoxSchema | JsonSchema;

/**
 * What a handler gets for the schema `S`: after defaults, transforms and codecs.
 *
 * @typeParam Binary What `format: "binary"` of plain JSON Schema is: bytes in a body, a file in a form.
 */
export type Output<S, Binary = Uint8Array> = S extends { readonly "~standard": { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly output: infer O }
    ? O
    : unknown
  : S extends TypeBoxSchema
    ? FromTypeBox<S>
    : FromJsonSchema<S, Binary>;

/** What a client sends for the schema `S`: before defaults, transforms and codecs. See {@link Output}. */
export type Input<S, Binary = Uint8Array> = S extends { readonly "~standard": { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly input: infer I }
    ? I
    : unknown
  : S extends TypeBoxSchema
    ? FromTypeBox<S, false>
    : FromJsonSchema<S, Binary, false>;

/** A schema ready for the runtime. */
export interface Compiled {
  /** What the runtime holds values against: draft 2020-12, of what is sent, complete in itself but for components. */
  readonly schema: JsonSchema;
  /**
   * Makes what a handler gets out of a valid value; missing when that is the value itself.
   *
   * It may change the value in place, and gives a promise only if the schema's library does.
   *
   * @throws {ValidationIssues} The library refuses the value, or a codec fails.
   */
  readonly finish?: (value: unknown) => unknown;
}

/**
 * Converts `schema` to JSON Schema and finds out what is left to do after the runtime's own check.
 *
 * A value goes through the schema's library only if the library does more than its JSON Schema says: transforms, defaults,
 * refinements, flags of regular expressions, formats that are code. When that cannot be told, it does. Removing surplus
 * properties, as zod's objects do, needs no library.
 *
 * The JSON Schema is the contract: what it refuses never reaches the library. So `z.coerce.number()` in a JSON body takes
 * numbers only, `.catch()` catches what refinements refuse and not what has another type, and lengths of strings count code
 * points (JSON Schema validation, §6.3).
 *
 * @param what What the schema is of, for messages: `body`, `query`.
 * @throws {SetupError} The schema, or a part of it, cannot be said in JSON Schema.
 */
export function compile(schema: Schema, what: string, place: Place = "content"): Compiled {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null || Array.isArray(schema)) {
    throw new SetupError({ route: "", field: what, problem: "this is not a schema", remedy: "give an object with a schema" });
  }
  if ("~standard" in schema && schema["~standard"]) return standard(schema as StandardSchema, what, place);
  refuseLibraries(schema, what, WRITE_PLAIN);
  const hooks = new Map<object, Hooks>();
  let node = schema as Node;
  if (isTypeBox(schema)) {
    const converted = fromTypeBox(schema, what);
    node = converted.schema;
    for (const [part, hook] of converted.hooks) hooks.set(part, hook);
  }
  if (place === "answer") return { schema: plain(node, what) };
  const finish = steps(node, { strip: false, parameters: place === "parameters", hooks, what });
  return { schema: plain(node, what), ...(finish && { finish }) };
}

function standard(schema: StandardSchema, what: string, place: Place): Compiled {
  const { schema: converted, need, prepare } = convert(schema, what, place);
  const json = plain(converted, what);
  if (place === "answer") return { schema: json };
  if (need === Need.Library) {
    const finish = hasMutableDefault(json) ? owned(library(schema)) : library(schema);
    return { schema: json, finish: prepare ? async (value) => finish(await prepare(value)) : finish };
  }
  if (need === Need.Nothing) return { schema: json };
  const options = { strip: true, parameters: place === "parameters", hooks: new Map<object, Hooks>(), what };
  // Only removal is left to do here: a schema with defaults goes through its library.
  const finish = steps(withoutDefaults(json), options);
  return { schema: json, ...(finish && { finish }) };
}

function convert(schema: StandardSchema, what: string, place: Place): Converted {
  const { vendor, jsonSchema } = schema["~standard"];
  if (!isNode(jsonSchema) || typeof jsonSchema["input"] !== "function") {
    throw new SetupError({
      route: "",
      field: what,
      problem: `this schema of ${vendor} does not give JSON Schema`,
      remedy: REMEDIES[vendor] ?? "use a library with Standard JSON Schema, or plain JSON Schema",
    });
  }
  try {
    if (isZod(schema)) return fromZod(schema, what, place);
    if (isArk(schema)) return fromArk(schema, what);
    if (isValibot(schema)) return fromValibot(schema, what);
    return { schema: input(schema), need: Need.Library };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw inexpressible(what, [], reason, "describe what is sent with types that JSON has");
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  valibot: "wrap it with `toStandardJsonSchema` of `@valibot/to-json-schema`",
  zod: 'use zod 4.2 or later; with `zod/mini`, give `z.toJSONSchema(schema, { io: "input" })`',
};

/** The dialect that schemas without one are in. */
const DIALECT = "https://json-schema.org/draft/2020-12/schema";

function isResource(schema: Node): boolean {
  return typeof schema["$id"] === "string" && !schema["$id"].startsWith("#");
}

/** A copy of `schema` as plain data, with references that stay right when it becomes part of a document. */
function plain(schema: Node, what: string): JsonSchema {
  let copy: Node;
  try {
    copy = copyOf(schema) as Node;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw inexpressible(what, [], reason, "use values that JSON has, and `$ref` where a schema contains itself");
  }
  if (copy["$schema"] === DIALECT) delete copy["$schema"];
  // What has a URI of its own is a resource, and its references are relative to it (JSON Schema 2020-12, §8.2.1).
  if (isResource(copy)) return copy;
  const ofResources = new Set<Node>();
  visit(copy, (part) => {
    if (part !== copy && isResource(part)) visit(part, (inner) => ofResources.add(inner));
  });
  const isRooted: Node[] = [];
  visit(copy, (part) => {
    if (part["$ref"] === "#" && !ofResources.has(part)) isRooted.push(part);
  });
  if (isRooted.length === 0) return copy;
  const { $defs = {}, ...root } = copy;
  let name = "Root";
  while (Object.hasOwn($defs as Node, name)) name += "_";
  for (const part of isRooted) part["$ref"] = `#/$defs/${name}`;
  return { $ref: `#/$defs/${name}`, $defs: { ...($defs as Node), [name]: root } } as JsonSchema;
}

function withoutDefaults(schema: JsonSchema): Node {
  const copy = copyOf(schema) as Node;
  visit(copy, (part) => delete part["default"]);
  return copy;
}

/** Whether a default is an object, which libraries hand out again and again. */
function hasMutableDefault(schema: JsonSchema): boolean {
  let has = false;
  visit(schema as Node, (part) => (has ||= typeof part["default"] === "object" && part["default"] !== null));
  return has;
}

/** Gives each value arrays and plain objects of its own; objects of classes are left as they are. */
function owned(finish: (value: unknown) => unknown): (value: unknown) => unknown {
  return async (value) => ownData(await finish(value), new Map());
}

function ownData(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy: unknown = Array.isArray(value) ? [] : Object.create(prototype as object | null);
  seen.set(value, copy);
  for (const [name, member] of Object.entries(value)) {
    const own = { value: ownData(member, seen), enumerable: true, writable: true, configurable: true };
    Object.defineProperty(copy, name, own);
  }
  return copy;
}
