import type { Answers } from "./answers.js";
import type { RouteOptions } from "./operation.js";
import type { PathParams } from "./path.js";
import type { Request } from "./request.js";
import type { Output, Schema } from "./schema.js";
import type { UploadFile } from "./upload.js";

/** Where an application writes what nobody else is told. `console` is one. */
export interface Logger {
  error(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  info(...data: unknown[]): void;
  debug(...data: unknown[]): void;
}

/** What a handler gets for the option `Name` of its route. */
type Part<Options, Name extends string, Otherwise> =
  Options extends Readonly<Record<Name, infer S extends Schema>> ? Output<S> : Otherwise;

/** The parameters of a place without a schema: none, unless Parameter Objects give some. */
type Loose<Options> = Options extends { readonly parameters: readonly unknown[] }
  ? Record<string, unknown>
  : Record<never, never>;

type BodyOf<Options> = Options extends { readonly body: infer S extends Schema }
  ? Output<S>
  : Options extends { readonly form: infer S extends Schema }
    ? Output<S, UploadFile>
    : Options extends { readonly requestBody: object }
      ? unknown
      : undefined;

/**
 * What the handler of a route gets: the parts of the request that the route describes, with their types, and what answers are
 * made with.
 */
export interface Context<Path extends string = string, Options = RouteOptions> extends Answers {
  /** The path's variables. */
  readonly params: Part<Options, "params", PathParams<Path>>;
  /** The declared parameters of the query. An absent optional one is missing. */
  readonly query: Part<Options, "query", Loose<Options>>;
  /** The declared header fields, by the names of their schema. */
  readonly headers: Part<Options, "headers", Loose<Options>>;
  /** The declared cookies. */
  readonly cookies: Part<Options, "cookies", Loose<Options>>;
  /** The body, or `undefined` when an optional one is absent. */
  readonly body: BodyOf<Options>;
  /** The request itself; read it before the answer is sent. */
  readonly request: Request;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** The media type that was negotiated among those the route produces. */
  readonly accepts: string | undefined;
  /** The application's log. */
  readonly log: Logger;
}

/**
 * Answers requests. A string is sent as text, bytes as `application/octet-stream`, a `Response` as it says, `undefined` as
 * 204, and so the context, which `context.status(202)` gives; other data as JSON. What JSON would make `{}` of, such as an `Error`, a `Map` or a stream, is no answer but a failure.
 */
export type Handler<Path extends string = string, Options = RouteOptions> = (context: Context<Path, Options>) => unknown;
