import { SetupError } from "../setup-error.js";
import { type Converted, inexpressible, input, Need, type Place, type StandardSchema } from "./standard.js";
import { isNode, type Node, place } from "./visit.js";
import { fileConversion, isFileSchema } from "./zod-files.js";

/** What is read of a zod 4 schema: its definition (`_zod.def`), which zod documents for authors of libraries. */
interface Zod extends StandardSchema {
  readonly _zod: {
    readonly def: Definition;
    readonly traits: ReadonlySet<string>;
    readonly innerType?: Zod;
    readonly bag?: { readonly Class?: unknown };
    readonly toJSONSchema?: unknown;
  };
  meta?(): Record<string, unknown> | undefined;
}

interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
  readonly shape: Readonly<Record<string, Zod>>;
  readonly catchall?: Zod;
  readonly element: Zod;
  readonly items: readonly Zod[];
  readonly rest?: Zod | null;
  readonly options: readonly Zod[];
  readonly left: Zod;
  readonly right: Zod;
  readonly keyType: Zod;
  readonly valueType: Zod;
  readonly mode?: string;
  readonly innerType: Zod;
  readonly in: Zod;
  readonly values: readonly unknown[];
  readonly defaultValue?: unknown;
}

interface Check {
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly value?: unknown;
  readonly position?: number;
  readonly fn?: unknown;
}

/** Checks that JSON Schema has a keyword for. */
const BOUNDS = new Set(["greater_than", "less_than", "multiple_of", "number_format"]);
const LENGTHS = new Set(["min_length", "max_length", "length_equals"]);

/** String formats that are nothing but their pattern. The others (`url`, `jwt`, ...) also run code, some change the text. */
const PATTERNS = new Set(
  (
    "regex lowercase uppercase includes starts_with ends_with email uuid guid nanoid cuid cuid2 ulid xid ksuid e164 emoji " +
    "mac ipv4 ipv6 cidrv4 base64 base64url date datetime time duration"
  ).split(" "),
);

/** Schemas without parts whose JSON Schema says all. Coercion has nothing left to do once the type has been checked. */
const PLAIN = new Set(["string", "number", "boolean", "null", "any", "unknown", "never", "enum", "template_literal"]);

/** What metadata may say without changing which values the JSON Schema takes. */
const ANNOTATIONS = new Set(["id", "title", "description", "examples", "deprecated", "readOnly", "writeOnly", "$comment"]);

/** Whether `schema` is one of zod 4 whose definition can be read. */
export function isZod(schema: StandardSchema): schema is Zod {
  return "_zod" in schema && isNode(schema._zod) && isNode(schema._zod["def"]);
}

/**
 * Converts a schema of zod 4, which stands at `where`.
 *
 * @throws {SetupError} Some part has no JSON Schema, such as `z.date()`, and does not state one with `.meta()`; or it has files, and
 * none can be there.
 */
export function fromZod(schema: Zod, what: string, where: Place): Converted {
  // Metadata belong to a copy: zod looks at the schema that was copied too, at the same place.
  const stated = new Set<string>();
  const hasFiles = where === "form" || where === "answer";
  const prepare = where === "form" ? fileConversion(schema, what) : undefined;
  const json = input(schema, {
    unrepresentable: ({ zodSchema, path, message }: { zodSchema: Zod; path: PropertyKey[]; message: string }) => {
      if (statesSchema(zodSchema) || isFileSchema(zodSchema)) stated.add(place(what, path));
      if (stated.has(place(what, path))) return "any";
      throw inexpressible(what, path, message, REMEDIES[zodSchema._zod.def.type] ?? STATE_IT);
    },
    override: ({ zodSchema, jsonSchema, path }: { zodSchema: Zod; jsonSchema: Node; path: PropertyKey[] }) => {
      if (!hasFiles && isUnstatedFile(zodSchema)) {
        const problem = "there are no files here, and none becomes bytes";
        throw new SetupError({ route: "", field: place(what, path), problem, remedy: "use the option `form`" });
      }
      mend(zodSchema, jsonSchema);
    },
  });
  return { schema: json, need: new Needs().of(schema, where === "parameters"), ...(prepare && { prepare }) };
}

const STATE_IT = 'state what is sent with `.meta({ type: "string" })` or another JSON Schema';
const REMEDIES: Readonly<Record<string, string>> = {
  date: "take text and convert it: `z.iso.datetime().transform((text) => new Date(text))`",
  bigint: "take text and convert it: `z.string().regex(/^-?[0-9]+$/).transform(BigInt)`",
  undefined: "use `.optional()`",
  void: "use `.optional()`",
  set: "take an array and convert it: `z.array(item).transform((list) => new Set(list))`",
  map: "take an object and convert it: `z.record(key, value)`",
  transform: "begin with what is sent: `z.string().transform(...)`",
};

/** Whether metadata give the JSON Schema that zod does not know. */
function statesSchema(schema: Zod): boolean {
  return Object.keys(schema.meta?.() ?? {}).some((keyword) => !ANNOTATIONS.has(keyword));
}

/** Whether `schema` is one of a file as it arrives, and metadata do not say that something else is sent. */
function isUnstatedFile(schema: Zod): boolean {
  return isFileSchema(schema) && !statesSchema(schema);
}

