import { SetupError } from "./setup-error.js";

/** One variable of a path pattern. */
export interface Variable {
  /** The name, unique in its pattern. */
  readonly name: string;
  /** The converter as written (`int`, `a|b`); missing when the pattern names none. */
  readonly converter?: string;
}

/** What a segment that starts with a colon may look like. */
const COLON_SEGMENT = /^:([A-Za-z_][A-Za-z0-9_-]*)$/;

/**
 * Writes `path` in the runtime's own syntax: a segment `:name` becomes `{name}`, everything else stays.
 *
 * A colon elsewhere (`/books/{id}:archive`) is ordinary text, which RFC 3986 §3.3 permits. Mistakes between braces are
 * left to the runtime, which knows the converters.
 *
 * @throws {SetupError} A segment starts with a colon and is not a plain name, such as `:id?` or `:name.json`.
 *
 * @example
 * translate("/hi/:name"); // "/hi/{name}"
 */
export function translate(path: string): string {
  if (!path.includes("/:")) return path;
  const segments = path.split("/").map((segment, index) => {
    // What stands before the first slash is no segment.
    if (index === 0 || !segment.startsWith(":")) return segment;
    const name = COLON_SEGMENT.exec(segment)?.[1];
    if (name === undefined) throw unreadable(path, segment);
    return `{${name}}`;
  });
  return segments.join("/");
}

function unreadable(path: string, segment: string): SetupError {
  const name = /^:([A-Za-z_][A-Za-z0-9_]*)/.exec(segment)?.[1];
  const after = name === undefined ? "" : segment.slice(name.length + 1);
  const problem = `\`${segment}\` starts with a colon and is not a plain variable`;
  const parts = { route: path, field: "path", problem };
  if (name === undefined) {
    return new SetupError({ ...parts, remedy: "write `{name}` for a variable, or `%3A` for a colon" });
  }
  if (after.startsWith("?")) {
    return new SetupError({ ...parts, remedy: "add one route with the segment and one without" });
  }
  if (/^[(*+]/.test(after)) {
    const remedy = `write \`{${name}:converter}\`, \`{${name}:a|b}\` or, for several segments, \`{${name}:path}\``;
    return new SetupError({ ...parts, remedy });
  }
  return new SetupError({ ...parts, remedy: `write variables beside other text in braces, as in \`{${name}}\`` });
}

/**
 * The variables of `path`, in path order; both spellings are read.
 *
 * @throws {SetupError} As {@link translate} does.
 *
 * @example
 * variables("/users/{id:int}/:tab"); // [{ name: "id", converter: "int" }, { name: "tab" }]
 */
export function variables(path: string): Variable[] {
  return Array.from(translate(path).matchAll(/\{([^{}]*)\}/g), ([, inside = ""]) => {
    const colon = inside.indexOf(":");
    return colon < 0 ? { name: inside } : { name: inside.slice(0, colon), converter: inside.slice(colon + 1) };
  });
}

/** The built-in converters whose values are not strings. */
interface Converted {
  int: number;
  float: number;
  bool: boolean;
}

/** The contents of every `{...}` in `P`, as a union. */
type Braced<P extends string> = P extends `${string}{${infer Inside}}${infer Rest}` ? Inside | Braced<Rest> : never;

/** The names of every `:name` segment in `P`, as a union. */
type Colons<P extends string> = P extends `${string}/:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | Colons<`/${More}`>
    : Rest
  : never;

type Choice<C extends string> = C extends `${infer First}|${infer Rest}` ? First | Choice<Rest> : C;

type Value<C extends string> = C extends keyof Converted
  ? Converted[C]
  : C extends `(${infer Inside})`
    ? Choice<Inside>
    : C extends `${string}|${string}`
      ? Choice<C>
      : string;

/**
 * The path parameters that a handler of the pattern `P` gets.
 *
 * `int` and `float` are numbers, `bool` a boolean, a choice such as `{kind:a|b}` one of its texts, all else a string. A
 * pattern that is only known as `string`, or a part of which is, may have others.
 *
 * @example
 * type P = PathParams<"/users/{id:int}/:tab">; // { id: number; tab: string }
 */
export type PathParams<P extends string> = string extends P
  ? Record<string, unknown>
  : // Of a pattern that is not known as a whole, a record has no property that must be there.
    {} extends Record<P, unknown>
    ? Variables<P> & Record<string, unknown>
    : Variables<P>;

type Variables<P extends string> = {
  [V in Braced<P> | Colons<P> as V extends `${infer Name}:${string}` ? Name : V]: V extends `${string}:${infer C}`
    ? Value<C>
    : string;
};
