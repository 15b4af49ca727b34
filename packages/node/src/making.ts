import type { CallContext } from "./call.js";
import type { Hook } from "./hooks.js";
import { isKind } from "./kind.js";
import { isThenable } from "./promise.js";
import { isOwn, type Maker } from "./provide.js";

/** The step of a chain that has `maker` make members of the context. */
export function making(maker: Maker<never, object>): Hook<never> {
  const make = maker as unknown as (context: CallContext) => unknown;
  const step = (context: CallContext): PromiseLike<void> | undefined => {
    const made = make(context);
    if (isThenable(made)) return Promise.resolve(made).then((later) => add(context, later));
    add(context, made);
    return undefined;
  };
  return step as Hook<never>;
}

/** @throws {TypeError} These are no members, or the context has one of them. */
function add(context: CallContext, made: unknown): void {
  if (made === undefined) return;
  if (typeof made !== "object" || made === null || isKind(made, "problem") || isKind(made, "response")) {
    throw new TypeError("what `derive` is given makes members of the context, as an object; a problem is thrown");
  }
  for (const [name, value] of Object.entries(made)) {
    if (isOwn(name) || name in (Object.getPrototypeOf(context) as object)) {
      throw new TypeError(`the context has a member \`${name}\`; what \`derive\` makes needs another name`);
    }
    (context as unknown as Record<string, unknown>)[name] = value;
  }
}
