import { SetupError } from "../setup-error.js";
import { Worker } from "./worker.js";

/** Milliseconds before a worker is replaced; doubled each time its successor fails soon too. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** A worker that ended so soon after its start counts as a failure in a row. */
const SOON_MS = 10_000;

/** How much longer than `shutdownTimeoutMs` a worker may take to stop before it is killed. */
const GRACE_MS = 5000;

/** One of the N workers: the process that fills it now, and how its predecessors fared. */
interface Place {
  worker: Worker | undefined;
  failures: number;
  restart: NodeJS.Timeout | undefined;
}

/**
 * Keeps several processes that accept from one socket: starts them, replaces those that end, all of them one by one at SIGHUP,
 * and stops them.
 */
export class Supervisor {
  readonly #command: readonly string[];
  readonly #listener: number;
  readonly #withdraw: () => void;
  readonly #places: Place[];
  /** All that run, also those that have been asked to stop. */
  readonly #workers = new Set<Worker>();
  /** What the workers say that their requests may take to finish. */
  #timeout = 0;
  #isServing = false;
  #isStopping = false;
  /** The places whose workers are still to be replaced. */
  #outdated: Place[] = [];
  #failure: Error | undefined;
  #serving = (): void => {};
  #stopped = (): void => {};

  /**
   * @param command What starts a worker, which finds the socket as its descriptor 3.
   * @param listener The descriptor of the socket.
   * @param withdraw Closes it and takes the address back, before the workers stop.
   */
  constructor(command: readonly string[], listener: number, count: number, withdraw: () => void) {
    this.#command = command;
    this.#listener = listener;
    this.#withdraw = withdraw;
    this.#places = Array.from({ length: count }, () => ({ worker: undefined, failures: 0, restart: undefined }));
  }

  /**
   * Runs until SIGINT or SIGTERM asks to stop. `serving` is called once, when every worker serves.
   *
   * @throws {SetupError} A worker ended before all of them served once.
   */
  async run(serving: () => void): Promise<void> {
    this.#serving = serving;
    const stopped = new Promise<void>((resolve) => (this.#stopped = resolve));
    const onSignal = (): void => (this.#isStopping ? this.#signal("SIGKILL") : this.#stop());
    for (const signal of SIGNALS) process.on(signal, onSignal);
    process.on("SIGHUP", this.#renew);
    for (const place of this.#places) this.#fill(place);
    await stopped;
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off("SIGHUP", this.#renew);
    if (this.#failure) throw this.#failure;
  }

  #fill(place: Place): void {
    const worker = this.#start({
      ready: () => this.#ready(),
      ended: (how) => {
        if (place.worker !== worker) return;
        place.worker = undefined;
        if (!this.#isStopping) this.#replace(place, worker, how);
      },
    });
    place.worker = worker;
  }

  /** Starts a worker, which belongs to no place yet. */
  #start({ ready, ended }: { ready(): void; ended(how: string): void }): Worker {
    const worker = new Worker(this.#command, this.#listener, {
      ready: (timeout) => {
        this.#timeout = Math.max(this.#timeout, timeout);
        ready();
      },
      ended: (how) => {
        this.#workers.delete(worker);
        ended(how);
        if (this.#isStopping) this.#finish();
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  #ready(): void {
    if (this.#isServing || !this.#places.every(({ worker }) => worker?.isReady)) return;
    this.#isServing = true;
    this.#serving();
  }

  /** Fills a place again whose worker has ended, soon or, when they end again and again, later. */
  #replace(place: Place, { started }: Worker, how: string): void {
    if (!this.#isServing) {
      const problem = `${how} before all served`;
      this.#failure = new SetupError({ route: "run", field: "workers", problem, remedy: "see what it wrote" });
      this.#stop();
      return;
    }
    place.failures = performance.now() - started < SOON_MS ? place.failures + 1 : 1;
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (place.failures - 1));
    place.restart = setTimeout(() => this.#fill(place), delay);
    console.error(`sabir: ${how}, another one is started`);
  }

  /** Replaces all workers, one after the other. */
  readonly #renew = (): void => {
    if (!this.#isServing || this.#isStopping) return;
    const isUnderWay = this.#outdated.length > 0;
    // The one that is being replaced now may have read what has changed since.
    this.#outdated = [...this.#outdated.slice(0, 1), ...this.#places];
    console.error("sabir: the workers are replaced");
    if (!isUnderWay) this.#renewNext();
  };

  /** Replaces the first outdated worker: it is asked to stop when its successor serves. */
  #renewNext(): void {
    const [place] = this.#outdated;
    if (!place || this.#isStopping) return;
    const successor = this.#start({
      ready: () => {
        const { worker } = place;
        clearTimeout(place.restart);
        Object.assign(place, { worker: successor, failures: 0, restart: undefined });
        if (worker) this.#retire(worker);
        this.#outdated.shift();
        this.#renewNext();
      },
      ended: (how) => {
        if (place.worker === successor) {
          place.worker = undefined;
          if (!this.#isStopping) this.#replace(place, successor, how);
        } else if (!successor.isReady && !this.#isStopping) {
          this.#outdated = [];
          console.error(`sabir: ${how} before it served, the workers from before go on`);
        }
      },
    });
  }

  /** Lets a worker finish its requests that serves no place any more. */
  #retire(worker: Worker): void {
    worker.kill("SIGTERM");
    setTimeout(() => worker.kill("SIGKILL"), this.#timeout + GRACE_MS).unref();
  }

  /** Lets the workers finish their requests, and kills those that take too long. */
  #stop(): void {
    this.#isStopping = true;
    for (const { restart } of this.#places) clearTimeout(restart);
    // While one copy of the socket is open, new connections would wait for workers that accept none.
    this.#withdraw();
    this.#signal("SIGTERM");
    setTimeout(() => this.#signal("SIGKILL"), this.#timeout + GRACE_MS).unref();
    this.#finish();
  }

  #signal(signal: NodeJS.Signals): void {
    for (const worker of this.#workers) worker.kill(signal);
  }

  #finish(): void {
    if (this.#workers.size === 0) this.#stopped();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
