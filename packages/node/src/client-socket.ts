import { checkCode, CloseCode } from "./close-code.js";
import { asyncDispose } from "./dispose.js";
import { asBytes } from "./encode.js";
import type { ClientEvent, NativeClientSocket } from "./engine.js";
import { stringify } from "./json.js";

/** How a socket was closed. */
export interface Closed {
  /** 1006 where the connection has ended without a close. */
  readonly code: number;
  readonly reason: string;
}

/** How long something is waited for. */
export interface WaitOptions {
  /** Milliseconds; 5000 by default. */
  readonly timeout?: number;
}

const TIMEOUT_MS = 5000;

/**
 * The client's end of a socket in memory, for tests; `app.connect` opens one. Pings are answered by themselves. It reads what comes when
 * somebody waits for something, so that a server can be shown a client that does not read.
 *
 * @example
 * const socket = await app.connect("/echo");
 * await socket.send("hello");
 * assert.equal(await socket.receive(), "hello");
 * await socket.close();
 */
export class ClientSocket implements AsyncIterable<string | Uint8Array, void>, AsyncDisposable {
  readonly #native: NativeClientSocket;
  readonly #flushLog: () => void;
  readonly #messages: (string | Uint8Array)[] = [];
  #reading: Promise<ClientEvent> | undefined;
  #end: Closed | undefined;
  #closed: Promise<Closed> | undefined;
  /** The header fields of the answer that opened it. */
  readonly headers: Headers;

  /** @internal */
  constructor(native: NativeClientSocket, flushLog: () => void) {
    this.#native = native;
    this.#flushLog = flushLog;
    this.headers = new Headers();
    const fields = native.headers();
    for (let at = 0; at + 1 < fields.length; at += 2) this.headers.append(fields[at] ?? "", fields[at + 1] ?? "");
  }

  /** The subprotocol that the server chose. */
  get subprotocol(): string | undefined {
    return this.#native.subprotocol ?? undefined;
  }

  /** How it was closed; kept when it is. */
  get closed(): Promise<Closed> {
    return (this.#closed ??= this.#readToEnd());
  }

  /** Sends a message: a string as text, bytes as binary, other values as JSON. */
  async send(message: unknown): Promise<void> {
    await this.#native.send(typeof message === "string" ? message : (asBytes(message) ?? stringify(message)));
  }

  /** Sends a value as JSON, a string too. */
  async sendJson(value: unknown): Promise<void> {
    await this.#native.send(stringify(value));
  }

  /** Writes bytes as they are, which need be no frames. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#native.write(bytes);
  }

  /**
   * Sends a ping, and waits for its pong.
   *
   * @throws {Error} The socket is closed, or nothing comes in time.
   */
  async ping(content: string | Uint8Array = "", { timeout = TIMEOUT_MS }: WaitOptions = {}): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.#native.ping(bytes);
    await inTime(timeout, "no pong", async () => {
      for (;;) {
        const { kind } = await this.#read();
        if (kind === "pong") return;
        if (this.#end) throw ended(this.#end);
      }
    });
  }

  /**
   * The next message.
   *
   * @throws {Error} The socket is closed, or nothing comes in time.
   */
  async receive({ timeout = TIMEOUT_MS }: WaitOptions = {}): Promise<string | Uint8Array> {
    const message = await this.#message(timeout);
    if (message === undefined) throw ended(this.#end);
    return message;
  }

  /** The next message, as JSON. See {@link receive}. */
  async receiveJson(options?: WaitOptions): Promise<any> {
    const message = await this.receive(options);
    if (typeof message !== "string") throw new Error("the message is bytes, and JSON is text");
    return JSON.parse(message) as unknown;
  }

  /** The messages until it is closed. Whoever leaves the loop does not close it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array, void> {
    for (let message = await this.#message(); message !== undefined; message = await this.#message()) yield message;
  }

  /**
   * Closes it, and waits until the server has closed it as well.
   *
   * @throws {RangeError} A close frame may not carry the code.
   */
  async close(code: number = CloseCode.Normal, reason = ""): Promise<Closed> {
    checkCode(code);
    // The server may have closed it already.
    if (!this.#end) await this.#native.close(code, reason).catch(() => {});
    return await this.closed;
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The next message; `undefined` when it is closed. */
  async #message(timeout?: number): Promise<string | Uint8Array | undefined> {
    const find = async (): Promise<string | Uint8Array | undefined> => {
      while (this.#messages.length === 0 && !this.#end) await this.#read();
      return this.#messages.shift();
    };
    return timeout === undefined ? await find() : await inTime(timeout, "no message", find);
  }

  async #readToEnd(): Promise<Closed> {
    while (!this.#end) await this.#read();
    return this.#end;
  }

  /** What comes next. Several may wait for it. */
  async #read(): Promise<ClientEvent> {
    return await (this.#reading ??= this.#readOnce());
  }

  async #readOnce(): Promise<ClientEvent> {
    try {
      const event = await this.#native.receive();
      const { kind, data, code } = event;
      if (kind === "message") this.#messages.push(data as string | Uint8Array);
      else if (kind === "closed") this.#end = { code: code ?? CloseCode.NoStatus, reason: String(data ?? "") };
      else if (kind === "gone") this.#end = { code: CloseCode.Abnormal, reason: "" };
      return event;
    } catch (error) {
      this.#end ??= { code: CloseCode.Abnormal, reason: "" };
      throw error;
    } finally {
      this.#reading = undefined;
      // Whoever sees what comes can see what the log says about it.
      this.#flushLog();
    }
  }
}

function ended(end: Closed | undefined): Error {
  return new Error(`the socket is closed with ${end?.code}${end?.reason ? `: ${end.reason}` : ""}`);
}

/** @throws {Error} `work` does not end in time. */
async function inTime<T>(timeout: number, problem: string, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${problem} within ${timeout} milliseconds`)), timeout);
  });
  const working = work();
  working.catch(() => {});
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
  }
}
