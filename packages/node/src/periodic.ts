import type { Background } from "./background.js";
import { isThenable } from "./promise.js";

/** What is done again and again. */
interface Entry {
  /** The milliseconds until it is due, when it has begun the last time at `last`. */
  readonly delay: (last: number) => number;
  readonly work: () => unknown;
  readonly what: string;
}

/** How long something waits until clocks are looked at again. */
const LONGEST_MS = 60_000;

/** Runs what an application does again and again, while it serves. Nothing runs twice at a time. */
export class Periodic {
  readonly #background: Background;
  /** Not private: an application may be of the other copy of the package. */
  readonly entries: Entry[] = [];
  readonly #timers = new Map<Entry, ReturnType<typeof setTimeout>>();
  #isRunning = false;

  constructor(background: Background) {
    this.#background = background;
  }

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Runs what an application does that is mounted into this one, too, which may be at several places. */
  adopt(other: Periodic): void {
    this.entries.push(...other.entries.filter((entry) => !this.entries.includes(entry)));
  }

  /** Whether there is something to do. */
  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (const entry of this.entries) this.#wait(entry, Date.now());
  }

  stop(): void {
    this.#isRunning = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(entry: Entry, last: number): void {
    if (!this.#isRunning) return;
    // Timers may be early, and clocks be set meanwhile.
    const due = (): void => (entry.delay(last) > 0 ? this.#wait(entry, last) : this.#run(entry));
    const timer = setTimeout(due, Math.min(Math.max(entry.delay(last), 0), LONGEST_MS));
    // The server keeps the process, and nothing else has to.
    timer.unref();
    this.#timers.set(entry, timer);
  }

  #run(entry: Entry): void {
    const begun = Date.now();
    const again = (): void => this.#wait(entry, begun);
    const work = (): unknown => {
      let result: unknown;
      try {
        result = entry.work();
      } catch (error) {
        again();
        throw error;
      }
      if (!isThenable(result)) {
        again();
        return undefined;
      }
      return Promise.resolve(result).finally(again);
    };
    this.#background.run(work, entry.what);
  }
}
