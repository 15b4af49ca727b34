/** A JSON Schema under construction. */
export type Node = { [keyword: string]: unknown };

/** Keywords whose value is a schema (JSON Schema 2020-12, core §10). */
const SCHEMA = [
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
];
/** Keywords whose value is a list of schemas. */
const LIST = ["allOf", "anyOf", "oneOf", "prefixItems"];
/** Keywords whose value has schemas by name. */
const NAMED = ["$defs", "dependentSchemas", "patternProperties", "properties"];

/** Whether `value` is a JSON object. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Calls `see` for `schema` and every schema within it, outer ones first. What `see` changes is seen.
 *
 * @param path Where `schema` is, as keywords and names.
 */
export function visit(schema: unknown, see: (schema: Node, path: readonly string[]) => void, path: string[] = []): void {
  if (!isNode(schema)) return;
  see(schema, path);
  for (const keyword of SCHEMA) visit(schema[keyword], see, [...path, keyword]);
  for (const keyword of LIST) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) visit(item, see, [...path, keyword, String(index)]);
  }
  for (const keyword of NAMED) {
    const named = schema[keyword];
    if (isNode(named)) for (const name of Object.keys(named)) visit(named[name], see, [...path, keyword, name]);
  }
}

/**
 * What the reference `$ref` of a schema means within `root`: the root itself or one of its `$defs`. Other references
 * lead to components, which only the runtime knows.
 */
export function referred(root: Node, reference: unknown): unknown {
  if (reference === "#") return root;
  if (typeof reference !== "string" || !reference.startsWith("#/$defs/")) return undefined;
  const name = reference.slice("#/$defs/".length).replaceAll("~1", "/").replaceAll("~0", "~");
  const definitions = root["$defs"];
  return isNode(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

/** Shows the place of a schema in a message: `body.properties.at`. */
export function place(what: string, path: readonly PropertyKey[]): string {
  return [what, ...path.map(String)].join(".");
}
