/** The seven type names of JSON Schema 2020-12 (validation, §6.1.1). */
export type JsonTypeName = "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";

/** A schema in a place that also permits `true` (everything) and `false` (nothing). */
export type JsonSubschema = JsonSchema | boolean;

/**
 * A JSON Schema 2020-12 object, which is also what OpenAPI 3.1 has as a Schema Object (§4.8.24).
 *
 * Everything is readonly, so that a literal `as const` is one.
 */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $anchor?: string;
  readonly $comment?: string;
  readonly $defs?: { readonly [name: string]: JsonSubschema };

  readonly type?: JsonTypeName | readonly JsonTypeName[];
  readonly const?: unknown;
  /** A list. Any closer type would widen `Type.Enum(["a", "b"])` of TypeBox where a schema is expected. */
  readonly enum?: any;

  readonly allOf?: readonly JsonSubschema[];
  readonly anyOf?: readonly JsonSubschema[];
  readonly oneOf?: readonly JsonSubschema[];
  readonly not?: JsonSubschema;
  readonly if?: JsonSubschema;
  readonly then?: JsonSubschema;
  readonly else?: JsonSubschema;

  readonly properties?: { readonly [name: string]: JsonSubschema };
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSubschema;
  readonly patternProperties?: { readonly [pattern: string]: JsonSubschema };
  readonly unevaluatedProperties?: JsonSubschema;
  readonly propertyNames?: JsonSubschema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly dependentRequired?: { readonly [name: string]: readonly string[] };
  readonly dependentSchemas?: { readonly [name: string]: JsonSubschema };

  readonly items?: JsonSubschema;
  readonly prefixItems?: readonly JsonSubschema[];
  readonly unevaluatedItems?: JsonSubschema;
  readonly contains?: JsonSubschema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;

  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
  readonly contentSchema?: JsonSubschema;

  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly exclusiveMinimum?: number | bigint;
  readonly exclusiveMaximum?: number | bigint;
  readonly multipleOf?: number | bigint;

  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly examples?: readonly unknown[];

  /** OpenAPI 3.1 §4.8.25. */
  readonly discriminator?: { readonly propertyName: string; readonly mapping?: { readonly [value: string]: string } };
  /** OpenAPI 3.1 §4.8.26. */
  readonly xml?: object;
  /** OpenAPI 3.1 §4.8.22. */
  readonly externalDocs?: { readonly url: string; readonly description?: string };
  /** OpenAPI 3.1 §4.9: extensions. */
  readonly [extension: `x-${string}`]: unknown;

  /** Schemas of libraries are another kind, even where they look like JSON Schema. */
  readonly "~standard"?: never;
  readonly "~kind"?: never;
}

/**
 * The type of the values that the JSON Schema literal `S` describes.
 *
 * Read are `type`, `properties`, `required`, `additionalProperties`, `patternProperties`, `items`, `prefixItems`, `enum`,
 * `const`, `anyOf`, `oneOf`, `allOf` and references to its own `$defs`. What these do not tell is `unknown`: a schema that
 * is not a literal, or a reference to a component.
 *
 * A property with a `default` is always there, since the runtime fills it in; inside `anyOf` and `oneOf` it is not, since
 * nothing says which branch was meant.
 *
 * @typeParam Binary What `format: "binary"` is: bytes in a body, a file in a form.
 * @typeParam Filled Whether defaults have been filled in: `true` for what a handler gets, `false` for what a client sends.
 * @typeParam Root The schema whose `$defs` references mean.
 *
 * @example
 * type Order = FromJsonSchema<{ type: "object"; properties: { sku: { type: "string" } }; required: ["sku"] }>;
 * // { sku: string }
 */
export type FromJsonSchema<S, Binary = Uint8Array, Filled extends boolean = true, Root = S> = S extends boolean
  ? S extends false
    ? never
    : unknown
  : S extends { readonly const: infer C }
    ? C
    : S extends { readonly enum: readonly (infer V)[] }
      ? V
      : S extends { readonly $ref: infer Pointer }
        ? Referred<Pointer, Binary, Filled, Root>
        : ByType<S, Binary, Filled, Root> & AnyOf<S, Binary, Root> & AllOf<S, Binary, Filled, Root>;

