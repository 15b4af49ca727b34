import {
  type ErrorHook,
  type Hook,
  HOOK_OPTIONS,
  type HookOptions,
  listOf,
  type Middleware,
  type ResponseHook,
} from "./hooks.js";
import { type Maker, type ProvideOptions, type ProviderEntry, providerEntry } from "./provide.js";
import { SetupError } from "./setup-error.js";
import { isStage } from "./stage.js";
import * as stages from "./stages.js";

/** A class of errors. */
export type ErrorClass<Thrown = unknown> = abstract new (...parameters: never) => Thrown;

/** A hook for errors, and which ones: those of a class, problems of a status, or all. */
export interface ErrorEntry {
  readonly match: ErrorClass | number | undefined;
  readonly hook: ErrorHook<never, never>;
}

type Name = (typeof HOOK_OPTIONS)[number];

/** Whether calling it makes a generator of either kind. */
function isGeneratorFunction(value: object): boolean {
  return String((value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]).endsWith("GeneratorFunction");
}

/** What is done around the handlers of one application, one router or one route, in the order in which it was added. */
export class Level {
  readonly use: Middleware<never>[] = [];
  readonly onRequest: Hook<never>[] = [];
  readonly preValidation: Hook<never>[] = [];
  readonly preHandler: Hook<never>[] = [];
  readonly onResponse: ResponseHook<never>[] = [];
  readonly onError: ErrorEntry[] = [];
  readonly providers = new Map<string, ProviderEntry>();
  readonly makers: Maker<never, object>[] = [];
  readonly #place: string;
  #isSealed = false;

  /** @param place What it belongs to, for errors. */
  constructor(place: string) {
    this.#place = place;
  }

  /** The level of a route with these options; nothing where they have no hooks. */
  static of(place: string, options: HookOptions<never>): Level | undefined {
    let level: Level | undefined;
    for (const name of HOOK_OPTIONS) {
      for (const hook of listOf<unknown>(options[name])) {
        // Those are the runtime's.
        if (isStage(hook)) continue;
        level ??= new Level(place);
        level.add(name, hook);
      }
    }
    return level;
  }

  /** @throws {SetupError} It is no function, or an application that has it serves already. */
  add(name: Name, hook: unknown, match?: ErrorEntry["match"]): void {
    this.check(name);
    if (typeof hook !== "function") {
      const remedy = name === "use" ? "give a function of the context and `next`" : "give a function of the context";
      throw this.refuse(name, "this is no function", remedy);
    }
    if (isGeneratorFunction(hook)) {
      // What it returns would be a stream, which answers every request.
      throw this.refuse(name, "this is a generator function, and a hook returns", "make it a provider, or middleware");
    }
    if (name === "use" && Object.values<unknown>(stages).includes(hook)) {
      throw this.refuse(name, "this is a function that makes a stage", `call it: \`${hook.name}()\``);
    }
    if (name === "onError") this.onError.push({ match, hook: hook as never });
    else this[name].push(hook as never);
  }

  /** @throws {SetupError} A part does not fit, the name is taken, or an application that has it serves already. */
  provide(name: string, make: unknown, options: ProvideOptions | undefined): void {
    this.check("provide");
    const entry = providerEntry(this.#place, name, make, options);
    if (this.providers.has(name)) throw this.refuse(`provide.${name}`, "there is one already", "choose another name");
    this.providers.set(name, entry);
  }

  /** @throws {SetupError} It is no function, or an application that has it serves already. */
  derive(maker: unknown): void {
    this.check("derive");
    if (typeof maker !== "function") throw this.refuse("derive", "this is no function", "give a function of the context");
    this.makers.push(maker as Maker<never, object>);
  }

  /** @throws {SetupError} An application that has it serves already, so that nothing can be added. */
  check(field: string): void {
    if (this.#isSealed) throw this.refuse(field, "the application has started", "add it before the first request");
  }

  refuse(field: string, problem: string, remedy: string): SetupError {
    return new SetupError({ route: this.#place, field, problem, remedy });
  }

  /** Whether handlers are called as if it was not there. */
  get isEmpty(): boolean {
    return this.makers.length === 0 && HOOK_OPTIONS.every((name) => this[name].length === 0);
  }

  /** From now on nothing can be added. */
  seal(): void {
    this.#isSealed = true;
  }
}
