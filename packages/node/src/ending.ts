import { AsyncResource } from "node:async_hooks";

import type { Background } from "./background.js";

/** Ends something that was made for a request; `error` is what the handler has thrown, where it `hasFailed`. */
export type Cleanup = (error: unknown, hasFailed: boolean) => unknown;

/** What is done when the answer to one request has been handed over. */
export class Ending {
  readonly #background: Background;
  /** Says in the log which request it was. */
  what = "a request";
  readonly #cleanups: Cleanup[] = [];
  readonly #making = new Set<PromiseLike<unknown>>();
  readonly #after: (() => unknown)[] = [];
  readonly #lasts: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isOver = false;

  constructor(background: Background) {
    this.#background = background;
  }

  /** Runs `work` then, behind all that is cleaned up; at once where that time has passed. */
  after(work: () => unknown): void {
    if (this.#isOver) this.#background.run(work, `work behind ${this.what}`);
    // In the asynchronous context of who has asked for it.
    else this.#after.push(AsyncResource.bind(work));
  }

  /** Runs `cleanup` then; what was added last comes first. */
  clean(cleanup: Cleanup): void {
    this.#cleanups.push(AsyncResource.bind(cleanup));
  }

  /** Calls `last` then, when all has been cleaned up. */
  last(last: () => void): void {
    this.#lasts.push(last);
  }

  /** What is being made may have to be cleaned up; that is waited for. */
  making(made: PromiseLike<unknown>): void {
    this.#making.add(made);
    const over = (): void => void this.#making.delete(made);
    made.then(over, over);
  }

  /** The handler has failed. The first failure counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** The answer has been handed over. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const goOn = (): void => {
      for (const last of this.#lasts.splice(0)) last();
      for (const work of this.#after.splice(0)) this.#background.run(work, `work behind ${this.what}`);
    };
    if (this.#cleanups.length === 0 && this.#making.size === 0) goOn();
    else this.#background.run(() => this.#cleanUp().then(goOn), this.what);
  }

  async #cleanUp(): Promise<void> {
    while (this.#making.size > 0) await Promise.allSettled(this.#making);
    for (let cleanup = this.#cleanups.pop(); cleanup; cleanup = this.#cleanups.pop()) {
      const each = cleanup;
      await new Promise<void>((resolve) => {
        const work = async (): Promise<void> => {
          try {
            await each(this.#failure?.error, this.#failure !== undefined);
          } catch (error) {
            // A generator that lets the handler's own error through has cleaned up.
            if (!this.#failure || error !== this.#failure.error) throw error;
          } finally {
            resolve();
          }
        };
        this.#background.run(work, `what a provider cleans up behind ${this.what}`);
      });
    }
  }
}
