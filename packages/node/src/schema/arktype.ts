import { type Converted, inexpressible, input, Need, type StandardSchema } from "./standard.js";
import { isNode, type Node, visit } from "./visit.js";

/** What is read of a type of arktype: its definition as data. */
interface Ark extends StandardSchema {
  readonly json: unknown;
  /** Whether a value may come out changed: by a morph, a default or the removal of surplus keys. */
  readonly includesTransform: boolean;
}

/** What arktype tells of a part that JSON Schema has no words for. */
interface FallbackContext {
  readonly code: string;
  readonly base: Node;
  readonly unit?: unknown;
}

/** The parts of a definition that its JSON Schema says completely. */
const SAID = new Set(
  (
    "alias branches description divisor domain exactLength exclusive flags index key max maxLength meta min minLength numberAllowsNaN " +
    "optional optionals ordered pattern prefix proto required rule sequence signature undeclared unit value variadic"
  ).split(" "),
);
const DOMAINS = new Set(["boolean", "number", "object", "string"]);

/** Whether `schema` is a type of arktype whose definition can be read. */
export function isArk(schema: StandardSchema): schema is Ark {
  return schema["~standard"].vendor === "arktype" && "json" in schema && "includesTransform" in schema;
}

/**
 * Converts a type of arktype.
 *
 * @throws {SetupError} Some part takes what JSON does not have, such as `Date` or `bigint`.
 */
export function fromArk(schema: Ark, what: string): Converted {
  const refuse = ({ code }: FallbackContext): never => {
    const remedy = "begin with what is sent: `string.date.iso.parse`, `string.integer.parse`, an array, an object";
    throw inexpressible(what, [], `it has a part (${code}) that JSON does not have`, remedy);
  };
  const fallback = {
    date: refuse,
    domain: refuse,
    proto: refuse,
    symbolKey: refuse,
    // An absent value is no JSON value; `"key?"` says that it may be absent.
    unit: ({ base, unit }: FallbackContext) => (unit === undefined ? { not: {} } : refuse({ code: "unit", base })),
  };
  const json = input(schema, { fallback });
  const patterns = new Set<unknown>();
  const isSaid = isSaidBy(schema.json, patterns);
  visit(json, (part) => {
    if (patterns.has(part["pattern"])) delete part["pattern"];
  });
  return { schema: json, need: isSaid && !schema.includesTransform ? Need.Nothing : Need.Library };
}

/** Whether JSON Schema says all of `definition`. Patterns with flags, which it cannot say, are added to `patterns`. */
function isSaidBy(definition: unknown, patterns: Set<unknown>): boolean {
  if (Array.isArray(definition)) {
    // Every part is looked at, so that no pattern is missed.
    return definition.map((part) => isSaidBy(part, patterns)).every(Boolean);
  }
  if (!isNode(definition)) return typeof definition !== "string" || !definition.startsWith("$ark.");
  let isSaid = true;
  for (const [name, value] of Object.entries(definition)) {
    if (name === "meta" || name === "description" || name === "rule" || name === "key") continue;
    if (!SAID.has(name)) isSaid = false;
    else if (name === "domain") isSaid &&= isNode(value) ? isSaidBy(value, patterns) : DOMAINS.has(value as string);
    else if (name === "proto") isSaid &&= value === "Array";
    else if (name === "unit") isSaid &&= value === null || ["boolean", "number", "string"].includes(typeof value);
    else if (name === "signature") isSaid &&= value === "string";
    else if (name === "undeclared") isSaid &&= value === "reject";
    else if (name === "flags") {
      if (/[^uv]/.test(String(value))) {
        isSaid = false;
        patterns.add(definition["rule"]);
      }
    } else if (!isSaidBy(value, patterns)) isSaid = false;
  }
  return isSaid;
}
