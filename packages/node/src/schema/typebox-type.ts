/** Kinds of TypeBox that are one type of TypeScript. */
interface Simple {
  readonly String: string;
  readonly TemplateLiteral: string;
  readonly Number: number;
  readonly Integer: number;
  readonly Boolean: boolean;
  readonly Null: null;
  readonly Never: never;
}

/**
 * The type of the values that the TypeBox type `T` describes, read from its structure, so that `typebox` is needed only
 * where it is used.
 *
 * @typeParam Decoded Whether codecs have run: `true` for what a handler gets, `false` for what a client sends.
 * @typeParam Root The type whose definitions references mean.
 * @typeParam This The innermost object, for `Type.This()`.
 */
export type FromTypeBox<T, Decoded extends boolean = true, Root = T, This = unknown> = T extends {
  readonly "~unsafe": infer U;
}
  ? U
  : T extends { readonly "~codec": { encode: (...values: never) => infer D } }
    ? Decoded extends true
      ? D
      : FromKind<T, Decoded, Root, This>
    : FromKind<T, Decoded, Root, This>;

type FromKind<T, Decoded extends boolean, Root, This> = T extends { readonly "~kind": infer Kind }
  ? Kind extends keyof Simple
    ? Simple[Kind]
    : T extends { readonly properties: infer P }
      ? Properties<P, Decoded, Root, T>
      : T extends { readonly items: infer I }
        ? I extends readonly unknown[]
          ? Items<I, Decoded, Root, This>
          : FromTypeBox<I, Decoded, Root, This>[]
        : T extends { readonly const: infer C }
          ? C
          : T extends { readonly enum: readonly (infer V)[] }
            ? V
            : T extends { readonly anyOf: readonly (infer Branch)[] }
              ? Branch extends unknown
                ? FromTypeBox<Branch, Decoded, Root, This>
                : never
              : T extends { readonly allOf: infer Parts extends readonly unknown[] }
                ? All<Parts, Decoded, Root, This>
                : T extends { readonly patternProperties: infer Values }
                  ? { [name: string]: FromTypeBox<Values[keyof Values], Decoded, Root, This> }
                  : T extends { readonly $ref: infer Name }
                    ? Referred<T, Name, Decoded, Root, This>
                    : unknown
  : unknown;

type Referred<T, Name, Decoded extends boolean, Root, This> = Name extends "#"
  ? FromTypeBox<This, Decoded, Root, This>
  : T extends { readonly $defs: infer Definitions }
    ? Name extends keyof Definitions
      ? FromTypeBox<Definitions[Name], Decoded, T>
      : unknown
    : Root extends { readonly $defs: infer Definitions }
      ? Name extends keyof Definitions
        ? FromTypeBox<Definitions[Name], Decoded, Root>
        : unknown
      : unknown;

type All<Parts extends readonly unknown[], Decoded extends boolean, Root, This> = Parts extends readonly [
  infer First,
  ...infer Rest,
]
  ? FromTypeBox<First, Decoded, Root, This> & All<Rest, Decoded, Root, This>
  : unknown;

type Items<I extends readonly unknown[], Decoded extends boolean, Root, This> = {
  -readonly [K in keyof I]: FromTypeBox<I[K], Decoded, Root, This>;
};

type Optional = { readonly "~optional": true };

type Properties<P, Decoded extends boolean, Root, This> = Flat<
  {
    -readonly [K in keyof P as P[K] extends Optional ? never : K]: FromTypeBox<P[K], Decoded, Root, This>;
  } & {
    -readonly [K in keyof P as P[K] extends Optional ? K : never]?: FromTypeBox<P[K], Decoded, Root, This>;
  }
>;

type Flat<T> = { [K in keyof T]: T[K] };
