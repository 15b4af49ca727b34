import { type ChildProcess, spawn } from "node:child_process";

/** What a supervisor hears of one of its workers. */
interface WorkerEvents {
  /** It serves. */
  ready(serving: Serving): void;
  /** It has ended with a code, or by a signal. */
  ended(code: number, signal: string | undefined): void;
  /** It could not be started. */
  failed(reason: string): void;
}

/** What a worker says of its application when it serves. */
export interface Serving {
  /** So many milliseconds may requests take to finish. */
  readonly timeoutMs: number;
  /** Whether it has routes whose clients subscribe to channels. */
  readonly hasChannels: boolean;
  /** Whether there is something that one of the workers has to do again and again. */
  readonly hasPeriodic: boolean;
}

/** What tells a worker that it is the one to do what is done again and again. */
export const RUN_PERIODIC = "sabir:periodic";

/** A process that serves. */
export class Worker {
  readonly #child: ChildProcess;

  /**
   * @param command What starts it.
   * @param listener The descriptor of the socket to serve, which it finds as its descriptor 3.
   */
  constructor([program = "", ...parameters]: readonly string[], listener: number, events: WorkerEvents) {
    // A group of its own, so that Ctrl-C in a terminal reaches the supervisor only, which passes it on once.
    const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit", listener, "ipc"], detached: true });
    this.#child = child;
    child.once("message", (serving) => events.ready(serving as Serving));
    child.once("exit", (code, signal) => events.ended(code ?? 0, signal ?? undefined));
    child.once("error", (error) => events.failed(error.message));
  }

  /** The id of the process; absent when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Has it do what one of the workers does again and again. */
  runPeriodic(): void {
    // One that has ended meanwhile is told of soon.
    if (this.#child.connected) this.#child.send(RUN_PERIODIC, () => {});
  }

  /** Sends it a signal, unless it could not be started: Node would send that to this process and all others of its group. */
  kill(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) this.#child.kill(signal);
  }
}
