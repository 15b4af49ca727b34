import { inexpressible } from "./standard.js";
import type { Hooks } from "./steps.js";
import { isNode, type Node, visit } from "./visit.js";

/** A type of TypeBox 1 (`typebox`), named by what all of its types have. */
export type TypeBoxSchema = { readonly "~kind": string } | { readonly "~unsafe": unknown };

/** The kinds whose values are no JSON. */
const NOT_JSON = new Set(["bigint", "constructor", "function", "promise", "symbol", "undefined", "void"]);

/** What TypeBox writes for a record of any names. */
const ANY_NAME = "^.*$";

/** Whether `schema` is a type of TypeBox. */
export function isTypeBox(schema: object): boolean {
  return "~kind" in schema || "~unsafe" in schema;
}

/**
 * Turns a type of TypeBox, which is JSON Schema of several drafts, into draft 2020-12.
 *
 * @returns The schema and what its parts do beyond JSON Schema.
 * @throws {SetupError} Some part takes what JSON does not have, such as `Type.BigInt()`.
 */
export function fromTypeBox(type: object, what: string): { schema: Node; hooks: Map<object, Hooks> } {
  const hooks = new Map<object, Hooks>();
  const schema = copy(type, hooks) as Node;
  const definitions = schema["$defs"];
  visit(schema, (part, path) => {
    if (NOT_JSON.has(part["type"] as string)) {
      const remedy = "begin with what is sent: `Type.Codec(Type.String()).Decode(...)`, or `Type.Optional`";
      throw inexpressible(what, path, `JSON has no ${String(part["type"])}`, remedy);
    }
    if (Array.isArray(part["items"])) {
      part["prefixItems"] = part["items"];
      delete part["items"];
      if (part["additionalItems"] !== undefined) part["items"] = part["additionalItems"];
      delete part["additionalItems"];
    }
    // `Type.Record(Type.String(), ...)` names no pattern that anybody has written. Parameters and forms read values of any names
    // by this keyword.
    const patterns = part["patternProperties"];
    if (isNode(patterns) && Object.keys(patterns).join() === ANY_NAME && part["additionalProperties"] === undefined) {
      part["additionalProperties"] = patterns[ANY_NAME];
      delete part["patternProperties"];
    }
    // `Type.Cyclic` names its definitions by `$id`; a pointer says the same and can be moved.
    const reference = part["$ref"];
    if (typeof reference === "string" && isNode(definitions) && Object.hasOwn(definitions, reference)) {
      part["$ref"] = `#/$defs/${reference.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    }
    if (path.length === 2 && path[0] === "$defs" && part["$id"] === path[1]) delete part["$id"];
    // What has a default may be left out, as with TypeBox's own `Value.Default`.
    if (Array.isArray(part["required"]) && isNode(part["properties"])) {
      const properties = part["properties"];
      part["required"] = part["required"].filter((name) => {
        const property = properties[String(name)];
        return !isNode(property) || property["default"] === undefined;
      });
    }
  });
  return { schema, hooks };
}

/** A copy as plain data; TypeBox's own members, which are hidden, become hooks. */
function copy(value: unknown, hooks: Map<object, Hooks>): unknown {
  if (Array.isArray(value)) return value.map((item) => copy(item, hooks));
  if (!isNode(value)) return value;
  const plain: Node = {};
  for (const [keyword, part] of Object.entries(value)) {
    if (!keyword.startsWith("~") && part !== undefined) plain[keyword] = copy(part, hooks);
  }
  const codec = value["~codec"] as { decode(value: unknown): unknown } | undefined;
  const refinements = value["~refine"] as Hooks["refinements"] | undefined;
  if (codec || refinements) {
    hooks.set(plain, { ...(codec && { decode: codec.decode }), ...(refinements && { refinements }) });
  }
  return plain;
}
