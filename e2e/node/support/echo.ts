/** What the handlers of the suite answer. */

import { bodySchema, type Declared, parametersOf, type Place } from "./schema.js";
import { tag } from "./tag.js";

/** What `echo` needs of the context of a handler. */
export interface Received {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly request: { header(name: string): string | null | undefined };
}

/** Places and their names in the answer. */
const SECTIONS = [
  ["params", "path"],
  ["query", "query"],
  ["headers", "header"],
  ["cookies", "cookie"],
] as const;

/**
 * Gives what was received, every value tagged with the type that `declared` says and that the value must have.
 * Parameters that did not arrive, and have no default, are left out; so is the body.
 */
export function echo(context: Received, declared: Declared = {}): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const [place, name] of SECTIONS) {
    const section = tagged(context, declared, place);
    if (section !== undefined) {
      answer[name] = section;
    }
  }
  const schema = bodySchema(declared, context.request.header("content-type") ?? "");
  if (context.body !== undefined) {
    if (schema === undefined) {
      throw new Error("a body arrived that is not declared");
    }
    answer["body"] = tag(context.body, schema, { components: declared.components ?? {}, isContent: true });
  }
  return answer;
}

/** The parameters of `place`; `undefined` where none is declared. */
function tagged(context: Received, declared: Declared, place: Place): Record<string, unknown> | undefined {
  const schemas = parametersOf(declared, place);
  const arrived = Object.entries(context[place] ?? {}).filter(([, value]) => value !== undefined);
  const section = arrived.map(([name, value]) => {
    const schema = schemas.get(name);
    // Variables of the path are text where nothing else is said.
    if (schema === undefined && place !== "params") {
      throw new Error(`${place} has ${JSON.stringify(name)}, which is not declared`);
    }
    return [name, tag(value, schema ?? {}, { components: declared.components ?? {}, isContent: false })];
  });
  return schemas.size === 0 && section.length === 0 ? undefined : Object.fromEntries(section);
}
