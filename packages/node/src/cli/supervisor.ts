import type { NativeSupervisor, SupervisorAction } from "../engine.js";
import { withParts } from "../setup-error.js";
import { type Serving, Worker } from "./worker.js";

/**
 * Keeps several processes that accept from one socket: starts them, replaces those that end, all of them one by one at SIGHUP,
 * and stops them. The runtime decides when, this does it.
 */
export class Supervisor {
  readonly #command: readonly string[];
  readonly #listener: number;
  readonly #withdraw: () => void;
  readonly #decisions: NativeSupervisor;
  /** All that run, by their numbers. */
  readonly #workers = new Map<number, Worker>();
  /** What is to be done, in the order in which it was decided. */
  readonly #todo: SupervisorAction[] = [];
  /** Those that may do what is done again and again; the first of them does. */
  readonly #periodic: number[] = [];
  #isBusy = false;
  #isWarned = false;
  #tick: NodeJS.Timeout | undefined;
  #serving = (): void => {};
  #stopped = (): void => {};

  /**
   * @param command What starts a worker, which finds the socket as its descriptor 3.
   * @param listener The descriptor of the socket.
   * @param withdraw Closes it and takes the address back, before the workers stop.
   * @param decisions Says what is to be done, and when.
   */
  constructor(command: readonly string[], listener: number, withdraw: () => void, decisions: NativeSupervisor) {
    this.#command = command;
    this.#listener = listener;
    this.#withdraw = withdraw;
    this.#decisions = decisions;
  }

  /**
   * Runs until SIGINT or SIGTERM asks to stop. `serving` is called once, when every worker serves.
   *
   * @throws {SetupError} A worker ended before all of them served once.
   */
  async run(serving: () => void): Promise<void> {
    this.#serving = serving;
    const stopped = new Promise<void>((resolve) => (this.#stopped = resolve));
    const onStop = (): void => this.#perform(this.#decisions.stop());
    const onRenewal = (): void => this.#perform(this.#decisions.renew());
    for (const signal of SIGNALS) process.on(signal, onStop);
    process.on("SIGHUP", onRenewal);
    this.#perform(this.#decisions.begin());
    await stopped;
    clearTimeout(this.#tick);
    for (const signal of SIGNALS) process.off(signal, onStop);
    process.off("SIGHUP", onRenewal);
    withParts(() => this.#decisions.check());
  }

  #perform(actions: readonly SupervisorAction[]): void {
    this.#todo.push(...actions);
    // What comes of an action, such as of a start that fails, is done after those that were decided before it.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let action = this.#todo.shift(); action; action = this.#todo.shift()) this.#act(action);
    } finally {
      this.#isBusy = false;
    }
    clearTimeout(this.#tick);
    const delay = this.#decisions.untilTick();
    if (delay != null) this.#tick = setTimeout(() => this.#perform(this.#decisions.tick()), Math.ceil(delay));
  }

  #act({ name, worker, line }: SupervisorAction): void {
    if (name === "log") console.error(`sabir: ${line}`);
    else if (name === "serving") this.#serving();
    else if (name === "withdraw") this.#withdraw();
    else if (name === "exit") this.#stopped();
    else if (worker != null) this.#actOn(name, worker);
  }

  #actOn(name: "start" | "stop" | "kill", number: number): void {
    if (name === "start") {
      this.#start(number);
      return;
    }
    this.#leave(number);
    this.#workers.get(number)?.kill(name === "stop" ? "SIGTERM" : "SIGKILL");
  }

  /** A worker may do what is done again and again. */
  #join(number: number): void {
    if (this.#periodic.push(number) === 1) this.#workers.get(number)?.runPeriodic();
  }

  /** A worker does nothing again and again any more, so that another one has to. */
  #leave(number: number): void {
    const place = this.#periodic.indexOf(number);
    if (place < 0) return;
    this.#periodic.splice(place, 1);
    const [next] = this.#periodic;
    if (place === 0 && next !== undefined) this.#workers.get(next)?.runPeriodic();
  }

  /** Tells once that there are as many hubs as workers. */
  #warnOfChannels(): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    console.error(
      "sabir: each worker has channels of its own: what is published in one does not reach the subscribers of the others",
    );
  }

  #start(number: number): void {
    // A process that failed tells nothing of its end, or tells it twice.
    const ended = (actions: () => SupervisorAction[]): void => {
      this.#leave(number);
      if (this.#workers.delete(number)) this.#perform(actions());
    };
    const events = {
      ready: ({ timeoutMs, hasChannels, hasPeriodic }: Serving) => {
        if (hasChannels) this.#warnOfChannels();
        if (hasPeriodic) this.#join(number);
        this.#perform(this.#decisions.ready(number, timeoutMs));
      },
      ended: (code: number, signal: string | undefined) => ended(() => this.#decisions.ended(number, code, signal)),
      failed: (reason: string) => ended(() => this.#decisions.failed(number, reason)),
    };
    try {
      const worker = new Worker(this.#command, this.#listener, events);
      this.#workers.set(number, worker);
      if (worker.pid !== undefined) this.#perform(this.#decisions.started(number, worker.pid));
    } catch (error) {
      // Some failures of `spawn` are events, as above, and others are thrown.
      this.#perform(this.#decisions.failed(number, (error as Error).message));
    }
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
