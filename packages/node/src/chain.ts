import type { CallContext } from "./call.js";
import type { Engine } from "./engine.js";
import { fitting, mayFitProblems } from "./error-hooks.js";
import type { Hook, Middleware, ResponseHook } from "./hooks.js";
import { isKind } from "./kind.js";
import type { Level } from "./level.js";
import { type Answering, around } from "./middleware.js";
import type { Problem } from "./problem.js";
import { isThenable } from "./promise.js";
import { making } from "./making.js";
import { applyPrepared, type Reply, replyOf } from "./reply.js";

/** Gives what a request is answered with, or a promise of it, or fails. */
export type Run = (context: CallContext) => unknown;

/** What a chain is made of. */
export interface Links {
  /** What its application, its routers and the route itself add, in this order. */
  readonly levels: readonly Level[];
  readonly handler: Run;
  /** What remains to be done to the parts of the request before the handler gets them. Its result is not looked at. */
  readonly finish?: ((context: CallContext) => Promise<void>) | undefined;
  readonly routeStatus: number | undefined;
  readonly engine: Engine;
  /** Logs an error of a call, and gives the problem that stands for it. */
  failed(context: CallContext, error: unknown): Problem;
}

/** What is done for requests that the runtime refuses: as for others, with that problem in place of the handler. */
export type Refused = (context: CallContext, problem: Problem) => unknown;

/** All that is done for the requests of one route, made once. */
export interface Chain {
  readonly run: Run;
  /** What is done for its requests that the runtime refuses, where something is. */
  readonly refused: Refused | undefined;
}

/**
 * Links a handler with the hooks and the middleware around it; nothing where there are none. A chain of functions that return no
 * promises returns none itself.
 */
export function compile(links: Links): Chain | undefined {
  const { levels, handler, finish } = links;
  if (levels.every((level) => level.isEmpty)) return undefined;
  const early = levels.flatMap(({ onRequest }) => onRequest).concat(levels.flatMap(({ preValidation }) => preValidation));
  const late = levels.flatMap(({ makers }) => makers.map(making)).concat(levels.flatMap(({ preHandler }) => preHandler));
  const steps = [...early, ...(finish ? [finish] : []), ...late] as Hook<CallContext>[];
  const hasRefused = early.length > 0 || levels.some(mayAnswerProblems);
  return {
    run: surrounded(sequence(steps, handler), links),
    refused: hasRefused ? raising(surrounded(sequence(early as Hook<CallContext>[], raiseRefusal), links)) : undefined,
  };
}

/** What is done for requests that no route fits, where something is. */
export function compileUnmatched(links: Omit<Links, "handler" | "finish" | "routeStatus">): Refused | undefined {
  if (!links.levels.some(mayAnswerProblems)) return undefined;
  return raising(surrounded(raiseRefusal, { ...links, handler: raiseRefusal, routeStatus: undefined }));
}

/** Whether something is done with problems, whatever has become of the request before. */
function mayAnswerProblems({ use, onResponse, onError }: Level): boolean {
  return use.length > 0 || onResponse.length > 0 || onError.some(mayFitProblems);
}

function raising(run: Run): Refused {
  return (context, problem) => {
    context.refusal = problem;
    return run(context);
  };
}

function raiseRefusal({ refusal }: CallContext): never {
  throw refusal;
}

/** Runs `steps` one after the other and then `last`, unless one of them answers. */
function sequence(steps: readonly Hook<CallContext>[], last: Run): Run {
  return steps.reduceRight<Run>(
    (next, step) => (context) => {
      const answer = step(context);
      if (answer === undefined) return next(context);
      if (isThenable(answer)) {
        return Promise.resolve(answer).then((later) => (isNothing(later, context) ? next(context) : later));
      }
      return isNothing(answer, context) ? next(context) : answer;
    },
    last,
  );
}

/** Whether a hook has answered nothing. The context is what `context.header("x-a", "1")` gives. */
function isNothing(answer: unknown, context: CallContext): boolean {
  return answer === undefined || answer === context;
}

/** Puts around `run` what is done with errors and with answers, and the middleware. */
function surrounded(run: Run, links: Links): Run {
  const { levels } = links;
  const hooks = levels.toReversed().flatMap(({ onResponse }) => onResponse) as ResponseHook<CallContext>[];
  const middleware = levels.flatMap(({ use }) => use) as Middleware<never>[];
  const recovering = levels.some(({ onError }) => onError.length > 0) ? recovered(run, links) : run;
  if (hooks.length === 0 && middleware.length === 0) return recovering;
  const responded = new Responding(hooks, links);
  const whole = middleware.reduceRight<Answering>((inner, each) => around(each, inner, links), responded.around(recovering));
  return hooks.length === 0 ? whole : responded.outside(whole);
}

