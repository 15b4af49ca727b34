/** The connection between a browser and a server, which can be cut. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export class Wire implements AsyncDisposable {
  readonly origin: string;
  readonly #ends = new Set<Socket>();
  readonly #close: () => void;
  #isCut = false;

  private constructor(server: ReturnType<typeof createServer>, target: URL) {
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#close = () => server.close();
    server.on("connection", (near) => {
      this.#add(near);
      if (this.#isCut) return void near.destroy();
      const far = connect(Number(target.port), target.hostname);
      this.#add(far);
      near.pipe(far).pipe(near);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
    });
  }

  /** A wire to the server at `origin`. */
  static async to(origin: string): Promise<Wire> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Wire(server, new URL(origin));
  }

  #add(end: Socket): void {
    this.#ends.add(end);
    end.on("close", () => this.#ends.delete(end));
    // Whoever is cut off says so; the other end hears of it.
    end.on("error", () => end.destroy());
  }

  /** Ends every connection, and each one that is tried until it is mended. */
  cut(): void {
    this.#isCut = true;
    for (const end of this.#ends) end.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    this.cut();
  }
}
