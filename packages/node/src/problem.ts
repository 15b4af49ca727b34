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

/** What a named problem may say; its detail comes first. */
export type NamedProblemOptions = Omit<ProblemOptions, "detail">;

/** The class of a status that the runtime's table of problems has. */
function named(name: string, status: number) {
  return class extends Problem {
    override readonly name: string = name;

    constructor(detail?: string, options: NamedProblemOptions = {}) {
      super(status, detail === undefined ? options : { ...options, detail });
    }
  };
}

/** 400: the request is malformed. */
export class BadRequest extends named("BadRequest", 400) {}
/** 401: the client is not authenticated. RFC 9110 §11.6.1 asks for a `www-authenticate` field. */
export class Unauthorized extends named("Unauthorized", 401) {}
/** 403: the client may not do this. */
export class Forbidden extends named("Forbidden", 403) {}
/** 404: there is no such resource. */
export class NotFound extends named("NotFound", 404) {}
/** 409: the request conflicts with the state of the resource. */
export class Conflict extends named("Conflict", 409) {}
/** 410: the resource is gone for good. */
export class Gone extends named("Gone", 410) {}
/** 413: the content is too large. */
export class ContentTooLarge extends named("ContentTooLarge", 413) {}
/** 422: a part of the request does not fit; `errors` says which, as the runtime's own refusals do. */
export class ValidationFailed extends named("ValidationFailed", 422) {}
/** 429: the client sent too many requests. Give a `retry-after` field (RFC 6585 §4). */
export class TooManyRequests extends named("TooManyRequests", 429) {}
/** 503: the service cannot answer now. */
export class ServiceUnavailable extends named("ServiceUnavailable", 503) {}

const NAMED = {
  BadRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  Conflict,
  Gone,
  ContentTooLarge,
  ValidationFailed,
  TooManyRequests,
  ServiceUnavailable,
};
for (const [name, type] of Object.entries(NAMED)) share(type, name);
