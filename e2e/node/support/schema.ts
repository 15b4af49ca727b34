/** What the options of a route say about the types of what arrives. */

/** As much of JSON Schema as tells the type of a value. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly (Schema | boolean)[];
  readonly properties?: Schemas;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly (Schema | boolean)[];
  readonly [keyword: string]: unknown;
}

/** Schemas by name. */
export type Schemas = Readonly<Record<string, Schema | boolean>>;

/** A schema of a library with Standard JSON Schema (https://standardschema.dev). */
export interface LibrarySchema {
  readonly "~standard": { readonly jsonSchema: { readonly input: (options: { target: "draft-2020-12" }) => object } };
}

/** The options of a route, and what else tells types: its path, custom converters and components. */
export interface Declared {
  readonly path?: string;
  readonly converters?: Schemas;
  readonly components?: Schemas;
  readonly params?: Schema | LibrarySchema;
  readonly query?: Schema | LibrarySchema;
  readonly headers?: Schema | LibrarySchema;
  readonly cookies?: Schema | LibrarySchema;
  readonly parameters?: readonly Parameter[];
  readonly body?: Schema | LibrarySchema | boolean;
  readonly form?: Schema | LibrarySchema | boolean;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema | boolean }>> };
}

/** A Parameter Object (OpenAPI 3.1 §4.8.12). */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema | boolean;
}

/** A place of parameters, by its name in the options and in the context. */
export type Place = "params" | "query" | "headers" | "cookies";

const LOCATIONS = { params: "path", query: "query", headers: "header", cookies: "cookie" } as const;

const CONVERTERS: Schemas = {
  int: { type: "integer" },
  float: { type: "number" },
  bool: { type: "boolean" },
  uuid: { type: "string", format: "uuid" },
  date: { type: "string", format: "date" },
  datetime: { type: "string", format: "date-time" },
  time: { type: "string", format: "time" },
};

/** The declared parameters of `place` with their schemas; for the path, variables that have a converter as well. */
export function parametersOf(declared: Declared, place: Place): Map<string, Schema> {
  const found = new Map<string, Schema>();
  if (place === "params") {
    for (const [, name = "", converter = ""] of (declared.path ?? "").matchAll(/\{([^:}]+):([^}]+)\}/g)) {
      found.set(name, schemaOf(declared.converters?.[converter] ?? CONVERTERS[converter]));
    }
  }
  for (const [name, schema] of Object.entries(schemaOf(declared[place]).properties ?? {})) {
    found.set(name, schemaOf(schema));
  }
  for (const parameter of declared.parameters ?? []) {
    if (parameter.in === LOCATIONS[place]) {
      found.set(parameter.name, schemaOf(parameter.schema));
    }
  }
  return found;
}

/** The schema of content with this content type; `undefined` where no body is declared. */
export function bodySchema(declared: Declared, contentType: string): Schema | undefined {
  const { body, form, requestBody } = declared;
  if (requestBody === undefined) {
    return body === undefined && form === undefined ? undefined : schemaOf(body ?? form);
  }
  const essence = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const entries = Object.entries(requestBody.content);
  const [, media] = entries.find(([type]) => type.toLowerCase() === essence) ?? entries[0] ?? [];
  return schemaOf(media?.schema);
}

/** What describes a value of `schema`: the component that it refers to, or what it permits beside null. */
export function resolve(schema: Schema, value: unknown, components: Schemas): Schema {
  const name = schema.$ref?.replace("#/components/schemas/", "");
  if (name !== undefined && Object.hasOwn(components, name)) {
    return resolve(schemaOf(components[name]), value, components);
  }
  const others = schema.anyOf?.map(schemaOf).filter(({ type }) => type !== "null");
  const [other] = others ?? [];
  return value !== null && other !== undefined && others?.length === 1 ? resolve(other, value, components) : schema;
}

/** A schema as an object, which `true` and an absent one are without any keyword. */
export function schemaOf(schema: Schema | LibrarySchema | boolean | undefined): Schema {
  if (typeof schema !== "object") {
    return {};
  }
  return isOfLibrary(schema) ? (schema["~standard"].jsonSchema.input({ target: "draft-2020-12" }) as Schema) : schema;
}

function isOfLibrary(schema: Schema | LibrarySchema): schema is LibrarySchema {
  return "~standard" in schema;
}