/** Asks the hooks of `onError` what to answer when `run` fails, or gives a problem. */
function recovered(run: Run, { levels, failed }: Links): Run {
  /** @param otherwise What becomes of an error that no hook answers. */
  const recover = (context: CallContext, error: unknown, otherwise: () => unknown): unknown => {
    const hooks = fitting(levels, error);
    const ask = (from: number): unknown => {
      for (let place = from; place < hooks.length; place++) {
        let answer: unknown;
        try {
          answer = hooks[place]?.(context, error);
        } catch (second) {
          return broken(context, second);
        }
        if (isThenable(answer)) {
          return Promise.resolve(answer).then(
            (later) => (isNothing(later, context) ? ask(place + 1) : later),
            (second: unknown) => broken(context, second),
          );
        }
        if (!isNothing(answer, context)) return answer;
      }
      return otherwise();
    };
    return ask(0);
  };
  /** The answer for an error in a hook: a problem is meant, as everywhere. */
  const broken = (context: CallContext, error: unknown): unknown => (isKind(error, "problem") ? error : failed(context, error));
  const returned = (context: CallContext, value: unknown): unknown =>
    isKind(value, "problem") ? recover(context, value, () => value) : value;
  const thrown = (context: CallContext, error: unknown): unknown => {
    context.failed(error);
    context.takePrepared();
    return recover(context, error, () => {
      throw error;
    });
  };
  return (context) => {
    let value: unknown;
    try {
      value = run(context);
    } catch (error) {
      return thrown(context, error);
    }
    if (!isThenable(value)) return returned(context, value);
    return Promise.resolve(value).then(
      (later) => returned(context, later),
      (error: unknown) => thrown(context, error),
    );
  };
}

/** Makes answers complete, and has the hooks of `onResponse` hear of them. */
class Responding {
  readonly #hooks: readonly ResponseHook<CallContext>[];
  readonly #links: Links;

  constructor(hooks: readonly ResponseHook<CallContext>[], links: Links) {
    this.#hooks = hooks;
    this.#links = links;
  }

  /** Gives the answer of `run`, also for a problem that it throws. */
  around(run: Run): (context: CallContext) => Reply | Promise<Reply> {
    return (context) => {
      let value: unknown;
      try {
        value = run(context);
      } catch (error) {
        return this.#thrown(context, error);
      }
      if (!isThenable(value)) return this.#returned(context, value);
      return Promise.resolve(value).then(
        (later) => this.#returned(context, later),
        (error: unknown) => this.#thrown(context, error),
      );
    };
  }

  /** Has the hooks hear of the failure of `run`, where they have heard of no answer. */
  outside(run: Run): Run {
    const failed = (context: CallContext, error: unknown): unknown => {
      context.failed(error);
      if (context.hasResponded) throw error;
      if (isKind(error, "problem")) return this.#thrown(context, error);
      context.takePrepared();
      return this.#returned(context, this.#links.failed(context, error));
    };
    return (context) => {
      let value: unknown;
      try {
        value = run(context);
      } catch (error) {
        return failed(context, error);
      }
      return isThenable(value) ? Promise.resolve(value).then(undefined, (error: unknown) => failed(context, error)) : value;
    };
  }

  #returned(context: CallContext, value: unknown): Reply | Promise<Reply> {
    const { routeStatus, engine } = this.#links;
    const reply = replyOf(value, context, routeStatus, engine);
    // A socket that is opened is no answer.
    if (this.#hooks.length === 0 || reply.format === "upgrade") return reply;
    context.hasResponded = true;
    return this.#hear(context, reply, 0);
  }

  #thrown(context: CallContext, error: unknown): Reply | Promise<Reply> {
    context.failed(error);
    if (!isKind(error, "problem")) throw error;
    context.takePrepared();
    return this.#returned(context, error);
  }

  /** Calls the hooks from the one at `first` on. */
  #hear(context: CallContext, given: Reply, first: number): Reply | Promise<Reply> {
    let reply = given;
    for (let place = first; place < this.#hooks.length; place++) {
      let answer: unknown;
      try {
        answer = this.#hooks[place]?.(context, reply);
      } catch (error) {
        reply = this.#broken(context, error);
        continue;
      }
      if (isThenable(answer)) {
        return Promise.resolve(answer).then(
          (later) => this.#hear(context, this.#changed(context, reply, later), place + 1),
          (error: unknown) => this.#hear(context, this.#broken(context, error), place + 1),
        );
      }
      reply = this.#changed(context, reply, answer);
    }
    return reply;
  }

  /** The answer after a hook has returned `answer`. */
  #changed(context: CallContext, reply: Reply, answer: unknown): Reply {
    const { routeStatus, engine } = this.#links;
    if (!isNothing(answer, context) && answer !== reply) return replyOf(answer, context, routeStatus, engine);
    applyPrepared(reply, context, engine);
    return reply;
  }

  /** The answer for an error in a hook: a problem is meant, as everywhere. */
  #broken(context: CallContext, error: unknown): Reply {
    const { routeStatus, engine, failed } = this.#links;
    context.takePrepared();
    return replyOf(isKind(error, "problem") ? error : failed(context, error), context, routeStatus, engine);
  }
}
