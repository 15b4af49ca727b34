import cluster from "node:cluster";
import { isMainThread } from "node:worker_threads";

import native from "#native";
import { Application, type AppOptions } from "./app.js";
import { files } from "./files.js";
import type { Settings } from "./settings.js";
import { SetupError } from "./setup-error.js";

/** Where an application listens. */
export interface ListenOptions {
  /** 8000 by default; 0 lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` by default. */
  readonly host?: string;
  /** The path of a Unix socket, instead of host and port. */
  readonly unix?: string;
  /** The descriptor of a socket that listens already, instead of an address. The application takes it over. */
  readonly fd?: number;
  /**
   * Whether other processes and threads of this user may listen on the same port, each of which then gets a part of the
   * connections (`SO_REUSEPORT`); all of them have to ask for it. `true` by default in the workers of `node:cluster` and
   * `node:worker_threads`.
   */
  readonly reusePort?: boolean;
  /**
   * Whether SIGINT and SIGTERM close the application, and in a worker of `node:cluster` its disconnection; `true` by
   * default. Threads beside the main one get no signals.
   */
  readonly signals?: boolean;
}

/** A server that listens. */
export interface Listening {
  /** `127.0.0.1:8000`, or the path of the Unix socket. */
  readonly address: string;
}

/** Longer than any wait that a timer can be given; the timer is there so that the process does not end. */
const FOREVER = 2 ** 31 - 1;

const BRAND: unique symbol = Symbol.for("sabir.Sabir") as never;

/** Whether `value` is an application, also one whose class comes from the other module system's copy of this package. */
export function isSabir(value: unknown): value is Sabir {
  return typeof value === "object" && value !== null && BRAND in value;
}

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
   * @throws {SetupError} The options do not go together.
   * @throws {Error} The address cannot be bound, or the application listens already.
   */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    const address = this.#bind(options);
    this.#stopped = undefined;
    this.#alive = setInterval(() => {}, FOREVER);
    if ((options.signals ?? true) && isMainThread) {
      for (const signal of SIGNALS) process.once(signal, this.#stop);
      cluster.worker?.once("disconnect", this.#stop);
    }
    return { address };
  }

  /** How long {@link close} lets running requests go on, in milliseconds. */
  get shutdownTimeoutMs(): number {
    return this.native.shutdownTimeoutMs();
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** Stops accepting, lets running requests finish for up to `shutdownTimeoutMs`, and resolves when the server has ended. */
  async close(): Promise<void> {
    const alive = this.#alive;
    this.#stopped ??= this.native.stop().finally(() => {
      clearInterval(alive);
      for (const signal of SIGNALS) process.off(signal, this.#stop);
      cluster.worker?.off("disconnect", this.#stop);
    });
    await this.#stopped;
  }

  #bind({ port, host, unix, fd, reusePort }: ListenOptions): string {
    const given = { port: port ?? host, unix, fd };
    const places = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const refuse = (field: string, problem: string, remedy: string) =>
      new SetupError({ route: "listen", field, problem, remedy });
    if (places.length > 1) throw refuse(places[1] ?? "", `there is ${places[0]} as well`, "give one place to listen");
    if (fd !== undefined) {
      if (!Number.isInteger(fd) || fd < 0) throw refuse("fd", `${fd} is no descriptor`, "give that of a socket that listens");
      return this.native.listenOn(fd);
    }
    if (unix !== undefined) {
      if (reusePort) throw refuse("reusePort", "a Unix socket has one listener", "use `sabir run --workers` for several");
      return this.native.listen("", 0, unix, false);
    }
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw refuse("port", `${port} is no port`, "give a whole number of 0 to 65535");
    }
    const isShared = reusePort ?? (cluster.isWorker || !isMainThread);
    if (isShared && port === 0) {
      const remedy = "give the port to share, or `reusePort: false` for one that is not";
      throw refuse("port", "the system would choose another port for each process or thread", remedy);
    }
    return this.native.listen(host ?? "127.0.0.1", port ?? 8000, undefined, isShared);
  }

  readonly #stop = (): void => {
    void this.close().then(() => {
      // The channel to the primary would keep the process.
      if (cluster.worker?.isConnected()) cluster.worker.disconnect();
    });
  };
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
