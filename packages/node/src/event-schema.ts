import type { JsonSchema } from "./json-schema.js";
import { compile, type Schema } from "./schema.js";
import { SetupError } from "./setup-error.js";

/** What the data of events are, by the types of the events; `true` where nothing is said of them. */
export type EventSchemas = Readonly<Record<string, Schema>> | true;

/** The type of an event that names none (WHATWG HTML §9.2.6). */
const UNNAMED = "message";

const TEXT = { type: "string" } as const;

/**
 * Describes an event as OpenAPI 3.2 §4.14.4 does: an object that has its fields.
 *
 * @throws {SetupError} These are no schemas.
 */
export function eventSchema(events: EventSchemas): JsonSchema {
  const properties = { data: TEXT, event: TEXT, id: TEXT, retry: { type: "integer", minimum: 0 } } as const;
  if (events === true) return { type: "object", properties };
  if (typeof events !== "object" || events === null || "~standard" in events) {
    const remedy = "give schemas by the types of the events, `message` for those that name none";
    throw new SetupError({ route: "", field: "events", problem: "this is no object of schemas", remedy });
  }
  return { type: "object", properties, oneOf: Object.entries(events).map(([name, schema]) => named(name, schema)) };
}

function named(name: string, schema: Schema): JsonSchema {
  const properties = { event: { const: name }, data: dataSchema(compile(schema, `events.${name}`, "answer").schema) };
  return name === UNNAMED ? { properties } : { properties, required: ["event"] };
}

/** The schema of the field `data`: text, which is JSON where the values are no text. */
function dataSchema(schema: JsonSchema): JsonSchema {
  if (schema.type === "string") return schema;
  return { ...TEXT, contentMediaType: "application/json", contentSchema: schema };
}
