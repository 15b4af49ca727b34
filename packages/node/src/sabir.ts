import cluster from "node:cluster";
import { isMainThread } from "node:worker_threads";

import native from "#native";
import { Application, type AppOptions } from "./app.js";
import { asyncDispose } from "./dispose.js";
import type { NativeRefusal } from "./engine.js";
import { files } from "./files.js";
import { forget, isHot, predecessor, remember, replacePredecessors } from "./hot.js";
import { share } from "./kind.js";
import type { HookContext } from "./hooks.js";
import { listenError } from "./listen-error.js";
import type { AppContext, ConnectionContext, Maker, Provided, ProvideOptions, Provider, WithMember } from "./provide.js";
import type { Settings } from "./settings.js";
import { SetupError } from "./setup-error.js";
import { Shutdown } from "./shutdown.js";

/** Where an application listens. */
export interface ListenOptions {
  /** 8000 by default; 0 lets the system choose. */
  readonly port?: number | undefined;
  /** `127.0.0.1` by default. */
  readonly host?: string;
  /** The path of a Unix socket, instead of host and port. */
  readonly unix?: string;
  /** The descriptor of a socket that listens already, instead of an address. The application takes it over. */
  readonly fd?: number;
  /**
   * Whether other processes and threads of this user may listen on the same port, each of which then gets a part of the
   * connections (`SO_REUSEPORT`); all of them have to ask for it. `true` by default in the workers of `node:cluster` and
   * `node:worker_threads`, unless the system chooses the port.
   */
  readonly reusePort?: boolean;
  /**
   * Whether SIGINT and SIGTERM close the application, and in a worker of `node:cluster` its disconnection; `true` by
   * default. The process ends when nothing keeps it any more, at the latest when `shutdownTimeoutMs` is over, and at once
   * at a second signal. Threads beside the main one get no signals.
   */
  readonly signals?: boolean;
}

/** A server that listens; `await using server = await app.listen()` closes it at the end of the block. */
export interface Listening extends AsyncDisposable {
  /** `127.0.0.1:8000`, or the path of the Unix socket. */
  readonly address: string;
  /** The port, also one that the system chose; `undefined` for a Unix socket. */
  readonly port: number | undefined;
  /** `http://127.0.0.1:8000`, or `unix:` and the path of the Unix socket. */
  readonly url: string;
}

const TCP_ADDRESS = /^(?:[\d.]+|\[.+\]):(\d+)$/;

/** As long as a timer can be set for. The timer is there so that neither the process nor the application ends. */
const FOREVER = 2 ** 31 - 1;

/**
 * A web application on Node or Bun.
 *
 * @example
 * const app = new Sabir();
 * app.get("/hello/{name}", ({ params }) => `Hello, ${params.name}!`);
 * await app.listen({ port: 8000 });
 */
export class Sabir<Members = unknown> extends Application<Members> {
  #alive: ReturnType<typeof setInterval> | undefined;
  #closing: Promise<void> | undefined;
  #shutdown: Shutdown | undefined;

  /** @throws {SetupError} A setting does not exist or does not fit. */
  constructor(settings: Settings = {}, options: AppOptions = {}) {
    super(native, files, settings, options);
  }

