import type { Context } from "./context.js";
import type { HookOptions } from "./hooks.js";
import type { RouteOptions } from "./operation.js";
import type { Input, Output, Schema } from "./schema.js";

/** What a route of a socket may say beyond its path. Limits that are left out are those of the settings. */
export interface WebSocketOptions extends Pick<
  RouteOptions,
  | "params"
  | "query"
  | "headers"
  | "cookies"
  | "parameters"
  | "tags"
  | "deprecated"
  | "hidden"
  | "operationId"
  | "summary"
  | "description"
  | keyof HookOptions
  | "security"
> {
  /**
   * The schema of messages from the client, which then are JSON as text. What does not fit never reaches the handler; see
   * `invalidMessage`.
   */
  readonly incoming?: Schema;
  /** The schema of messages to the client, which then are JSON as text. It is not held against what is sent. */
  readonly outgoing?: Schema;
  /**
   * The subprotocols that the handler speaks. The first of the client's list that is among them is chosen; without one in common the
   * socket has none, and the client decides whether to go on.
   */
  readonly subprotocols?: readonly string[];
  /**
   * The origins of pages that may connect, as `https://shop.example`, and `*` for all. Without any, only pages of the server's own host
   * may; clients that are no browsers always may.
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * What becomes of a message that does not fit `incoming`: with `report`, the default, the client is sent the problem as JSON; with
   * `close` the socket is closed, with 1007 for what is not JSON, 1008 for what does not fit, and 1003 for bytes.
   */
  readonly invalidMessage?: "report" | "close";
  /** The largest message in bytes; a larger one closes the socket with 1009. */
  readonly messageLimit?: number;
  /** Milliseconds for which the client may send nothing, not even an answer to a ping; 0 is for ever. */
  readonly idleTimeoutMs?: number;
  /** After how many milliseconds of silence the client is sent a ping, and how long it has to answer; 0 is never. */
  readonly pingIntervalMs?: number;
  /** How many bytes may wait for the client. */
  readonly sendQueueLimit?: number;
  /** Makes what a socket has as `data`, before it is opened; an empty object where there is none. */
  readonly data?: () => unknown;
}

/** The parts of the request that asked for a socket, with their types. */
export type WebSocketContext<Path extends string = string, Options = WebSocketOptions> = Pick<
  Context<Path, Options>,
  "params" | "query" | "headers" | "cookies" | "request" | "signal" | "log" | "state"
>;

/** What handlers send where no schema says it: a string is text, bytes are binary, all else is JSON. */
type Anything = {} | null;

/**
 * One socket.
 *
 * @typeParam Incoming A message of the client: what the schema `incoming` of the route makes of it, else text or bytes.
 * @typeParam Outgoing What can be sent.
 * @typeParam Parts The parts of the request.
 * @typeParam Data What the application keeps for the socket.
 */
export interface WebSocket<
  Incoming = string | Uint8Array,
  Outgoing = Anything,
  Parts extends { readonly [Name in keyof WebSocketContext]: unknown } = WebSocketContext,
  Data = any,
