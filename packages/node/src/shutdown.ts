import native from "#native";
import type { Logger } from "./context.js";
import { isHot } from "./hot.js";

/** The signals that ask a process to end. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** How long after `shutdownTimeoutMs` the process ends at the latest; the server, which is cut off then, ends first. */
const LAST_MS = 100;

/** What a shutdown stops. */
interface Stoppable {
  readonly shutdownTimeoutMs: number;
  close(): Promise<void>;
}

/** What connects the process to the one that gives it its work. */
export interface Channel {
  once(event: "disconnect", listener: () => void): unknown;
  off(event: "disconnect", listener: () => void): unknown;
  disconnect(): void;
}

/** How a process ends. */
interface ShutdownOptions {
  /** How long what else runs may go on after the end of the server, if that is shorter. */
  readonly graceMs?: number;
  /** Where the process hears that the one which gives it its work is gone, which ends it too. */
  readonly channel?: Channel | undefined;
}

/** When the process ends, whatever still runs; the last of what the applications of the process ask for. */
let end = 0;

/**
 * Lets a signal close an application and then end the process: by itself when nothing keeps it, at once at a second signal,
 * and in any case when `shutdownTimeoutMs` is over. The runtime sees to the last two while a handler keeps the loop busy.
 */
export class Shutdown {
  readonly #app: Stoppable;
  readonly #log: Pick<Logger, "warn">;
  readonly #graceMs: number;
  readonly #channel: Channel | undefined;
  #isInstalled = false;

  constructor(app: Stoppable, log: Pick<Logger, "warn">, { graceMs = Number.POSITIVE_INFINITY, channel }: ShutdownOptions = {}) {
    this.#app = app;
    this.#log = log;
    this.#graceMs = graceMs;
    this.#channel = channel;
  }

  /** Waits for signals, and for the end of the process that gives this one its work. */
  install(): void {
    for (const signal of SIGNALS) process.once(signal, this.#begin);
    // Behind the engine's own handling, which it stands before.
    native.watchSignals(this.#app.shutdownTimeoutMs);
    this.#channel?.once("disconnect", this.#begin);
    this.#isInstalled = true;
  }

  /** Takes back what {@link install} did. */
  remove(): void {
    if (!this.#isInstalled) return;
    this.#isInstalled = false;
    native.unwatchSignals();
    for (const signal of SIGNALS) process.off(signal, this.#begin);
    this.#channel?.off("disconnect", this.#begin);
  }

  readonly #begin = (): void => {
    native.beginShutdown();
    this.remove();
    const { shutdownTimeoutMs } = this.#app;
    const last = performance.now() + shutdownTimeoutMs + LAST_MS;
    end = Math.max(end, last);
    this.#endAt(last);
    void this.#app.close().then(() => {
      // The channel would keep the process.
      if (process.connected) this.#channel?.disconnect();
      // Bun, which waits for changes of the source, would keep it too.
      if (isHot) process.exit(0);
      if (this.#graceMs < shutdownTimeoutMs) this.#endAt(performance.now() + this.#graceMs);
    });
  };

  /** Ends the process then, unlike a timer that the application has left, which keeps it. */
  #endAt(time: number): void {
    const stop = (): void => {
      // Another application has longer.
      if (this.#graceMs === Number.POSITIVE_INFINITY && performance.now() < end - 1) return;
      try {
        this.#log.warn("sabir: something still runs after the shutdown; the process ends without it");
      } finally {
        process.exit(0);
      }
    };
    setTimeout(stop, Math.min(time - performance.now(), 2 ** 31 - 1)).unref();
  }
}