/** Takes out of a JSON Schema what zod put into it and does not hold. */
function mend(schema: Zod, json: Node): void {
  const { def } = schema._zod;
  if (isUnstatedFile(schema)) {
    // Sizes and media types are the library's to check: they are not those of a text.
    for (const keyword of ["anyOf", "contentEncoding", "contentMediaType", "minLength", "maxLength"]) delete json[keyword];
    Object.assign(json, { type: "string", format: "binary" });
  }
  // What `.catch()` gives for a bad value is nothing that an absent one gets.
  const isMade = (def.type === "default" || def.type === "prefault") && !isFixed(def);
  if (isMade || def.type === "catch") delete json["default"];
  const sources = new Set(
    checks(schema)
      .filter(isInexact)
      .map((check) => check.pattern?.source),
  );
  if (sources.size === 0) return;
  if (sources.has(json["pattern"] as string)) delete json["pattern"];
  if (Array.isArray(json["allOf"])) {
    const kept = json["allOf"].filter((part) => !(isNode(part) && sources.has(part["pattern"] as string)));
    if (kept.length > 0) json["allOf"] = kept;
    else delete json["allOf"];
  }
}

/** The checks of a schema; one with a format is itself the first. */
function checks(schema: Zod): Check[] {
  const { def, traits } = schema._zod;
  const own = traits.has("$ZodCheck") ? [def as Check] : [];
  return [...own, ...(def.checks ?? []).map((check) => check._zod.def)];
}

/** Whether a check's pattern differs from what it does: `pattern` of JSON Schema has no flags and no position. */
function isInexact({ pattern, position }: Check): boolean {
  return pattern !== undefined && (/[^uv]/.test(pattern.flags) || position !== undefined);
}

/**
 * Whether a default is always the same.
 *
 * Zod does not tell a value from a function that makes one. Reading it twice tells most functions; what looks like the
 * present time counts as one too, since a wrong guess costs only speed.
 */
function isFixed(definition: Definition): boolean {
  const text = JSON.stringify(definition.defaultValue);
  return text === JSON.stringify(definition.defaultValue) && !looksLikeNow(definition.defaultValue);
}

function looksLikeNow(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return value instanceof Date || Object.values(value).some(looksLikeNow);
  }
  const now = Date.now();
  if (value === new Date(now).getFullYear()) return true;
  const time = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
  const day = 86_400_000;
  return Math.abs(time - now) < 2 * day || Math.abs(time * 1000 - now) < 2 * day;
}

/** Finds out what schemas need; each is looked at once, so that schemas may contain themselves. */
class Needs {
  private readonly known = new Map<Zod, Need>();

  /** What `schema` and its parts need; `isFilled` when defaults of its own properties are there already. */
  of(schema: Zod, isFilled = false): Need {
    const known = this.known.get(schema);
    if (known !== undefined) return known;
    // While the parts are looked at, the schema itself adds nothing to them.
    this.known.set(schema, Need.Nothing);
    const isPlain = !statesSchema(schema) && !schema._zod.toJSONSchema && checks(schema).every((check) => isSaid(schema, check));
    const need = isPlain ? this.parts(schema, isFilled) : Need.Library;
    this.known.set(schema, need);
    return need;
  }

  private parts(schema: Zod, isFilled: boolean): Need {
    const { def, innerType } = schema._zod;
    if (PLAIN.has(def.type)) return Need.Nothing;
    switch (def.type) {
      case "literal":
        return def.values.every((value) => value === null || ["string", "number", "boolean"].includes(typeof value))
          ? Need.Nothing
          : Need.Library;
      case "object": {
        const properties = Object.values(def.shape).map((property) => this.property(property, isFilled));
        const others = def.catchall ? this.of(def.catchall) : isFilled ? Need.Nothing : Need.Strip;
        return Math.max(others, ...properties);
      }
      case "array":
        return this.of(def.element);
      case "tuple":
        return Math.max(Need.Nothing, ...def.items.map((item) => this.of(item)), def.rest ? this.of(def.rest) : Need.Nothing);
      case "record":
        return def.mode !== "loose" && def.keyType._zod.def.type === "string" && this.of(def.keyType) === Need.Nothing
          ? this.of(def.valueType)
          : Need.Library;
      case "union":
        return this.together(def.options);
      case "intersection":
        return this.together([def.left, def.right]);
      case "optional":
      case "nullable":
      case "nonoptional":
        return this.of(def.innerType);
      case "lazy":
        return innerType ? this.of(innerType) : Need.Library;
      default:
        return Need.Library;
    }
  }

  private property(schema: Zod, isFilled: boolean): Need {
    const { def } = schema._zod;
    const isThere = isFilled && def.type === "default" && isFixed(def) && !statesSchema(schema);
    return this.of(isThere ? def.innerType : schema);
  }

  /** Only the library knows which of several schemas names the properties of a value. */
  private together(schemas: readonly Zod[]): Need {
    return schemas.every((schema) => this.of(schema) === Need.Nothing) ? Need.Nothing : Need.Library;
  }
}

/** Whether the JSON Schema of `schema` says all that `check` does. */
function isSaid(schema: Zod, check: Check): boolean {
  const { type } = schema._zod.def;
  if (check.check === undefined) return false;
  if (BOUNDS.has(check.check)) return type === "number" && (check.value === undefined || Number.isFinite(check.value));
  if (LENGTHS.has(check.check)) return type === "string" || type === "array";
  return (
    check.check === "string_format" &&
    check.pattern !== undefined &&
    check.fn === undefined &&
    !isInexact(check) &&
    PATTERNS.has(check.format ?? "")
  );
}
