/** What the handlers of the suite answer. */

import { bodySchema, type Declared, type Place, parametersOf, type Schema } from "./schema.js";
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

/** An object with a section for each place that something arrived from. */
type Answer = Record<string, unknown>;

/**
 * Gives what was received, every value tagged with the type that `declared` says and that the value must have.
 * Parameters that did not arrive, and have no default, are left out; so is the body. Only files take a promise.
 */
export function echo(context: Received, declared: Declared = {}): Answer | Promise<Answer> {
  const { components = {} } = declared;
  const pending: Promise<void>[] = [];
  const answer: Answer = {};
  for (const [place, name] of SECTIONS) {
    const section = parameters(context[place], parametersOf(declared, place), place, (value, schema) =>
      tag(value, schema, { components, isContent: false, pending }),
    );
    if (section !== undefined) {
      answer[name] = section;
    }
  }
  if (context.body !== undefined) {
    const schema = bodySchema(declared, context.request.header("content-type") ?? "");
    if (schema === undefined) {
      throw new Error("a body arrived that is not declared");
    }
    answer["body"] = tag(context.body, schema, { components, isContent: true, pending });
  }
  return pending.length === 0 ? answer : Promise.all(pending).then(() => answer);
}

/** The tagged parameters of one place; `undefined` where none is declared. */
function parameters(
  received: unknown,
  schemas: Map<string, Schema>,
  place: Place,
  tagged: (value: unknown, schema: Schema) => unknown,
): Answer | undefined {
  const arrived = Object.entries(received ?? {}).filter(([, value]) => value !== undefined);
  const section = arrived.map(([name, value]) => {
    const schema = schemas.get(name);
    // Variables of the path are text where nothing else is said.
    if (schema === undefined && place !== "params") {
      throw new Error(`${place} has ${JSON.stringify(name)}, which is not declared`);
    }
    return [name, tagged(value, schema ?? {})];
  });
  return schemas.size === 0 && section.length === 0 ? undefined : Object.fromEntries(section);
}
