// Generated from the runtime's tables by `./task generate`. Do not edit.

/** How an application behaves; every setting has a default in the runtime. */
export interface Settings {
  /** What happens to a path that differs from a route by a final slash. */
  readonly trailingSlash?: "strict" | "redirect" | "ignore";
  /** The largest request body in bytes; a larger one is answered 413. A route's `bodyLimit` overrides it. */
  readonly bodyLimit?: number;
  /** How many times its size content may become when its `Content-Encoding` is decoded; more is answered 413. */
  readonly expansionLimit?: number;
  /** How deeply a JSON body may be nested; a deeper one is answered 400. */
  readonly jsonDepthLimit?: number;
  /** What happens to a JSON object that has a name twice. */
  readonly jsonDuplicateKeys?: "refuse" | "last";
  /**
   * The most violations that a validation problem tells, of parameters and body together; when there are more, it says so with
   * `errors_truncated`.
   */
  readonly violationLimit?: number;
  /**
   * The most digits that a number may have, in JSON and in every other place, with the zeros that an exponent stands for; a
   * number with more is refused.
   */
  readonly digitLimit?: number;
  /** Whether the keyword `format` of JSON Schema is an assertion. Otherwise it is an annotation and refuses nothing. */
  readonly formatAssertion?: boolean;
  /**
   * What happens to JSON of a handler that does not fit the schema which its operation declares: with `warn` it is sent and the
   * log has what is wrong, with `enforce` the client gets 500 instead, and members that the schema does not declare are left out.
   */
  readonly responseValidation?: "off" | "warn" | "enforce";
  /** The most fields that a form or a multipart body may have; more are answered 413. */
  readonly formFieldLimit?: number;
  /** The largest part of a multipart body in bytes; a larger one is answered 413. */
  readonly partLimit?: number;
  /** The longest line of JSON Lines in bytes; a longer one is answered 413. */
  readonly lineLimit?: number;
  /** File parts above this many bytes are kept on disk instead of in memory. */
  readonly fileMemoryLimit?: number;
  /** The largest header section in bytes; a larger one is answered 431. */
  readonly headerLimit?: number;
  /** The most header fields; more are answered 431. */
  readonly headerCountLimit?: number;
  /** The longest request target in bytes; a longer one is answered 414. */
  readonly targetLimit?: number;
  /**
   * Milliseconds a client has to send the header section; then 408, and over HTTP/2 the end of the connection. 0 means no limit.
   */
  readonly headerTimeoutMs?: number;
  /** Milliseconds a client may pause while it sends the body; then 408. 0 means no limit. */
  readonly bodyTimeoutMs?: number;
  /**
   * The fewest bytes a second that a client may send of a body on average, once it has been waited for `bodyTimeoutMs` in all
   * (for 5 seconds where that is 0); then 408. 0 means no limit.
   */
  readonly bodyMinimumRate?: number;
  /** Milliseconds a client may read nothing of an answer; then the connection is closed. 0 means no limit. */
  readonly writeTimeoutMs?: number;
  /**
   * Milliseconds without an event after which an event stream gets a comment, so that proxies between do not take the connection
   * for dead (WHATWG HTML §9.2.7). 0 means none.
   */
  readonly eventKeepAliveMs?: number;
  /** Milliseconds an idle keep-alive connection stays open. 0 means no limit. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds a handler has to answer; then 504. 0 means no limit. A route's `timeoutMs` overrides it. */
  readonly handlerTimeoutMs?: number;
  /** The most connections at once, of all I/O threads together; more are answered 503. */
  readonly connectionLimit?: number;
  /** Milliseconds that running requests have to finish when the server stops; then they are cut off. */
  readonly shutdownTimeoutMs?: number;
  /** Threads that read and write sockets. */
  readonly ioThreads?: number;
  /** Calls of handlers that may be in flight, from their arrival to the last byte of the answer; more are answered 503. */
  readonly concurrencyLimit?: number;
  /**
   * The largest message of a WebSocket in bytes, as it is once it is decompressed; a larger one closes the socket with 1009. A
   * route's `messageLimit` overrides it.
   */
  readonly websocketMessageLimit?: number;
  /** The largest frame of a WebSocket in bytes; a larger one closes the socket with 1009. */
  readonly websocketFrameLimit?: number;
  /**
   * Milliseconds a client of a WebSocket may send nothing, not even an answer to a ping; then it is closed with 1001. 0 means no
   * limit. A route's `idleTimeoutMs` overrides it.
   */
  readonly websocketIdleTimeoutMs?: number;
  /**
   * Milliseconds of silence after which the client of a WebSocket is sent a ping. One that says nothing for as long again is
   * taken for gone. 0 means no pings. A route's `pingIntervalMs` overrides it.
   */
  readonly websocketPingIntervalMs?: number;
  /**
   * Milliseconds the client of a WebSocket may take to answer a close, and the handler to end after one. A server that stops
   * waits one second for an answer, at most.
   */
  readonly websocketCloseTimeoutMs?: number;
  /** Bytes that may wait to be sent to a client of a WebSocket. A route's `sendQueueLimit` overrides it. */
  readonly websocketSendQueueLimit?: number;
  /**
   * What happens to a message for a WebSocket when as much waits as may: with `wait` its sender waits, with `drop_oldest` the
   * oldest messages that wait are left out, with `close` the socket is closed with 1013.
   */
  readonly websocketSendQueuePolicy?: "wait" | "drop_oldest" | "close";
  /**
   * Whether messages of WebSockets are compressed where the client can (RFC 7692): with `no_context_takeover` each by itself,
   * with `context_takeover` with those before it in view, for some 300 KiB of memory a connection.
   */
  readonly websocketCompression?: "off" | "no_context_takeover" | "context_takeover";
  /** The most messages of one channel that are kept for clients which come back. 0 means none. */
  readonly channelHistoryLimit?: number;
  /** The most bytes of one channel that are kept for clients which come back. */
  readonly channelHistoryBytes?: number;
  /** Whether HTTP/2 with prior knowledge is spoken on cleartext connections (RFC 9113 §3.3). */
  readonly http2?: boolean;
  /** Whether a failed handler's message and traceback are shown to the client. */
  readonly debug?: boolean;
}
