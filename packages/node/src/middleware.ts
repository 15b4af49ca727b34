import type { CallContext } from "./call.js";
import type { Engine } from "./engine.js";
import type { Middleware } from "./hooks.js";
import { isKind } from "./kind.js";
import { isThenable } from "./promise.js";
import { applyPrepared, type Reply, replyOf } from "./reply.js";

/** What gives the answer to a request, or fails. */
export type Answering = (context: CallContext) => Reply | PromiseLike<Reply>;

/** What {@link around} needs beside the two. */
export interface Surroundings {
  readonly routeStatus: number | undefined;
  readonly engine: Engine;
  /** Takes what `inner` fails with when nobody else hears of it. */
  failed(context: CallContext, error: unknown): void;
}

/** Runs `middleware` around `inner`. */
export function around(middleware: Middleware<never>, inner: Answering, surroundings: Surroundings): Answering {
  const { routeStatus, engine, failed } = surroundings;
  const call = middleware as Middleware<CallContext>;

  /** The answer that stands for what `inner` has failed with: a problem is one, which has nothing of what was said before. */
  const answered = (context: CallContext, error: unknown): Reply => {
    if (!isKind(error, "problem")) throw error;
    context.takePrepared();
    return replyOf(error, context, routeStatus, engine);
  };
  /** Begins `inner`. */
  const begun = (context: CallContext, over: () => void): Promise<Reply> => {
    let result: Reply | PromiseLike<Reply>;
    try {
      result = inner(context);
      if (!isThenable(result)) {
        over();
        return Promise.resolve(result);
      }
    } catch (error) {
      result = Promise.reject(error as Error);
    }
    const settled = Promise.resolve(result).then(
      (reply) => (over(), reply),
      (error: unknown) => (over(), answered(context, error)),
    );
    // Whether anybody waits for it or not.
    settled.catch(over);
    return settled;
  };

  return async (context) => {
    let given: Promise<Reply> | undefined;
    let isOver = false;
    const over = (): void => void (isOver = true);
    const next = (): Promise<Reply> => {
      if (given) throw new Error("a middleware has called `next` twice; it goes on with the request once");
      given = begun(context, over);
      return given;
    };
    const value = await call(context as never, next);
    let reply: Reply;
    if (value === undefined || value === context) {
      if (!given) throw new Error("a middleware has neither called `next` nor answered");
      reply = await given;
    } else {
      // Who does not wait for what was begun is not told that it fails.
      if (given && !isOver) given.catch((error: unknown) => failed(context, error));
      if (value !== context.reply) return replyOf(value, context, routeStatus, engine);
      reply = context.reply as Reply;
    }
    applyPrepared(reply, context, engine);
    return reply;
  };
}
