import { textOf } from "../json.js";
import type { JsonSchema, JsonSubschema } from "../json-schema.js";
import { SetupError } from "../setup-error.js";
import { isNode, type Node, place, referred } from "./visit.js";

/** One property of an object schema. */
export interface Member {
  readonly name: string;
  /** The property's schema, with the definitions that it refers to. */
  readonly schema: JsonSubschema;
  readonly required: boolean;
}

/** What may stand beside the properties: it says nothing, or nothing that parameters do not do by themselves. */
const IDLE = new Set(
  (
    "$anchor $comment $defs $id $schema additionalProperties default deprecated description examples externalDocs propertyNames " +
    "readOnly title unevaluatedProperties writeOnly"
  ).split(" "),
);
const READ = new Set(["$ref", "allOf", "properties", "required", "type"]);

/**
 * The properties of an object schema, each of which becomes a parameter.
 *
 * @param what What the schema is of, for messages: `query`.
 * @throws {SetupError} The schema is not one of an object with properties, or says what no single parameter can hold.
 */
export function members(schema: JsonSchema, what: string): Member[] {
  const root = schema as Node;
  const found = new Map<string, { schema: unknown; required: boolean }>();
  const required = new Set<string>();
  collect(root, root, what, found, required, new Set());
  return Array.from(found, ([name, member]) => ({
    name,
    schema: withDefinitions(member.schema, root),
    required: required.has(name),
  }));
}

function collect(
  part: unknown,
  root: Node,
  what: string,
  found: Map<string, { schema: unknown; required: boolean }>,
  required: Set<string>,
  seen: Set<unknown>,
): void {
  if (!isNode(part) || seen.has(part)) return;
  seen.add(part);
  const refuse = (keyword: string, problem: string): never => {
    const remedy = "give an object schema that has `properties` and `required` only";
    throw new SetupError({ route: "", field: place(what, keyword === "" ? [] : [keyword]), problem, remedy });
  };
  for (const keyword of Object.keys(part)) {
    if (!READ.has(keyword) && !IDLE.has(keyword) && !keyword.startsWith("x-")) {
      refuse(keyword, "parameters are checked one by one, so that nothing can be said of all of them");
    }
  }
  if (part["type"] !== undefined && part["type"] !== "object") refuse("type", "parameters need the schema of an object");
  const target = referred(root, part["$ref"]);
  if (part["$ref"] !== undefined && !isNode(target)) refuse("$ref", "the reference does not lead into the schema itself");
  collect(target, root, what, found, required, seen);
  if (Array.isArray(part["allOf"])) {
    for (const inner of part["allOf"]) collect(inner, root, what, found, required, seen);
  }
  if (isNode(part["properties"])) {
    for (const [name, property] of Object.entries(part["properties"])) {
      const earlier = found.get(name);
      const both = earlier && { allOf: [earlier.schema, property] };
      found.set(name, { schema: both ?? property, required: false });
    }
  }
  if (Array.isArray(part["required"])) for (const name of part["required"]) required.add(String(name));
}

function withDefinitions(schema: unknown, root: Node): JsonSubschema {
  const definitions = root["$defs"];
  if (!isNode(schema) || !isNode(definitions) || !textOf(schema)?.includes('"$ref"')) return schema as JsonSubschema;
  return { ...schema, $defs: { ...definitions, ...(schema["$defs"] as Node | undefined) } } as JsonSubschema;
}
