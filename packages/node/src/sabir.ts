import native from "#native";
import { Application, type AppOptions } from "./app.js";
import { files } from "./files.js";
import type { Settings } from "./settings.js";

/** Where an application listens. */
export interface ListenOptions {
  /** 8000 by default; 0 lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` by default. */
  readonly host?: string;
  /** The path of a Unix socket, instead of host and port. */
  readonly unix?: string;
  /** Whether SIGINT and SIGTERM close the application; `true` by default. */
  readonly signals?: boolean;
}

/** A server that listens. */
export interface Listening {
  /** `127.0.0.1:8000`, or the path of the Unix socket. */
  readonly address: string;
}

/** Longer than any wait that a timer can be given; the timer is there so that the process does not end. */
const FOREVER = 2 ** 31 - 1;

/**
 * A web application on Node or Bun.
 *
 * @example
 * const app = new Sabir();
 * app.get("/hello/{name}", ({ params }) => `Hello, ${params.name}!`);
 * await app.listen({ port: 8000 });
 */
export class Sabir extends Application {
  #alive: ReturnType<typeof setInterval> | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws {SetupError} A setting does not exist or does not fit. */
  constructor(settings: Settings = {}, options: AppOptions = {}) {
    super(native, files, settings, options);
  }

  /**
   * Starts to serve. SIGTERM and SIGINT let running requests finish, then end the server, and with it the process when
   * nothing else keeps it.
   *
   * @throws {Error} The address cannot be bound, or the application listens already.
   */
  async listen({ port = 8000, host = "127.0.0.1", unix, signals = true }: ListenOptions = {}): Promise<Listening> {
    const address = this.native.listen(host, port, unix);
    this.#stopped = undefined;
    this.#alive = setInterval(() => {}, FOREVER);
    if (signals) for (const signal of SIGNALS) process.once(signal, this.#onSignal);
    return { address };
  }

  /** Stops accepting, lets running requests finish for up to `shutdownTimeoutMs`, and resolves when the server has ended. */
  async close(): Promise<void> {
    const alive = this.#alive;
    this.#stopped ??= this.native.stop().finally(() => {
      clearInterval(alive);
      for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    });
    await this.#stopped;
  }

  readonly #onSignal = (): void => void this.close();
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
