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

  /** The error that the runtime reports as `message`. */
  static parse(message: string, options?: ErrorOptions): SetupError {
    const parts = /^(?<route>[^:]*(?::[^ :][^:]*)*): (?<field>[^ ]+): (?<problem>.*); (?<remedy>[^;]*)$/s.exec(message)?.groups;
    const { route = "", field = "", problem = message, remedy = "" } = parts ?? {};
    const error = new SetupError({ route, field, problem, remedy }, options);
    error.message = message;
    return error;
  }

  /** The same error, said of `route`. */
  at(route: string): SetupError {
    return new SetupError({ ...this, route }, { cause: this.cause });
  }
}
share(SetupError, "SetupError");
