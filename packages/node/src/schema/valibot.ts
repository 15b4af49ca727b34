import { type Converted, inexpressible, input, Need, type StandardSchema } from "./standard.js";
import type { Node } from "./visit.js";

/** What `@valibot/to-json-schema` shows of an action such as `v.minLength(1)`. */
interface ActionContext {
  readonly valibotAction: { readonly kind: string; readonly type: string; readonly requirement?: unknown };
  readonly jsonSchema: Node;
  readonly errors?: readonly string[];
}

/** What it shows of a schema. */
interface SchemaContext {
  readonly valibotSchema: { readonly type: string; readonly default?: unknown };
  readonly jsonSchema: Node;
  readonly errors?: readonly string[];
}

/** Actions that JSON Schema says completely, or that say nothing of values. */
const SAID = new Set(
  (
    "length min_length max_length non_empty empty gt_value lt_value min_value max_value multiple_of integer safe_integer " +
    "value values not_value not_values entries min_entries max_entries regex starts_with ends_with includes " +
    "bic cuid2 decimal digits emoji hexadecimal hex_color iso_time_second iso_week ksuid mac mac48 mac64 nanoid octal slug " +
    "ulid ipv4 ipv6 iso_date uuid title description examples brand flavor readonly"
  ).split(" "),
);
/** Actions whose format is another one in JSON Schema: it wants seconds and an offset (RFC 3339 §5.6). */
const OTHER_FORMAT = new Set(["iso_date_time", "iso_time"]);

/** Schemas that JSON Schema says completely. */
const PLAIN = new Set(
  (
    "string number boolean null any unknown never array strict_tuple tuple_with_rest loose_tuple record literal enum picklist " +
    "nullable optional exact_optional lazy loose_object strict_object object_with_rest"
  ).split(" "),
);

/** Whether `schema` comes from valibot's converter. */
export function isValibot(schema: StandardSchema): boolean {
  return schema["~standard"].vendor === "valibot";
}

/**
 * Converts what `toStandardJsonSchema` of `@valibot/to-json-schema` gives.
 *
 * Its converter shows every schema and every action on the way, which tells whether the value must go through valibot.
 *
 * @throws {SetupError} Some schema has no JSON Schema, such as `v.date()`.
 */
export function fromValibot(schema: StandardSchema, what: string): Converted {
  try {
    const overrideAction = (context: ActionContext) => mended(context);
    const overrideSchema = (context: SchemaContext) => withoutMadeDefault(context);
    const json = input(schema, { overrideAction, overrideSchema });
    return { schema: json, need: needs(schema) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inexpressible(what, [], reason, "begin with what is sent, as in `v.pipe(v.string(), v.transform(...))`");
  }
}

/** The JSON Schema of a value so far, without what an action would say wrongly. An action it cannot say stays valibot's. */
function mended({ valibotAction: action, jsonSchema, errors }: ActionContext): Node | undefined {
  const { requirement, type } = action;
  if (requirement instanceof RegExp && hasFlags(requirement) && jsonSchema["pattern"] === requirement.source) {
    const { pattern, ...rest } = jsonSchema;
    return rest;
  }
  if (OTHER_FORMAT.has(type)) {
    const { format, ...rest } = jsonSchema;
    return rest;
  }
  return errors ? jsonSchema : undefined;
}

function hasFlags(pattern: RegExp): boolean {
  return /[^uv]/.test(pattern.flags);
}

/** A default that a function makes is no default of the contract. */
function withoutMadeDefault({ valibotSchema, jsonSchema, errors }: SchemaContext): Node | undefined {
  if (errors || typeof valibotSchema.default !== "function") return undefined;
  const { default: made, ...rest } = jsonSchema;
  return rest;
}

/** What the schema needs: the converter walks it once more, pipes and all. */
function needs(schema: StandardSchema): Need {
  let strips = false;
  let isPlain = true;
  const overrideAction = ({ valibotAction: { type, requirement }, jsonSchema, errors }: ActionContext): Node => {
    if (errors || !SAID.has(type) || (requirement instanceof RegExp && hasFlags(requirement))) isPlain = false;
    return jsonSchema;
  };
  const overrideSchema = ({ valibotSchema, errors }: SchemaContext): undefined => {
    if (valibotSchema.type === "object") strips = true;
    else if (errors || !PLAIN.has(valibotSchema.type)) isPlain = false;
    if (valibotSchema.default !== undefined) isPlain = false;
  };
  try {
    input(schema, { typeMode: "ignore", overrideAction, overrideSchema });
  } catch {
    // A pipe with several schemas has an output that differs from its input.
    return Need.Library;
  }
  // An object that keeps surplus names looks like one that drops them, so only the library can do it.
  return isPlain && !strips ? Need.Nothing : Need.Library;
}
