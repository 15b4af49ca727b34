import type { Answers } from "./answers.js";
import type { CallParts } from "./context.js";
import type { Problem } from "./problem.js";
import type { Response } from "./response.js";
import type { Stage } from "./stage.js";

/**
 * What hooks and middleware get: the context of the handler, whose parts have the types that they have in every route. Before the
 * runtime has decoded them, as where it refuses the request, they are empty.
 *
 * @typeParam Members What providers add to it.
 */
export type HookContext<Members = unknown> = AnyContext & Members;

interface AnyContext extends Answers, CallParts {
  /** The path's variables. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The declared parameters of the query. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The declared header fields. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The declared cookies. */
  readonly cookies: Readonly<Record<string, unknown>>;
  /** The body. */
  readonly body: unknown;
}

/** An answer, or nothing. Data are answers as well; `context.json(data)` makes one of them that is meant to be one. */
type Answer = Response | Problem | globalThis.Response | Answers | undefined | void;

/**
 * What a hook returns: nothing, and the request goes on, or what is the answer then. An assignment as the body of an arrow function,
 * whose value would be an answer, is refused by the type.
 */
export type HookResult = Answer | PromiseLike<Answer>;

/** Runs before the handler. */
export type Hook<Members = unknown> = (context: HookContext<Members>) => HookResult;

/** Runs when there is an answer, which it may change, or answer with another one. */
export type ResponseHook<Members = unknown> = (context: HookContext<Members>, response: Response) => HookResult;

/** Runs when there is an error or a problem, and may answer for it. */
export type ErrorHook<Members = unknown, Thrown = unknown> = (context: HookContext<Members>, error: Thrown) => HookResult;

/** Goes on with the request, and gives its answer, also for a problem. Other errors are thrown. To be called once. */
export type Next = () => Promise<Response>;

/**
 * Runs around all else that is done for a request. It returns what `next` gives, or another answer; nothing stands for what `next`
 * gives.
 */
export type Middleware<Members = unknown> = (context: HookContext<Members>, next: Next) => unknown;

/** One or several. */
export type Several<T> = T | readonly T[];

/** The hooks and the middleware of one route. */
export interface HookOptions<Members = unknown> {
  /** Middleware around the route, inside of that of its application and routers, and stages in place of those around it. */
  readonly use?: Several<Middleware<Members> | Stage>;
  /** Run before the request has been judged. See {@link Hooked.onRequest}. */
  readonly onRequest?: Several<Hook<Members>>;
  /** Run before a refusal of the request is raised. See {@link Hooked.preValidation}. */
  readonly preValidation?: Several<Hook<Members>>;
  /** Run right before the handler. See {@link Hooked.preHandler}. */
  readonly preHandler?: Several<Hook<Members>>;
  /** Run when there is an answer. See {@link Hooked.onResponse}. */
  readonly onResponse?: Several<ResponseHook<Members>>;
  /** Run when there is an error. See {@link Hooked.onError}. */
  readonly onError?: Several<ErrorHook<Members>>;
}

/** What an option gives, as a list. */
export function listOf<T>(given: Several<T> | undefined): readonly T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly T[]) : [given as T];
}

/** The names of {@link HookOptions}. */
export const HOOK_OPTIONS = ["use", "onRequest", "preValidation", "preHandler", "onResponse", "onError"] as const;
