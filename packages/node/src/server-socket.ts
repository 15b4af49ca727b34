import type { CallContext } from "./call.js";
import { checkCode, CloseCode } from "./close-code.js";
import type { Logger } from "./context.js";
import { asBytes } from "./encode.js";
import type { NativeCalls, NativeRequest } from "./engine.js";
import { stringify } from "./json.js";
import type { DerivedRoute, PlaceName, SocketRoute } from "./operation.js";
import { Request } from "./request.js";
import { Room, type SocketSends } from "./socket-sends.js";
import type { State } from "./state.js";
import type { WebSocket } from "./websocket.js";

/** The most that a ping carries (RFC 6455 §5.5). */
const PING_LIMIT = 125;

/** So many bytes, or units of text, of unawaited messages may wait for room. */
const WAITING_LIMIT = 16 * 1024 * 1024;

/** What a socket needs of its application. */
export interface SocketHost {
  readonly native: NativeCalls;
  readonly log: Logger;
  readonly sends: SocketSends;
  /** The handler has done with a message of this length: whatever answers it has been sent. */
  consumed(ticket: number, length: number): void;
  /** This side has closed a socket, and all that it has to say is on its way. */
  closed(ticket: number): void;
}

/** A message that waits for room. */
interface Waiting {
  readonly content: string | Uint8Array;
  readonly sent: (isSent: boolean) => void;
}

/** Why the signal of a socket aborts. */
const CLOSED = "the socket is closed";

/** One socket, before its types. It is its own context. */
export class ServerSocket implements WebSocket<unknown>, Record<PlaceName, Record<string, unknown>> {
  params: Record<string, unknown> = {};
  query: Record<string, unknown> = {};
  headers: Record<string, unknown> = {};
  cookies: Record<string, unknown> = {};
  data: unknown = undefined;
  readonly subprotocol: string | undefined;
  readonly ticket: number;
  readonly route: DerivedRoute & { readonly socket: SocketRoute };
  /** Whether messages are taken one by one. */
  readonly isPulled: boolean;
  readonly #host: SocketHost;
  /** That of the hooks which have run before it was opened. */
  #context: CallContext | undefined;
  #state: State | undefined;
  #native: NativeRequest | undefined;
  #request: Request | undefined;
  #abort: AbortController | undefined;
  #isOpen = true;
  #isOver = false;
  /** What this side has closed it with. */
  #closed: { readonly code: number; readonly reason: string } | undefined;
  /** Messages and their lengths, one after the other, that nobody has asked for yet. */
  #received: unknown[] = [];
  #receivers: ((message: IteratorResult<unknown, void>) => void)[] = [];
  /** The length of the message that was received last, until the next one is asked for. */
  #taken: number | undefined;
  #sending: Waiting[] = [];
  #sendingLength = 0;

  constructor(
    host: SocketHost,
    ticket: number,
    route: ServerSocket["route"],
    subprotocol: string | undefined,
    isPulled: boolean,
  ) {
    this.#host = host;
    this.ticket = ticket;
    this.route = route;
    this.subprotocol = subprotocol;
    this.isPulled = isPulled;
  }

