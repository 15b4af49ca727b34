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

/** The properties of an object schema, and what it says of all others. */
export interface Members {
  readonly named: readonly Member[];
  /** The schema of an object of all other properties; missing when it says nothing of them, or that there are none. */
  readonly others?: JsonSchema;
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
 * The properties of an object schema, each of which becomes a parameter. What `additionalProperties` describes are those
 * without a name of their own.
 *
 * @param what What the schema is of, for messages: `query`.
 * @throws {SetupError} The schema is not one of an object with properties, or says what no single parameter can hold.
 */
export function members(schema: JsonSchema, what: string): Members {
  const root = schema as Node;
  const found = new Map<string, { schema: unknown; required: boolean }>();
  const required = new Set<string>();
  const seen = new Set<unknown>();
  collect(root, root, what, found, required, seen);
  const named = Array.from(found, ([name, member]) => ({
    name,
    schema: withDefinitions(member.schema, root),
    required: required.has(name),
  }));
  const open = [...seen].filter((part): part is Node => isNode(part) && isOpen(part["additionalProperties"]));
  if (open.length === 0) return { named };
  const missing = [...required].filter((name) => !found.has(name));
  const parts = open.map(({ additionalProperties, propertyNames = true }) => ({ additionalProperties, propertyNames }));
  const others = {
    type: "object",
    ...(missing.length > 0 && { required: missing }),
    ...(parts.length === 1 ? parts[0] : { allOf: parts }),
  };
  return { named, others: withDefinitions(others, root) as JsonSchema };
}

/** Whether `additionalProperties` asks for names that are not declared; an absent one does not say anything of them. */
function isOpen(additional: unknown): boolean {
  return additional === true || isNode(additional);
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
    if (keyword === "patternProperties") {
      const problem = "what names of parameters have in common says nothing of their values";
      const remedy = "describe these with `additionalProperties`, and their names with `propertyNames`";
      throw new SetupError({ route: "", field: place(what, [keyword]), problem, remedy });
    }
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