> extends AsyncIterable<Incoming, void> {
  /** The path's variables. */
  readonly params: Parts["params"];
  /** The declared parameters of the query. */
  readonly query: Parts["query"];
  /** The declared header fields. */
  readonly headers: Parts["headers"];
  /** The declared cookies. */
  readonly cookies: Parts["cookies"];
  /** The request that asked for the socket. */
  readonly request: Parts["request"];
  /** Aborts when the socket is closed, or the client has left. */
  readonly signal: AbortSignal;
  /** The application's log. */
  readonly log: Parts["log"];
  /** What the hooks of the request have left; see {@link State}. */
  readonly state: Parts["state"];
  /** The application's own; what the option `data` of the route makes, else an empty object. */
  data: Data;
  /** The subprotocol that was agreed on. */
  readonly subprotocol: string | undefined;
  /** Whether messages can be sent. */
  readonly isOpen: boolean;

  /**
   * Sends a message: a string as text, bytes as binary, other values as JSON. In a route with the option `outgoing` every value is
   * JSON.
   *
   * `true` says that it is on its way, `false` that the socket is closed. Where more waits for the client than may, it is a promise of
   * either, kept when there is room: whoever sends much awaits it, and so goes at the pace of the client. Who does not has up to 16 MiB
   * wait; then the socket is closed with 1013.
   *
   * @throws {TypeError} JSON cannot say the value.
   */
  send(message: Outgoing): boolean | Promise<boolean>;
  /** Sends a value as JSON, strings too. See {@link send}. */
  sendJson(value: unknown): boolean | Promise<boolean>;
  /**
   * Sends a ping. Whether the socket is open.
   *
   * @throws {RangeError} The content has more than 125 bytes.
   */
  ping(content?: string | Uint8Array): boolean;
  /**
   * Closes the socket after what waits to be sent; without effect on one that is closed. Messages that have not been received are dropped,
   * and what the client answers is not waited for.
   *
   * @param code One of `CloseCode`, or of 4000 to 4999; 1000 by default.
   * @param reason For people; at most 123 bytes are sent.
   * @throws {RangeError} A close frame may not carry the code.
   */
  close(code?: number, reason?: string): void;
  /**
   * Sends whatever is published on a channel of the application, until the socket is closed. A client that reads too slowly to be sent
   * a message is closed with 1013.
   */
  subscribe(channel: string): void;
  /** Ends a subscription. Whether there was one. */
  unsubscribe(channel: string): boolean;
  /**
   * The next message, for handlers that are functions; `undefined` when none will follow. Iterating the socket gives the same ones.
   *
   * @throws {TypeError} The handler takes messages by its function `message`.
   */
  receive(): Promise<Incoming | undefined>;
}

/** A message of the client, as the handler gets it. */
export type IncomingOf<Options> = Options extends { readonly incoming: infer S extends Schema } ? Output<S> : string | Uint8Array;

/** A message to the client, as the handler gives it. */
export type OutgoingOf<Options> = Options extends { readonly outgoing: infer S extends Schema } ? Input<S> : Anything;

/** What a socket has as `data`. */
export type DataOf<Options> = Options extends { readonly data: () => infer Data } ? Data : Record<string, unknown>;

/** The socket of a route. */
export type WebSocketOf<Path extends string, Options> = WebSocket<
  IncomingOf<Options>,
  OutgoingOf<Options>,
  WebSocketContext<Path, Options>,
  DataOf<Options>
>;

/**
 * What happens to a socket, by functions. Those that return promises are not waited for, but for `open`: no message comes before it has
 * ended, and a client whose messages take long is not read any further. One that fails closes the socket with 1011, and the log has the
 * error; a `Problem` of a 4xx status closes it with 1008 and its detail.
 */
export interface WebSocketHandlers<Path extends string = string, Options = WebSocketOptions, Members = unknown> {
  /** It is open. */
  open?(ws: WebSocketOf<Path, Options>, context: WebSocketContext<Path, Options> & Members): unknown;
  /** A message has come. */
  message?(ws: WebSocketOf<Path, Options>, message: IncomingOf<Options>): unknown;
  /** A ping has come, which has been answered. */
  ping?(ws: WebSocketOf<Path, Options>, content: Uint8Array): unknown;
  /** A pong has come. */
  pong?(ws: WebSocketOf<Path, Options>, content: Uint8Array): unknown;
  /** It is closed, with the code of the side that did so first; 1006 where the client has left without saying so. Called once. */
  close?(ws: WebSocketOf<Path, Options>, code: number, reason: string): unknown;
  /** Another function has failed, in place of the log. The socket is closed with 1011 afterwards, unless this closes it. */
  error?(ws: WebSocketOf<Path, Options>, error: unknown): unknown;
}

/**
 * Handles the sockets of a route: functions for what happens, or one function that runs as long as the socket is to be open. When it
 * returns the socket is closed with 1000, when it fails with 1011, or with 1008 where it throws a `Problem` of a 4xx status.
 */
export type WebSocketHandler<Path extends string = string, Options = WebSocketOptions, Members = unknown> =
  | WebSocketHandlers<Path, Options, Members>
  | ((ws: WebSocketOf<Path, Options>, context: WebSocketContext<Path, Options> & Members) => unknown);
