import type { Answers } from "./answers.js";
import type { Event, EventData } from "./event.js";
import type { RouteOptions } from "./operation.js";
import type { Part as ArrivingPart } from "./part.js";
import type { PathParams } from "./path.js";
import type { Problem } from "./problem.js";
import type { Request } from "./request.js";
import type { Response } from "./response.js";
import type { Input, Output, Schema } from "./schema.js";
import type { Values } from "./source.js";
import type { State } from "./state.js";
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

/** The path's variables: those that the option `params` describes, and all others by their converters. */
type Params<Path extends string, Options> = Options extends { readonly params: infer S extends Schema }
  ? Beside<Output<S>, Without<PathParams<Path>, keyof Input<S>>>
  : PathParams<Path>;

type Without<Variables, Names> = { [Name in keyof Variables as Name extends Names ? never : Name]: Variables[Name] };

type Beside<Described, Others> = [keyof Others] extends [never] ? Described : Described & Others;

/** The parameters of a place without a schema: none, unless Parameter Objects give some. */
type Loose<Options> = Options extends { readonly parameters: readonly unknown[] }
  ? Record<string, unknown>
  : Record<never, never>;

type BodyOf<Options> = Options extends { readonly streaming: true }
  ? ReadableStream<Uint8Array>
  : Options extends { readonly body: infer S extends Schema }
    ? Output<S>
    : Options extends { readonly form: infer S extends Schema }
      ? Output<S, UploadFile>
      : Options extends { readonly requestBody: object }
        ? unknown
        : undefined;

/** What is there in every call, whatever its route describes. */
export interface CallParts {
  /** The request itself; read it before the answer is sent. */
  readonly request: Request;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /**
   * The media type to answer with: the one that the client's `Accept` prefers of those that the first success of the route declares, in
   * `produces` or in the content of its response (RFC 9110 §12.5.1). Each has the weight of the most specific range that covers it; of
   * several with the same weight, and without a readable `Accept`, it is the one that is declared first. It is spelled as it is
   * declared. A client that takes none of them has got 406, and the handler is not called.
   *
   * `undefined` where fewer than two are declared, since nothing is negotiated then.
   */
  readonly accepts: string | undefined;
  /**
   * The number of the request in the Content Security Policy of its answer, for the attribute `nonce` of scripts and styles; `undefined`
   * where the policy of `securityHeaders` has no `'nonce-{nonce}'`.
   */
  readonly cspNonce: string | undefined;
  /** Where a client of an event stream wants to go on: the `id` of the last event that it got (WHATWG HTML §9.2.4). */
  readonly lastEventId: string | undefined;
  /** The application's log, for this request: lines have its id, and that of its trace. */
  readonly log: Logger;
  /** What hooks, providers and the handler of this request share; see {@link State}. */
  readonly state: State;
  /**
   * Runs `work` when the answer has been handed over, however the request has ended, and behind what providers clean up. A server that
   * stops waits for it within `shutdownTimeoutMs`. What it fails with is logged, with the id of the request.
   */
  after(work: () => unknown): this;
}

/**
 * What the handler of a route gets: the parts of the request that the route describes, with their types, and what answers are
 * made with.
 */
export interface Context<Path extends string = string, Options = RouteOptions> extends Answers, CallParts {
  /** The path's variables. */
  readonly params: Params<Path, Options>;
  /** The declared parameters of the query. An absent optional one is missing. */
  readonly query: Part<Options, "query", Loose<Options>>;
  /** The declared header fields, by the names of their schema. */
  readonly headers: Part<Options, "headers", Loose<Options>>;
  /** The declared cookies. */
  readonly cookies: Part<Options, "cookies", Loose<Options>>;
  /** The body, or `undefined` when an optional one is absent. */
  readonly body: BodyOf<Options>;
  /** The values of a body that is lines of JSON, while they arrive; those of the option `bodyItems`. */
  readonly items: Options extends { readonly bodyItems: infer S extends Schema } ? AsyncIterable<Output<S>, void> : undefined;
  /** The parts of a form, while they arrive, with the option `parts`. */
  readonly parts: Options extends { readonly parts: true } ? AsyncIterable<ArrivingPart, void> : undefined;
}

/**
 * What a handler returns, or a promise of it: anything, unless its route says what it gives one after the other. Then it gives
 * these, or an answer without them.
 */
export type Result<Options> = [Options] extends [never]
  ? unknown
  : Options extends { readonly events: infer Schemas }
    ? Series<EventOf<Schemas>>
    : Options extends { readonly items: infer S }
      ? Series<Of<S>>
      : unknown;

type Series<Value> = Values<Value> | Otherwise | PromiseLike<Values<Value> | Otherwise>;

/** An event with data that one of the schemas describes, or what that of `message` does; with any data for `true`. */
type EventOf<Schemas> =
  Schemas extends Readonly<Record<string, Schema>>
    ? Event<Of<Schemas[keyof Schemas]>> | (Schemas extends { readonly message: infer S } ? DataOf<Of<S>> : never)
    : Event | EventData;

/** What may stand for an event whose data are of this type. */
type DataOf<Data> = unknown extends Data ? EventData : Extract<Data, EventData>;

/** What a schema describes; anything for `true`. */
type Of<S> = S extends Schema ? Widened<Output<S>> : unknown;

/**
 * A type without literals: what a generator yields is inferred before its route is known, and `"a"` is a `string` then. Else every one
 * of them would need an `as const`.
 */
type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends bigint
      ? bigint
      : T extends boolean
        ? boolean
        : T extends readonly (infer Item)[]
          ? readonly Widened<Item>[]
          : T extends object
            ? { [Name in keyof T]: Widened<T[Name]> }
            : T;

type Otherwise = Response | Problem | globalThis.Response | Answers | undefined | void;

/**
 * Answers requests. A string is sent as text, bytes as `application/octet-stream`, a `Response` as it says, `undefined` as
 * 204, and so the context, which `context.status(202)` gives; what an iterator gives, such as a generator or a `ReadableStream`, is sent
 * as it is made; other data as JSON. What JSON would make `{}` of, such as an `Error` or a `Map`, is no answer but a failure.
 */
export type Handler<Path extends string = string, Options = RouteOptions, Members = unknown> = (
  context: Context<Path, Options> & Members,
) => Result<Options>;
