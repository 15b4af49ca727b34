import { type ChildProcess, spawn } from "node:child_process";

import { SetupError } from "../setup-error.js";

/** Milliseconds before a worker is replaced; doubled each time its successor fails soon too. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** A worker that ended so soon after its start counts as a failure in a row. */
const SOON_MS = 10_000;

/** With so many failures in a row the cause is not a passing one, and the supervisor gives up. */
const MOST_FAILURES = 8;

/** How much longer than `shutdownTimeoutMs` a worker may take to stop before it is killed. */
const GRACE_MS = 5000;

/** One of the N workers: the process that fills it now, and how its predecessors fared. */
interface Place {
  child: ChildProcess | undefined;
  isReady: boolean;
  failures: number;
  started: number;
  restart: NodeJS.Timeout | undefined;
}

/** Keeps several processes that accept from one socket: starts them, replaces those that end, and stops all of them. */
export class Supervisor {
  readonly #command: readonly string[];
  readonly #listener: number;
  readonly #places: Place[];
  /** What the workers say that their requests may take to finish. */
  #patience = 0;
  #isServing = false;
  #isStopping = false;
  #failure: Error | undefined;
  #serving = (): void => {};
  #stopped = (): void => {};

  /**
   * @param command What starts a worker, which finds the socket as its descriptor 3.
   * @param listener The descriptor of the socket.
   */
  constructor(command: readonly string[], listener: number, count: number) {
    this.#command = command;
    this.#listener = listener;
    const empty = { child: undefined, isReady: false, failures: 0, started: 0, restart: undefined };
    this.#places = Array.from({ length: count }, () => ({ ...empty }));
  }

  /**
   * Runs until SIGINT or SIGTERM asks to stop. `serving` is called once, when every worker serves.
   *
   * @throws {SetupError} A worker ended before all of them served once.
   * @throws {Error} Workers keep dying.
   */
  async run(serving: () => void): Promise<void> {
    this.#serving = serving;
    const stopped = new Promise<void>((resolve) => (this.#stopped = resolve));
    const onSignal = (): void => (this.#isStopping ? this.#signal("SIGKILL") : this.#stop());
    for (const signal of SIGNALS) process.on(signal, onSignal);
    for (const place of this.#places) this.#start(place);
    await stopped;
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (this.#failure) throw this.#failure;
  }

  #start(place: Place): void {
    const [program = "", ...parameters] = this.#command;
    // A group of its own, so that Ctrl-C in a terminal reaches the supervisor only, which passes it on once.
    const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit", this.#listener, "ipc"], detached: true });
    Object.assign(place, { child, isReady: false, started: performance.now() });
    child.once("message", (patience) => this.#ready(place, Number(patience)));
    child.once("exit", (code, signal) => {
      this.#ended(place, child, signal === null ? `ended with code ${code}` : `was ended by ${signal}`);
    });
    child.once("error", (error) => this.#ended(place, child, `failed: ${error.message}`));
  }

  #ready(place: Place, patience: number): void {
    place.isReady = true;
    this.#patience = Math.max(this.#patience, patience);
    if (this.#isServing || !this.#places.every(({ isReady }) => isReady)) return;
    this.#isServing = true;
    this.#serving();
  }

  #ended(place: Place, child: ChildProcess, how: string): void {
    if (place.child !== child) return;
    place.child = undefined;
    if (this.#isStopping) this.#finish();
    else this.#replace(place, `worker ${child.pid ?? ""} ${how}`);
  }

  #replace(place: Place, what: string): void {
    if (!this.#isServing) {
      const problem = `${what} before all served`;
      this.#fail(new SetupError({ route: "run", field: "workers", problem, remedy: "see what it wrote" }));
      return;
    }
    place.failures = performance.now() - place.started < SOON_MS ? place.failures + 1 : 1;
    if (place.failures === MOST_FAILURES) {
      this.#fail(new Error(`${MOST_FAILURES} workers in a row ended soon, the last one so: ${what}`));
      return;
    }
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (place.failures - 1));
    place.restart = setTimeout(() => this.#start(place), delay);
    console.error(`sabir: ${what}, another one is started`);
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#stop();
  }

  /** Lets the workers finish their requests, and kills those that take too long. */
  #stop(): void {
    this.#isStopping = true;
    for (const { restart } of this.#places) clearTimeout(restart);
    this.#signal("SIGTERM");
    setTimeout(() => this.#signal("SIGKILL"), this.#patience + GRACE_MS).unref();
    this.#finish();
  }

  #signal(signal: NodeJS.Signals): void {
    for (const { child } of this.#places) child?.kill(signal);
  }

  #finish(): void {
    if (this.#places.every(({ child }) => child === undefined)) this.#stopped();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
