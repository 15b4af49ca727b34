/** A connection that is read piece by piece. Every wait is bounded. */

import { connect, type Socket } from "node:net";

/** How long to wait for more of what is due. */
export const TIMEOUT_MS = 5000;

/** What did not come in time. */
export class Timeout extends Error {}

/** The connection has ended within what was to be read. */
export class Ended extends Error {
  constructor(readonly rest: Buffer) {
    super(`the connection ended within ${excerpt(rest)}`);
  }
}

/** One connection to a server. */
export class Connection {
  /** What came and was not taken yet. */
  data: Buffer = Buffer.alloc(0);
  /** Whether the server closed the connection. */
  ended = false;
  readonly #socket: Socket;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.data = Buffer.concat([this.data, chunk]);
      this.#wake();
    });
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        this.ended = true;
        this.#wake();
      });
    }
  }

  /** Connects to `address`, a host and a port. */
  static open(address: string): Promise<Connection> {
    const colon = address.lastIndexOf(":");
    const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: Number(address.slice(colon + 1)), noDelay: true });
      const timer = setTimeout(() => socket.destroy(new Timeout("the server accepts no connection")), TIMEOUT_MS);
      socket.once("error", reject);
      socket.once("connect", () => {
        clearTimeout(timer);
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
    });
  }

  /** Writes all of `data`, or as much as the server reads before it refuses the rest. */
  write(data: Buffer): void {
    this.#socket.write(data);
  }

  /** Waits until more came or the connection ended. */
  async fill(timeout = TIMEOUT_MS): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const more = new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(() => reject(new Timeout(`nothing came after ${excerpt(this.data)}`)), timeout);
    });
    try {
      await more;
    } finally {
      clearTimeout(timer);
      this.#wake = () => {};
    }
  }

  /** Takes what stands before `mark`, and drops the mark. */
  async until(mark: string): Promise<Buffer> {
    let at: number;
    while ((at = this.data.indexOf(mark)) < 0) {
      await this.#fillMore();
    }
    const taken = this.#take(at);
    this.#take(mark.length);
    return taken;
  }

  /** Waits for the next byte, and says whether there is one before the end of the connection. */
  async hasMore(): Promise<boolean> {
    while (this.data.length === 0 && !this.ended) {
      await this.fill();
    }
    return this.data.length > 0;
  }

  /** Takes `length` bytes. */
  async exactly(length: number): Promise<Buffer> {
    while (this.data.length < length) {
      await this.#fillMore();
    }
    return this.#take(length);
  }

  /** Reads what is left and says whether the server closed the connection. */
  async ends(timeout = TIMEOUT_MS): Promise<boolean> {
    try {
      while (!this.ended) {
        await this.fill(timeout);
      }
    } catch (error) {
      if (error instanceof Timeout) {
        return false;
      }
      throw error;
    }
    return true;
  }

  /** Closes the connection at once. */
  close(): void {
    this.#socket.destroy();
  }

  async #fillMore(): Promise<void> {
    if (this.ended) {
      throw new Ended(this.data);
    }
    await this.fill();
  }

  #take(length: number): Buffer {
    const taken = this.data.subarray(0, length);
    this.data = this.data.subarray(length);
    return taken;
  }
}

/** The beginning of `data` for a message. */
export function excerpt(data: Uint8Array): string {
  return JSON.stringify(Buffer.from(data).subarray(0, 500).toString("latin1"));
}