  /** The request in the runtime, which is there until the handler has ended. */
  get native(): NativeRequest {
    return (this.#native ??= this.#host.native.request(this.ticket));
  }

  get request(): Request {
    return (this.#request ??= new Request(this.native, () => this.signal, undefined));
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#isOver) this.#abort.abort(new DOMException(CLOSED, "AbortError"));
    }
    return this.#abort.signal;
  }

  get context(): CallContext | undefined {
    return this.#context;
  }

  /** Takes what hooks have made of the request. */
  set context(context: CallContext) {
    this.#context = context;
    this.params = context.params;
    this.query = context.query;
    this.headers = context.headers;
    this.cookies = context.cookies;
  }

  get state(): State {
    return this.#context?.state ?? (this.#state ??= {});
  }

  get log(): Logger {
    return this.#host.log;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether this side has closed it, and so takes no message any more. */
  get hasClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Whether nothing will happen to it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  send(message: unknown): boolean | Promise<boolean> {
    if (!this.#isOpen) return false;
    if (this.route.socket.isJson) return this.#send(stringify(message));
    if (typeof message === "string") return this.#send(message);
    return this.#send(asBytes(message) ?? stringify(message));
  }

  sendJson(value: unknown): boolean | Promise<boolean> {
    return this.#isOpen && this.#send(stringify(value));
  }

  #send(content: string | Uint8Array): boolean | Promise<boolean> {
    if (!this.isWaiting && this.#host.sends.take(this, content)) return true;
    // It may be only now that messages before it have to wait.
    if (this.isWaiting) return this.#wait(content);
    const room: Room = this.#host.native.send(this.ticket, content);
    if (room === Room.Ready) return true;
    return room === Room.Full && this.#wait(content);
  }

  /** Whether messages wait for room. */
  get isWaiting(): boolean {
    return this.#sending.length > 0;
  }

  /** A message that was collected has to wait for room. */
  late(text: string): void {
    if (this.#isOpen) void this.#wait(text);
  }

  #wait(content: string | Uint8Array): boolean | Promise<boolean> {
    if (this.#sendingLength + content.length > WAITING_LIMIT && this.#sending.length > 0) {
      this.#drop();
      this.close(CloseCode.TryAgainLater, "messages are not read fast enough");
      return false;
    }
    this.#sendingLength += content.length;
    // Its owner may change it meanwhile.
    const kept = typeof content === "string" ? content : content.slice();
    return new Promise((sent) => this.#sending.push({ content: kept, sent }));
  }

  /** There is room again. */
  writable(): void {
    let count = 0;
    for (const { content, sent } of this.#sending) {
      const room: Room = this.#host.native.send(this.ticket, content);
      if (room === Room.Full) break;
      this.#sendingLength -= content.length;
      count++;
      sent(room === Room.Ready);
    }
    this.#sending.splice(0, count);
    if (this.#closed && this.#sending.length === 0) this.#closeNow();
  }

  /** What waits for room will not be sent. */
  #drop(): void {
    const waiting = this.#sending;
    this.#sending = [];
    this.#sendingLength = 0;
    for (const { sent } of waiting) sent(false);
  }

  ping(content: string | Uint8Array = ""): boolean {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    if (bytes.length > PING_LIMIT) throw new RangeError(`a ping has at most ${PING_LIMIT} bytes, and this ${bytes.length}`);
    this.#host.sends.flush();
    return this.#isOpen && this.#host.native.ping(this.ticket, bytes);
  }

  close(code: number = CloseCode.Normal, reason = ""): void {
    checkCode(code);
    this.#host.sends.flush();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closed = { code, reason: String(reason) };
    // Messages that nobody has asked for yet are dropped, as those that come later.
    this.#received = [];
    if (this.#sending.length === 0) this.#closeNow();
    this.#endMessages();
  }

  #closeNow(): void {
    if (!this.#closed) return;
    this.#host.native.closeSocket(this.ticket, this.#closed.code, this.#closed.reason);
    this.#host.closed(this.ticket);
  }

  subscribe(channel: string): void {
    this.#host.sends.flush();
    if (this.#isOpen) this.#host.native.subscribe(this.ticket, String(channel));
  }

  unsubscribe(channel: string): boolean {
    this.#host.sends.flush();
    return this.#host.native.unsubscribe(this.ticket, String(channel));
  }

  async receive(): Promise<unknown> {
    const { done, value } = await this.#next();
    return done ? undefined : value;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, void> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<unknown, void>> {
    if (!this.isPulled) return Promise.reject(new TypeError("this socket gives its messages to the function `message`"));
    this.#take(undefined);
    if (this.#received.length > 0) {
      const [value, length] = this.#received.splice(0, 2);
      this.#take(length as number);
      return Promise.resolve({ done: false, value });
    }
    if (!this.#isOpen) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#receivers.push(resolve));
  }

  /** Gives a message to whoever asks for it. */
  push(value: unknown, length: number): void {
    const receiver = this.#receivers.shift();
    if (receiver) {
      receiver({ done: false, value });
      this.#take(length);
    } else this.#received.push(value, length);
  }

  /** Whoever takes the next message, or asks for it, has answered the one before. */
  #take(length: number | undefined): void {
    if (this.#taken !== undefined) this.#host.consumed(this.ticket, this.#taken);
    this.#taken = length;
  }

  /** No message follows. */
  #endMessages(): void {
    const receivers = this.#receivers;
    this.#receivers = [];
    for (const receiver of receivers) receiver({ done: true, value: undefined });
  }

  /**
   * It has ended. Gives the code and the reason that it was closed with.
   *
   * @param code That of the client, where it has said one.
   */
  end(code: number | undefined, reason: string): [code: number, reason: string] {
    this.#isOpen = false;
    this.#isOver = true;
    this.#drop();
    this.#endMessages();
    this.#abort?.abort(new DOMException(CLOSED, "AbortError"));
    if (this.#closed) return [this.#closed.code, this.#closed.reason];
    return [code ?? CloseCode.Abnormal, reason];
  }

  /**
   * Refuses to be part of a message, or of a log, as a context does.
   *
   * @throws {TypeError} Always.
   */
  toJSON(): never {
    throw new TypeError("a socket is no data, since it has what the client sent; send what is needed of it");
  }
}
