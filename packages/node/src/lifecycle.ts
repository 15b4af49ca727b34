import type { Logger } from "./context.js";
import { write } from "./log.js";
import { SetupError } from "./setup-error.js";

/** Runs when an application starts or stops. It is waited for. */
export type LifecycleHook<App> = (app: App) => unknown;

/** How often a {@link LifecycleHook} runs. */
export interface LifecycleOptions {
  /**
   * `worker`, the default, is once in every process that serves. `server` is once for all workers of `sabir run`, in the process that
   * starts them: before the first and after the last of them. Where there are no workers the two are the same.
   */
  readonly per?: "worker" | "server";
}

type Moment = "onStart" | "onStop";

/** A hook with its place among all. */
interface Entry {
  readonly moment: Moment;
  readonly hook: LifecycleHook<never>;
  readonly per: "worker" | "server";
  /** The application that it is of. */
  readonly app: object;
}

/** Starts and stops one application: its hooks of `onStart` in the order in which they were added, those of `onStop` in reverse. */
export class Lifecycle {
  readonly #app: object;
  readonly #log: Logger;
  /** Not private: an application may be of the other copy of the package. */
  readonly entries: Entry[] = [];
  /** Kept from the start to the end of the stop. */
  #started: Promise<void> | undefined;
  #isRunning = false;
  #stopped: Promise<void> | undefined;
  /** Whether another process runs the hooks of the server. */
  isWorker = false;

  constructor(app: object, log: Logger) {
    this.#app = app;
    this.#log = log;
  }

  /** @throws {SetupError} It is no function, an option does not fit, or the application has started. */
  add(moment: Moment, hook: LifecycleHook<never>, options: LifecycleOptions = {}): void {
    const refuse = (field: string, problem: string, remedy: string): SetupError =>
      new SetupError({ route: "app", field: moment + field, problem, remedy });
    if (typeof hook !== "function") throw refuse("", "this is no function", "give a function, such as one that opens a pool");
    for (const name of Object.keys(options)) {
      if (name !== "per") throw refuse(`.${name}`, "there is no such option", "use one of per");
    }
    const { per = "worker" } = options;
    if (per !== "worker" && per !== "server") throw refuse(".per", `${String(per)} is no scope`, "use `worker` or `server`");
    if (this.#started) throw refuse("", "the application has started", "add it before the first request");
    this.entries.push({ moment, hook, per, app: this.#app });
  }

  /** Runs the hooks of an application that is mounted into this one, too, which may be at several places. */
  adopt(other: Lifecycle): void {
    if (other === this) return;
    this.entries.push(...other.entries.filter((entry) => !this.entries.includes(entry)));
  }

  /** Whether something is to be done once for all workers. */
  get hasServerHooks(): boolean {
    return this.entries.some(({ per }) => per === "server");
  }

  /**
   * Starts the application unless it has been. Nothing, not even a promise, where it has or where nothing is to be done.
   *
   * @throws {Error} A hook has failed; `cause` is what it threw.
   */
  start(): Promise<void> | undefined {
    if (this.#isRunning) return undefined;
    if (this.entries.length === 0 && this.#stopped === undefined) {
      this.#isRunning = true;
      this.#started = Promise.resolve();
      return undefined;
    }
    return (this.#started ??= this.#start());
  }

  async #start(): Promise<void> {
    // One that is about to stop does so first.
    await this.#stopped;
    if (!this.isWorker) await this.startServer();
    try {
      await this.#run("worker");
    } catch (error) {
      if (!this.isWorker) await this.stopServer();
      throw error;
    }
    this.#isRunning = true;
  }

  /** Stops the application if it has been started. What fails is logged, and keeps nothing else from stopping. */
  stop(): Promise<void> {
    if (!this.#started) return this.#stopped ?? Promise.resolve();
    const started = this.#started;
    this.#isRunning = false;
    this.#started = undefined;
    this.#stopped = this.#stop(started).finally(() => (this.#stopped = undefined));
    return this.#stopped;
  }

  async #stop(started: Promise<void>): Promise<void> {
    try {
      await started;
    } catch {
      // It has stopped what it had started.
      return;
    }
    await this.#leave("worker", this.entries.length);
    if (!this.isWorker) await this.stopServer();
  }

  /** Does what is done once for all workers, before the first of them. */
  async startServer(): Promise<void> {
    await this.#run("server");
  }

  /** Does what is done once for all workers, after the last of them. */
  async stopServer(): Promise<void> {
    await this.#leave("server", this.entries.length);
  }

  async #run(scope: Entry["per"]): Promise<void> {
    for (const [place, { moment, hook, per, app }] of this.entries.entries()) {
      if (moment !== "onStart" || per !== scope) continue;
      try {
        await hook(app as never);
      } catch (error) {
        // What was started before it is stopped.
        await this.#leave(scope, place);
        throw new Error(`${described("onStart", hook)} failed: ${reasonOf(error)}`, { cause: error });
      }
    }
  }

  /** Runs the hooks of `onStop` that were added before the one at `place`, the last one first. */
  async #leave(scope: Entry["per"], place: number): Promise<void> {
    for (const { moment, hook, per, app } of this.entries.slice(0, place).reverse()) {
      if (moment !== "onStop" || per !== scope) continue;
      try {
        await hook(app as never);
      } catch (error) {
        write(this.#log, "error", `${described("onStop", hook)} failed`, error);
      }
    }
  }
}

function described(moment: Moment, { name }: { readonly name: string }): string {
  return name === "" ? moment : `${moment} \`${name}\``;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
