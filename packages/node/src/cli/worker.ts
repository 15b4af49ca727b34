import { type ChildProcess, spawn } from "node:child_process";

/** What a supervisor hears of one of its workers. */
interface WorkerEvents {
  /** It serves; its requests may take so many milliseconds to finish. */
  ready(timeoutMs: number): void;
  /** It has ended, in the way that `how` tells. */
  ended(how: string): void;
}

/** A process that serves. */
export class Worker {
  readonly started = performance.now();
  isReady = false;
  readonly #child: ChildProcess;

  /**
   * @param command What starts it.
   * @param listener The descriptor of the socket to serve, which it finds as its descriptor 3.
   */
  constructor([program = "", ...parameters]: readonly string[], listener: number, events: WorkerEvents) {
    // A group of its own, so that Ctrl-C in a terminal reaches the supervisor only, which passes it on once.
    const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit", listener, "ipc"], detached: true });
    this.#child = child;
    child.once("message", (timeout) => {
      this.isReady = true;
      events.ready(Number(timeout));
    });
    let hasEnded = false;
    const end = (how: string): void => {
      if (!hasEnded) events.ended(`worker ${child.pid ?? ""} ${how}`);
      hasEnded = true;
    };
    child.once("exit", (code, signal) => end(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));
    child.once("error", (error) => end(`failed: ${error.message}`));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
