import type { Handler } from "./context.js";
import type { RouteOptions, SharedOptions } from "./operation.js";

/** A handler without types, as routes are kept. */
export type AnyHandler = (context: any) => unknown;

/** No options. */
type None = Record<never, never>;

/** Adds a route for one method; the options may be left out. */
export interface AddRoute<Result> {
  <const Path extends string>(path: Path, handler: Handler<Path, None>): Result;
  <const Path extends string, const Options extends RouteOptions>(
    path: Path,
    options: Options,
    handler: Handler<Path, Options>,
  ): Result;
}

/** Something that routes can be added to: an application or a group. */
export abstract class Routes {
  /** Adds a route as data; every other way ends here. */
  protected abstract add(method: string, path: string, options: RouteOptions, handler: AnyHandler): void;

  /** Answers GET, and HEAD where no route of its own does. */
  readonly get = this.#method("GET");
  /** Answers POST. */
  readonly post = this.#method("POST");
  /** Answers PUT. */
  readonly put = this.#method("PUT");
  /** Answers PATCH (RFC 5789). */
  readonly patch = this.#method("PATCH");
  /** Answers DELETE. */
  readonly delete = this.#method("DELETE");
  /** Answers HEAD. */
  readonly head = this.#method("HEAD");
  /** Answers OPTIONS instead of the runtime. */
  readonly options = this.#method("OPTIONS");
  /** Answers TRACE. */
  readonly trace = this.#method("TRACE");
  /** Answers QUERY, the safe method with content. */
  readonly query = this.#method("QUERY");

  /**
   * Answers one method or several, with any name that is a token (RFC 9110 §9.1).
   *
   * @throws {SetupError} The path or an option does not fit, or another route cannot be told from this one.
   */
  route<const Path extends string, const Options extends RouteOptions>(
    methods: string | readonly string[],
    path: Path,
    options: Options,
    handler: Handler<Path, Options>,
  ): this {
    const names = typeof methods === "string" ? [methods] : methods;
    if (names.length === 0) throw new TypeError(`${path}: there is no method; name those that the route answers`);
    for (const method of names) this.add(method, path, options, handler);
    return this;
  }

  /** Routes below `prefix` that share options. An option of a route replaces that of its group; tags are added. */
  group(prefix: string, options: SharedOptions = {}): Group {
    return new Group((method, path, own, handler) => {
      const tags = [...(options.tags ?? []), ...(own.tags ?? [])];
      this.add(method, joined(prefix, path), { ...options, ...own, ...(tags.length > 0 && { tags }) }, handler);
    });
  }

  #method(method: string): AddRoute<this> {
    return (path: string, first: RouteOptions | AnyHandler, second?: AnyHandler) => {
      if (typeof first === "function") this.add(method, path, {}, first);
      else if (second) this.add(method, path, first, second);
      else throw new TypeError(`${method} ${path}: there is no handler; give a function as the last argument`);
      return this;
    };
  }
}

/** Routes below a prefix. */
export class Group extends Routes {
  readonly #add: (method: string, path: string, options: RouteOptions, handler: AnyHandler) => void;

  /** @internal */
  constructor(add: (method: string, path: string, options: RouteOptions, handler: AnyHandler) => void) {
    super();
    this.#add = add;
  }

  protected override add(method: string, path: string, options: RouteOptions, handler: AnyHandler): void {
    this.#add(method, path, options, handler);
  }
}

/** `path` below `prefix`: the root of the group is the prefix itself. */
export function joined(prefix: string, path: string): string {
  if (path === "/" && prefix !== "") return prefix;
  return prefix.replace(/\/+$/, "") + path;
}