  /**
   * Starts to serve. SIGTERM and SIGINT let running requests finish, then end the server, and with it the process when
   * nothing else keeps it; see {@link ListenOptions.signals}.
   *
   * When `bun --hot` has evaluated the program again, the server takes the place of the one from before.
   *
   * @throws {SetupError} The options do not go together.
   * @throws {Error} The address cannot be bound: `code` says why, as in errors of `node:net`. Or the application listens
   * already, or a hook of {@link onStart} has failed.
   */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    // One that is being closed listens again after that.
    if (this.#closing) await this.#closing;
    const starting = this.lifecycle.start();
    if (!starting) return await this.#serve(options);
    await starting;
    if (this.#closing) throw new Error("the application was closed while it started");
    try {
      return await this.#serve(options);
    } catch (error) {
      if (this.#alive === undefined) await this.lifecycle.stop();
      throw error;
    }
  }

  async #serve(options: ListenOptions): Promise<Listening> {
    this.seal();
    const place = `${options.unix ?? options.fd ?? options.host} ${options.port}`;
    // Only TCP addresses can be shared for a moment.
    if (isHot && options.unix !== undefined) await replacePredecessors();
    const address = this.#bind(options, isHot ? predecessor(place) : undefined);
    if (isHot) {
      void replacePredecessors();
      remember(place, this, address);
    }
    this.#alive = setInterval(() => this, FOREVER);
    if ((options.signals ?? true) && isMainThread) {
      this.#shutdown = new Shutdown(this, this.log, { channel: cluster.worker });
      this.#shutdown.install();
    }
    // Of several workers one is told to.
    if (!this.lifecycle.isWorker) this.periodic.start();
    return { ...described(address), [asyncDispose]: () => this.close() };
  }

  override provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<AppContext<Members>, Made>,
    options: ProvideOptions<Provided<NoInfer<Made>>> & { readonly scope: "app" },
  ): Sabir<WithMember<Members, Name, Made>>;
  override provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<ConnectionContext<Members>, Made>,
    options: ProvideOptions<Provided<NoInfer<Made>>> & { readonly scope: "connection" },
  ): Sabir<WithMember<Members, Name, Made>>;
  override provide<const Name extends string, Made>(
    name: Name,
    provider: Provider<HookContext<Members>, Made>,
    options?: ProvideOptions<Provided<NoInfer<Made>>>,
  ): Sabir<WithMember<Members, Name, Made>>;
  override provide(name: string, provider: Provider<never, unknown>, options?: ProvideOptions): Sabir<never> {
    this.level.provide(name, provider, options);
    return this as never;
  }

  override derive<Made extends object>(maker: Maker<Members, Made>): Sabir<Members & Readonly<Made>> {
    this.level.derive(maker);
    return this as never;
  }

  /** How long {@link close} lets running requests go on, in milliseconds. */
  get shutdownTimeoutMs(): number {
    return this.native.shutdownTimeoutMs();
  }

  /**
   * Stops accepting, lets running requests finish for up to `shutdownTimeoutMs`, runs the hooks of {@link onStop}, and resolves when
   * all of that has ended.
   */
  async close(): Promise<void> {
    this.endStreams();
    this.#closing ??= this.#close().finally(() => (this.#closing = undefined));
    await this.#closing;
  }

  async #close(): Promise<void> {
    try {
      this.periodic.stop();
      const last = performance.now() + this.shutdownTimeoutMs;
      await this.native.stop();
      await this.endBackground(Math.max(0, last - performance.now()));
      await this.lifecycle.stop();
    } finally {
      clearInterval(this.#alive);
      this.#alive = undefined;
      this.#shutdown?.remove();
      this.#shutdown = undefined;
      forget(this);
      this.flushLog();
    }
  }

  /** Closes the application at the end of a block that has it by `await using`. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  #bind({ port, host, unix, fd, reusePort }: ListenOptions, last: string | undefined): string {
    const given = { port: port ?? host, unix, fd };
    const places = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const refuse = (field: string, problem: string, remedy: string) =>
      new SetupError({ route: "listen", field, problem, remedy });
    if (places.length > 1) throw refuse(places[1] ?? "", `there is ${places[0]} as well`, "give one place to listen");
    if (fd !== undefined) {
      if (!Number.isInteger(fd) || fd < 0) throw refuse("fd", `${fd} is no descriptor`, "give that of a socket that listens");
      return bound(this.native.listenOn(fd), `descriptor ${fd}`, undefined);
    }
    if (unix !== undefined) {
      if (reusePort) throw refuse("reusePort", "a Unix socket has one listener", "use `sabir run --workers` for several");
      return bound(this.native.listen("", 0, unix, false), unix, undefined);
    }
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw refuse("port", `${port} is no port`, "give a whole number of 0 to 65535");
    }
    if (reusePort && port === 0) {
      const remedy = "give the port to share, or `reusePort: false` for one that is not";
      throw refuse("port", "the system would choose another port for each process or thread", remedy);
    }
    const isShared = reusePort ?? (isHot || (port !== 0 && (cluster.isWorker || !isMainThread)));
    const [name, number] = [host ?? "127.0.0.1", port ?? 8000];
    const chosen = number === 0 && last !== undefined ? Number(last.slice(last.lastIndexOf(":") + 1)) : number;
    return bound(this.native.listen(name, chosen, undefined, isShared), name, number);
  }
}

share(Sabir, "Sabir");

/** What is known of a bound address. */
function described(address: string): Omit<Listening, typeof asyncDispose> {
  const port = TCP_ADDRESS.exec(address)?.[1];
  if (port === undefined) return { address, port, url: `unix:${address}` };
  return { address, port: Number(port), url: `http://${address}` };
}

/** The address that was bound, or an error. */
function bound(outcome: string | NativeRefusal, address: string, port: number | undefined): string {
  if (typeof outcome === "string") return outcome;
  throw listenError(outcome, address, port);
}
