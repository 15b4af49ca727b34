import { SetupError } from "../setup-error.js";
import { pointer, ValidationIssues } from "./issues.js";
import { isNode, type Node, place } from "./visit.js";

/**
 * A schema of a library that implements Standard Schema v1 and its trait Standard JSON Schema
 * (https://standardschema.dev): zod 4, arktype, valibot behind `toStandardJsonSchema`, and others.
 *
 * Only what is used is named, so that checking a schema against this type stays cheap.
 */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined;
    readonly jsonSchema: object;
  };
}

/**
 * Where a schema stands. `parameters` is an object of declared parameters: the runtime fills in the defaults of its
 * properties, and other names do not reach it. A `form` may have files. An `answer` is sent as the handler gives it, so that
 * nothing is left to do.
 */
export type Place = "content" | "parameters" | "form" | "answer";

/** What a schema asks for beside the JSON Schema that it gives; the greater one wins. */
export enum Need {
  /** Nothing: the JSON Schema says it all. */
  Nothing,
  /** Names that `properties` does not have are removed. */
  Strip,
  /** Whatever the library does: the value goes through it. */
  Library,
}

/** A schema of a library, converted. */
export interface Converted {
  readonly schema: Node;
  readonly need: Need;
  /** Makes what the library takes of a value as it arrives; missing when that is the value itself. */
  readonly prepare?: (value: unknown) => Promise<unknown>;
}

/** The `validate` of Standard Schema v1. */
type Validate = (value: unknown) => StandardResult | PromiseLike<StandardResult>;

interface StandardResult {
  readonly value?: unknown;
  readonly issues?: readonly StandardIssue[] | undefined;
}

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The function that sends a value through the library. It gives a promise only if the library does. */
export function library(schema: StandardSchema): (value: unknown) => unknown {
  const validate = schema["~standard"].validate as Validate;
  const checked = (value: unknown): unknown => {
    const result = validate(value);
    return isPromise(result) ? result.then((settled) => accepted(settled, value)) : accepted(result, value);
  };
  const accepted = (result: StandardResult, value: unknown): unknown => {
    if (!result.issues) return result.value;
    // Libraries take integers beyond 2^53 for numbers, which JSON Schema has let through, and the runtime gives a bigint.
    const rounded = withoutBigints(value);
    if (rounded !== value) return checked(rounded);
    throw issues(result.issues);
  };
  return checked;
}

/** A copy of `value` in which every bigint is the nearest number; `value` itself when it has none. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) {
    const copy = value.map(withoutBigints);
    return copy.some((item, index) => item !== value[index]) ? copy : value;
  }
  if (!isNode(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, withoutBigints(member)] as const);
  return entries.some(([name, member]) => member !== value[name]) ? Object.fromEntries(entries) : value;
}

function isPromise(result: object): result is PromiseLike<StandardResult> {
  return "then" in result && typeof result.then === "function";
}

function issues(list: readonly StandardIssue[]): ValidationIssues {
  return new ValidationIssues(
    list.map(({ message, path = [] }) => ({
      pointer: pointer(path.map((part) => (typeof part === "object" ? part.key : part))),
      detail: message,
    })),
  );
}

/** Asks `schema` for the JSON Schema of what it takes (draft 2020-12). */
export function input(schema: StandardSchema, libraryOptions?: Record<string, unknown>): Node {
  const converter = schema["~standard"].jsonSchema as { input(options: object): Node };
  return converter.input({ target: "draft-2020-12", ...(libraryOptions && { libraryOptions }) });
}

/** The error of a schema, or a part of one, that JSON Schema has no words for. */
export function inexpressible(what: string, path: readonly PropertyKey[], reason: string, remedy: string): SetupError {
  const problem = `the schema cannot be said in JSON Schema: ${reason.replace(/[.\s]+$/, "")}`;
  return new SetupError({ route: "", field: place(what, path), problem, remedy });
}
