import { stringify } from "./json.js";
import { KIND, share } from "./kind.js";

/** Header fields as an object or as pairs, which may repeat a name. */
export type HeaderFields = Readonly<Record<string, string>> | Iterable<readonly [string, string]>;

/** What a {@link Problem} may say beside its status. */
export interface ProblemOptions {
  /** This occurrence, for a person. */
  readonly detail?: string;
  /** The kind, for a person; by default that of the status. */
  readonly title?: string;
  /** The kind, a URI; by default that of the status, or `about:blank`. */
  readonly type?: string;
  readonly headers?: HeaderFields;
  /** Further members of the body. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** What is wrong with each part of the request. */
  readonly errors?: readonly ProblemEntry[];
}

/** An entry of a problem's `errors`. */
export interface ProblemEntry {
  readonly in: "path" | "query" | "header" | "cookie" | "body";
  readonly name?: string;
  /** A JSON Pointer (RFC 6901). */
  readonly pointer?: string;
  /** The keyword of JSON Schema that failed. */
  readonly keyword: string;
  readonly detail: string;
}

/**
 * An answer that is not a success, sent as `application/problem+json` (RFC 9457). Throw it or return it.
 *
 * @example
 * throw new Problem(409, { detail: "The name is taken.", extensions: { name: "ada" } });
 */
export class Problem extends Error {
  override readonly name: string = "Problem";

  constructor(
    readonly status: number,
    readonly options: ProblemOptions = {},
  ) {
    super(options.detail ?? options.title ?? `problem ${status}`);
  }

  /** @internal */
  get [KIND](): "problem" {
    return "problem";
  }

  /** The problem as the runtime reads it. */
  data(): object {
    const { headers = [], extensions, ...rest } = this.options;
    // As text, like an answer, which has numbers that only the runtime holds exactly.
    return { ...rest, ...(extensions && { extensions: stringify(extensions) }), status: this.status, headers: pairs(headers) };
  }
}

share(Problem, "Problem");

/** Header fields as pairs. */
export function pairs(headers: HeaderFields): [string, string][] {
  const entries = Symbol.iterator in headers ? headers : Object.entries(headers);
  return Array.from(entries as Iterable<readonly [string, string]>, ([name, value]) => [name, value]);
}

/** What a problem of the runtime's table may say; its detail comes first. */
export type NamedProblemOptions = Omit<ProblemOptions, "detail">;

/** What a problem that passes may say. */
export interface RetryProblemOptions extends NamedProblemOptions {
  /** After how many seconds to try again (RFC 9110 §10.2.3). */
  readonly retryAfter?: number;
}

/** The class of a status that the runtime's table of problems has. */
export function named(name: string, status: number): new (detail?: string, options?: NamedProblemOptions) => Problem {
  return class extends Problem {
    override readonly name: string = name;

    constructor(detail?: string, options: NamedProblemOptions = {}) {
      super(status, detail === undefined ? options : { ...options, detail });
    }
  };
}

/** The class of a status that tells when to try again. */
export function retryable(name: string, status: number): new (detail?: string, options?: RetryProblemOptions) => Problem {
  return class extends named(name, status) {
    constructor(detail?: string, { retryAfter, ...options }: RetryProblemOptions = {}) {
      const headers = retryAfter !== undefined && [...pairs(options.headers ?? []), ["retry-after", String(retryAfter)] as const];
      super(detail, headers ? { ...options, headers } : options);
    }
  };
}
