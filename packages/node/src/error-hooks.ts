import type { CallContext } from "./call.js";
import type { ErrorHook } from "./hooks.js";
import { isClass, isKind, KIND } from "./kind.js";
import type { ErrorEntry, Level } from "./level.js";
import type { Problem } from "./problem.js";

type AnyErrorHook = ErrorHook<CallContext, unknown>;

/**
 * The hooks of `onError` that fit, in the order in which they are asked: route, routers, application, and of each the most specific one
 * first.
 *
 * @param levels The application first.
 */
export function fitting(levels: readonly Level[], error: unknown): AnyErrorHook[] {
  return levels.toReversed().flatMap((level) => {
    const found = level.onError.map((entry) => ({ entry, distance: distanceOf(entry, error) }));
    const fits = found.filter(({ distance }) => distance !== undefined);
    // The sort is stable: of those that are as specific as each other, the first that was added.
    fits.sort((one, other) => (one.distance as number) - (other.distance as number));
    return fits.map(({ entry }) => entry.hook as AnyErrorHook);
  });
}

/** Whether a hook may be for a problem of the runtime. */
export function mayFitProblems({ match }: ErrorEntry): boolean {
  if (typeof match !== "function") return true;
  // A problem is an error, and nothing else that a program has a class for, unless it is one of the package.
  const { prototype } = match as { readonly prototype: unknown };
  return prototype === Error.prototype || prototype === Object.prototype || isProblemClass(prototype);
}

function isProblemClass(prototype: unknown): boolean {
  return typeof prototype === "object" && prototype !== null && KIND in prototype;
}

/** How far what a hook is for is from an error: 0 for its own class; nothing where it does not fit. */
function distanceOf({ match }: ErrorEntry, error: unknown): number | undefined {
  if (match === undefined) return Number.MAX_SAFE_INTEGER;
  if (typeof match === "number") {
    // As specific as the class of that status, and more than that of all problems.
    return isKind(error, "problem") && (error as Problem).status === match ? 0 : undefined;
  }
  if (!(error instanceof match)) return undefined;
  let distance = isClass(match, "Problem") ? 0.5 : 0;
  let prototype: unknown = Object.getPrototypeOf(error);
  while (prototype !== match.prototype && prototype !== null) {
    distance++;
    prototype = Object.getPrototypeOf(prototype);
  }
  return distance;
}
