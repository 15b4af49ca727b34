import type { NativeSetupError } from "./engine.js";
import { share } from "./kind.js";

/** The parts of a {@link SetupError}. */
export interface SetupErrorParts {
  /** The route as `GET /users/{id}`, or whatever else the mistake belongs to. */
  readonly route: string;
  /** The field as a path such as `query.limit`. */
  readonly field: string;
  /** What is wrong, without a final full stop. */
  readonly problem: string;
  /** What to do, as an imperative without a final full stop. */
  readonly remedy: string;
}

/**
 * A mistake in a route, a schema or a setting, found before the first request.
 *
 * The message reads `route: field: problem; remedy`, the same in every language.
 */
export class SetupError extends Error {
  override readonly name = "SetupError";
  /** The route as `GET /users/{id}`, or whatever else the mistake belongs to. */
  readonly route: string;
  /** The field as a path such as `query.limit`. */
  readonly field: string;
  /** What is wrong. */
  readonly problem: string;
  /** What to do. */
  readonly remedy: string;

  constructor({ route, field, problem, remedy }: SetupErrorParts, options?: ErrorOptions) {
    super(`${route}: ${field}: ${problem}; ${remedy}`, options);
    this.route = route;
    this.field = field;
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The same error, said of `route`. */
  at(route: string): SetupError {
    return new SetupError({ ...this, route }, { cause: this.cause });
  }
}
share(SetupError, "SetupError");

/**
 * What `change` gives.
 *
 * @throws {SetupError} There is a mistake, which is said of `route`.
 */
export function at<T>(route: string, change: () => T): T {
  try {
    return change();
  } catch (error) {
    throw error instanceof SetupError ? error.at(route) : error;
  }
}

/**
 * What `change` gives.
 *
 * @throws {SetupError} The runtime has found a mistake, which it tells in parts.
 */
export function withParts<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SetupError || !("remedy" in error)) throw error;
    const parts = error as NativeSetupError;
    const isOfStage = parts.field.includes("stages.");
    throw new SetupError(isOfStage ? inProperties(parts) : parts, { cause: error });
  }
}

/** What the runtime says of options of stages, with their names in this language. */
function inProperties({ route, field, problem, remedy }: NativeSetupError): SetupErrorParts {
  const named = (text: string): string => text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { route, field: named(field), problem, remedy: named(remedy) };
}
