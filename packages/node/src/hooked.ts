import type { ErrorHook, Hook, Middleware, ResponseHook } from "./hooks.js";
import type { ErrorClass, Level } from "./level.js";
import type { Problem } from "./problem.js";
import { isStage, type Stage } from "./stage.js";

/**
 * Something that hooks and middleware can be added to: an application, whose hooks hold for all of its routes, or a router, whose hooks
 * hold for the routes of the router alone. The order of the lines does not matter: they hold for routes that were added before, too.
 *
 * @typeParam Members What providers add to the context.
 */
export abstract class Hooked<Members = unknown> {
  /** @internal */
  abstract readonly level: Level;

  /**
   * Runs middleware around all else that is done for a request: hooks, handler and errors. That of the application is outside, then
   * that of routers, then that of routes.
   *
   * Applications also take stages, which the runtime does before JavaScript is entered. They cover every answer, refusals too; a router or
   * a route says what differs in its option `use`. Requests meet them in the order of the table of stages, whichever order they are set
   * in. Setting one again takes the place of what it was.
   *
   * @throws {SetupError} The application has started, or an option of a stage does not fit, which is named as
   * `stages.cors.allowOrigins[1]`.
   *
   * @example
   * app.use(cors({ allowOrigins: ["https://shop.example"] }), securityHeaders());
   * app.use(async (context, next) => {
   *   const answer = await next();
   *   answer.headers.set("x-app", "shop");
   *   return answer;
   * });
   */
  use(...several: readonly (Middleware<Members> | Stage)[]): this {
    const middleware = several.filter((each) => !isStage(each));
    for (const each of middleware) this.level.add("use", each);
    const stages = several.filter(isStage);
    if (stages.length > 0) this.setStages(stages);
    return this;
  }

  /** Sets stages of the runtime. */
  protected setStages(_stages: readonly Stage[]): void {
    const remedy = "give it to the option `use` of the router or of its routes";
    throw this.level.refuse("use", "stages are set for a router when it is made", remedy);
  }

  /**
   * Runs `hook` before all other hooks of a request: those of the application first, then those of routers, then those of the route. One
   * that returns an answer ends the request with it: the handler is not called.
   *
   * @throws {SetupError} The application has started.
   */
  onRequest(hook: Hook<Members>): this {
    this.level.add("onRequest", hook);
    return this;
  }

  /**
   * Runs `hook` after those of {@link onRequest} and before a refusal of the request, such as one for a parameter that does not fit its
   * schema, is raised.
   *
   * @throws {SetupError} The application has started.
   */
  preValidation(hook: Hook<Members>): this {
    this.level.add("preValidation", hook);
    return this;
  }

  /**
   * Runs `hook` right before the handler, with the parts of the request as the handler gets them.
   *
   * @throws {SetupError} The application has started.
   */
  preHandler(hook: Hook<Members>): this {
    this.level.add("preHandler", hook);
    return this;
  }

  /**
   * Runs `hook` when there is an answer: those of the route first, then those of routers, then those of the application. `response` has
   * `status`, `headers` and the `content` before it is written; the hook may change them, or return another answer.
   *
   * An error in it is logged, and the answer is the problem of the status 500 then.
   *
   * @throws {SetupError} The application has started.
   */
  onResponse(hook: ResponseHook<Members>): this {
    this.level.add("onResponse", hook);
    return this;
  }

  /**
   * Runs `hook` when a handler or a hook fails, or answers with a problem: for all of these, for errors of one class, or for problems of
   * one status. Those of the route are asked first, then those of routers, then those of the application; of one level the most specific
   * class comes first. The first that returns an answer ends it. Without one a problem is the answer itself, and any other error is
   * logged and becomes the problem of the status 500.
   *
   * @throws {SetupError} The application has started.
   *
   * @example
   * app.onError(RangeError, (context, error) => context.json({ reason: error.message }, 400));
   * app.onError(404, (context) => context.html("<h1>Nothing is here</h1>", 404));
   */
  onError(hook: ErrorHook<Members>): this;
  onError(status: number, hook: ErrorHook<Members, Problem>): this;
  onError<Thrown>(type: ErrorClass<Thrown>, hook: ErrorHook<Members, Thrown>): this;
  onError(first: unknown, second?: unknown): this {
    if (second === undefined) this.level.add("onError", first);
    else {
      if (typeof first !== "function" && !Number.isInteger(first)) {
        throw this.level.refuse(
          "onError",
          "this is neither a class nor a status",
          "give a class of errors, or a status such as 404",
        );
      }
      this.level.add("onError", second, first as number);
    }
    return this;
  }
}