type Referred<Pointer, Binary, Filled extends boolean, Root> = Pointer extends "#"
  ? FromJsonSchema<Root, Binary, Filled, Root>
  : Pointer extends `#/$defs/${infer Name}`
    ? Root extends { readonly $defs: { readonly [N in Name]: infer S } }
      ? FromJsonSchema<S, Binary, Filled, Root>
      : unknown
    : unknown;

type ByType<S, Binary, Filled extends boolean, Root> = S extends { readonly type: infer T }
  ? Named<S, T extends readonly (infer Name)[] ? Name : T, Binary, Filled, Root>
  : S extends { readonly properties: object }
    ? ObjectOf<S, Binary, Filled, Root>
    : unknown;

type Named<S, T, Binary, Filled extends boolean, Root> = T extends "string"
  ? S extends { readonly format: "binary" }
    ? Binary
    : string
  : T extends "integer" | "number"
    ? number
    : T extends "boolean"
      ? boolean
      : T extends "null"
        ? null
        : T extends "object"
          ? ObjectOf<S, Binary, Filled, Root>
          : T extends "array"
            ? ArrayOf<S, Binary, Filled, Root>
            : unknown;

type AnyOf<S, Binary, Root> = S extends
  { readonly anyOf: readonly (infer Branch)[] } | { readonly oneOf: readonly (infer Branch)[] }
  ? FromJsonSchema<Branch, Binary, false, Root>
  : unknown;

type AllOf<S, Binary, Filled extends boolean, Root> = S extends { readonly allOf: readonly [infer First, ...infer Rest] }
  ? FromJsonSchema<First, Binary, Filled, Root> & AllOf<{ readonly allOf: Rest }, Binary, Filled, Root>
  : unknown;

type ArrayOf<S, Binary, Filled extends boolean, Root> = S extends { readonly prefixItems: infer P extends readonly unknown[] }
  ? [
      ...Prefix<P, MinItems<S>, Binary, Filled, Root>,
      ...(S extends { readonly items: infer I } ? (I extends false ? [] : FromJsonSchema<I, Binary, Filled, Root>[]) : unknown[]),
    ]
  : S extends { readonly items: infer I }
    ? FromJsonSchema<I, Binary, Filled, Root>[]
    : unknown[];

type MinItems<S> = S extends { readonly minItems: infer N extends number } ? N : 0;

/** The first items; those beyond `minItems` may be missing. */
type Prefix<
  P extends readonly unknown[],
  Min extends number,
  Binary,
  Filled extends boolean,
  Root,
  Done extends unknown[] = [],
> = Done["length"] extends Min
  ? Partial<Items<P, Binary, Filled, Root>>
  : P extends readonly [infer First, ...infer Rest]
    ? [FromJsonSchema<First, Binary, Filled, Root>, ...Prefix<Rest, Min, Binary, Filled, Root, [...Done, unknown]>]
    : [];

type Items<P extends readonly unknown[], Binary, Filled extends boolean, Root> = {
  -readonly [K in keyof P]: FromJsonSchema<P[K], Binary, Filled, Root>;
};

type ObjectOf<S, Binary, Filled extends boolean, Root> = S extends { readonly properties: infer P }
  ? Properties<P, Present<S, P, Filled>, Binary, Filled, Root> & Others<S>
  : S extends
        | { readonly additionalProperties: infer Other extends object }
        | { readonly patternProperties: { readonly [pattern: string]: infer Other } }
    ? { [name: string]: FromJsonSchema<Other, Binary, Filled, Root> }
    : { [name: string]: unknown };

/** Undeclared names can be read only where the schema speaks of them, so that a misspelt name is an error elsewhere. */
type Others<S> = S extends { readonly additionalProperties: true | object } ? { [name: string]: unknown } : unknown;

/** The names that are always there. */
type Present<S, P, Filled extends boolean> =
  | (S extends { readonly required: readonly (infer Name)[] } ? Name : never)
  | (Filled extends true ? { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P] : never);

type Properties<P, Here, Binary, Filled extends boolean, Root> = Flat<
  {
    -readonly [K in keyof P as K extends Here ? K : never]: FromJsonSchema<P[K], Binary, Filled, Root>;
  } & {
    -readonly [K in keyof P as K extends Here ? never : K]?: FromJsonSchema<P[K], Binary, Filled, Root>;
  }
>;

/** An intersection of object types as one object type, for messages that can be read. */
type Flat<T> = { [K in keyof T]: T[K] };
