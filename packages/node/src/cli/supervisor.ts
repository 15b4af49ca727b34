import native from "#native";
import type { NativeSupervisor, SupervisorAction } from "../engine.js";
import { withParts } from "../setup-error.js";
import { Worker } from "./worker.js";

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
  #tick: NodeJS.Timeout | undefined;
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
    this.#decisions = withParts(() => new native.NativeSupervisor(count));
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
    for (const { name, worker, line } of actions) {
      if (name === "log") console.error(`sabir: ${line}`);
      else if (name === "serving") this.#serving();
      else if (name === "withdraw") this.#withdraw();
      else if (name === "exit") this.#stopped();
      else if (worker != null) this.#actOn(name, worker);
    }
    clearTimeout(this.#tick);
    const delay = this.#decisions.nextTick();
    if (delay != null) this.#tick = setTimeout(() => this.#perform(this.#decisions.tick()), Math.ceil(delay));
  }

  #actOn(name: "start" | "stop" | "kill", number: number): void {
    if (name === "start") this.#start(number);
    else this.#workers.get(number)?.kill(name === "stop" ? "SIGTERM" : "SIGKILL");
  }

  #start(number: number): void {
    // A process that failed tells nothing of its end, or tells it twice.
    const ended = (actions: () => SupervisorAction[]): void => {
      if (this.#workers.delete(number)) this.#perform(actions());
    };
    const worker = new Worker(this.#command, this.#listener, {
      ready: (timeoutMs) => this.#perform(this.#decisions.ready(number, timeoutMs)),
      ended: (code, signal) => ended(() => this.#decisions.ended(number, code, signal)),
      failed: (reason) => ended(() => this.#decisions.failed(number, reason)),
    });
    this.#workers.set(number, worker);
    if (worker.pid !== undefined) this.#perform(this.#decisions.started(number, worker.pid));
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
