import type { Logger } from "./context.js";
import { write } from "./log.js";
import { isThenable } from "./promise.js";

/** What runs for an application behind its answers. */
export class Background {
  readonly #log: Logger;
  #count = 0;
  #idle: (() => void)[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** How much of it has not ended. */
  get count(): number {
    return this.#count;
  }

  /**
   * Runs `work`. What it fails with is logged.
   *
   * @param what Says in the log what has failed.
   */
  run(work: () => unknown, what: string): void {
    this.#count++;
    const failed = (error: unknown): void => {
      write(this.#log, "error", `${what} failed`, error);
      this.#ended();
    };
    try {
      const result = work();
      if (isThenable(result)) Promise.resolve(result).then(() => this.#ended(), failed);
      else this.#ended();
    } catch (error) {
      failed(error);
    }
  }

  #ended(): void {
    this.#count--;
    if (this.#count > 0) return;
    for (const resume of this.#idle.splice(0)) resume();
  }

  /** Waits until nothing runs, for so many milliseconds at most. Whether that is so. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#count === 0) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const idle = new Promise<boolean>((resolve) => this.#idle.push(() => resolve(true)));
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    try {
      return await Promise.race([idle, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
