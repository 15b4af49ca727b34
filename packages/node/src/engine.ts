/**
 * What the package needs of the runtime. The front end (routes, schemas, answers) knows nothing else of it, so that the
 * same files serve the native module and WebAssembly.
 */
export interface Engine {
  /** The class of applications. Each keeps `drain` until it is collected itself. */
  readonly NativeApp: new (settings: object, components: string, drain: () => void) => NativeApp;
  /** The class of uploaded files, as they arrive in bodies. */
  readonly NativeFile: new () => NativeFile;
  /** The class of what decides for a supervisor of several processes. */
  readonly NativeSupervisor: new (count: number) => NativeSupervisor;
  /** The value of a `Set-Cookie` field (RFC 6265bis §4.1). */
  setCookie(name: string, value: string, attributes: NativeCookie): string;
  /** The value of a `Location` field (RFC 9110 §10.2.2) for a URL with any text in it. */
  location(url: string): string;
  /** Binds a socket for several processes; starts nothing. */
  bind(host: string, port: number, unixPath: string | undefined): { address: string; descriptor: number } | NativeRefusal;
  /**
   * Watches SIGINT and SIGTERM, before the engine's own listeners, which have to be there: ends the process at the second
   * one, and soon after `timeoutMs` when the loop is too busy to do it.
   */
  watchSignals(timeoutMs: number): void;
  /** Ends a watch, unless a signal has come. */
  unwatchSignals(): void;
  /** Begins a shutdown that no signal asked for. */
  beginShutdown(): void;
  /**
   * Calls `wake` on the loop of this thread when there are records to take, until the loop ends. It is called for one thread of
   * the process at a time.
   */
  attachLog(wake: () => void): void;
  /** Takes what the runtime has reported. */
  takeLog(): NativeRecord[];
  /** Every setting as name, JSON Schema, default (both as JSON text) and documentation. */
  settings(): [string, string, string, string][];
  /** Every kind of problem as status, last part of its `type`, and title. */
  problems(): [string, string, string][];
}

/** The attributes of a cookie; `expires` is in seconds since 1970. */
export interface NativeCookie {
  path?: string;
  domain?: string;
  maxAge?: number;
  expires?: number;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: string;
  partitioned?: boolean;
}

/** One thing that the runtime reports. */
export interface NativeRecord {
  readonly level: "error" | "warn";
  /** What happened, with its details and the id of its request. */
  readonly text: string;
}

/** What a method throws for a mistake in a route, an operation or a setting. */
export interface NativeSetupError extends Error {
  readonly route: string;
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

/** What the system says of an address that it does not give. */
export interface NativeRefusal {
  readonly errno: number;
  readonly message: string;
}

/** An application in the runtime. Schemas and operations are JSON text, which has numbers that JavaScript has not. */
export interface NativeApp {
  addSchemas(documents: string): void;
  /** `scheme` is JSON text. */
  addSecurityScheme(name: string, scheme: string): void;
  /** `options` is JSON text of an object, or of `false`. */
  setStage(name: string, options: string): void;
  addConverter(name: string, regex: string, schema: string): void;
  /**
   * `slots` are places and names of parameters, one after the other. A handler whose content `isStreamed` takes that while it
   * arrives; one of sockets that `admits` says of each whether it is opened. Gives the number of the route's handler.
   */
  addRoute(method: string, path: string, operation: string, slots: string[], isStreamed: boolean, admits: boolean): number;
  /** Has the handler of sockets with this number say of each whether it is opened. To be said before the first request. */
  openByHost(target: number): void;
  /** Has requests that the runtime refuses because no route fits be answered here. Gives the number of the handler. */
  takeRefusals(): number;
  /** Has the handler with this number answer requests for its route that the runtime refuses, too. */
  takeRefusalsOf(target: number): void;
  urlFor(operationId: string, values: Record<string, string>): string;
  /** The OpenAPI document. */
  openapi(info: string): string;
  /** How a document differs from the file at `path`. */
  checkOpenapi(info: string, path: string): string | null;
  checkAsyncapi(info: string, path: string): string | null;
  /** Answers requests for documents. */
  documents(documents: string): void;
  /** Answers requests with the files of a folder. */
  staticFiles(path: string, files: string, operation: string): void;
  /** Sends requests elsewhere. */
  redirect(path: string, redirect: string, operation: string): void;
  /** The AsyncAPI document. */
  asyncapi(info: string): string;
  handlerCalls(): number;
  /** The functions by which calls are taken and answered. */
  calls(): NativeCalls;
  /** Other processes and threads may bind the same TCP address when it is shared. */
  listen(host: string, port: number, unixPath: string | undefined, isShared: boolean): string | NativeRefusal;
  /** Takes over a socket that listens already. */
  listenOn(descriptor: number): string | NativeRefusal;
  shutdownTimeoutMs(): number;
  stop(): Promise<void>;
  /** `fields` are names and values, one after the other. */
  inject(
    method: string,
    target: string,
    fields: (string | Uint8Array)[],
    body: Uint8Array | undefined,
    isStreamed: boolean,
  ): NativeExchange;
  /** Opens a socket in memory; the answer where it is refused. `fields` are names and values, one after the other. */
  connect(target: string, fields: (string | Uint8Array)[]): Promise<NativeClientSocket | NativeResponse>;
  /** Publishes a message on a channel. Gives how many subscribers got it. */
  publish(channel: string, content: string | Uint8Array): number;
  /** How many subscribers a channel has. */
  presence(channel: string): number;
  /** The messages of a channel as events, from behind the one that the client has seen last. */
  events(channel: string, lastEventId: string | undefined): NativeChannel;
}

/** The messages of a channel as events, each as it is written in an event stream. Collected, it ends its subscription. */
export interface NativeChannel {
  /** The next event; `null` when it has been read too slowly, or is closed. One is read at a time. */
  read(): Promise<Uint8Array | null>;
  /** Ends the subscription. */
  close(): void;
}

/** The client's end of a socket in memory. Collected, it leaves without closing. */
export interface NativeClientSocket {
  readonly subprotocol: string | null;
  /** Names and values of the header fields of the answer, one after the other. */
  headers(): string[];
  send(content: string | Uint8Array): Promise<void>;
  ping(content: Uint8Array): Promise<void>;
  close(code: number, reason: string): Promise<void>;
  /** Writes bytes as they are, which need be no frames. */
  write(bytes: Uint8Array): Promise<void>;
  /** What comes next. Rejected when the server breaks the protocol. */
  receive(): Promise<ClientEvent>;
}

/** Something that a client got. */
export interface ClientEvent {
  readonly kind: "message" | "ping" | "pong" | "closed" | "gone";
  /** The content, or the reason of a close. */
  readonly data?: string | Uint8Array | null;
  /** The code of a close. */
  readonly code?: number | null;
}

/** A request in memory. */
export interface NativeExchange {
  /** `null` when the request was cancelled. */
  readonly answer: Promise<NativeResponse | null>;
  readonly cancel: () => void;
  /** What writes the content where that is streamed. */
  readonly content?: NativeContentWriter;
}

/** Makes the content of a request while it is read. Collected before its end, it breaks off. */
export interface NativeContentWriter {
  /** Waits until a chunk is wanted; `false` when nobody reads any more. One waits at a time. */
  wanted(): Promise<boolean>;
  /** Gives the next chunk, where one is wanted. */
  write(chunk: Uint8Array): void;
  /** Ends the content. */
  end(): void;
  /** Breaks the content off. */
  fail(): void;
}

/** Takes and answers the calls of one application, each known by its ticket. */
export interface NativeCalls {
  /**
   * Takes what waits: into `numbers`, from the second on, for each call its target, its ticket and its slots. A negative number in
   * place of a target says what else has happened, see `batch.ts`. The first number becomes the place where they end. Gives the slots
   * that are no numbers, which are `NaN` there.
   */
  take(numbers: Float64Array): unknown[];
  /** Whether the loop may sleep. When not, more calls wait and nobody wakes it for them. */
  rest(): boolean;
  answerText(ticket: number, status: number, text: string): void;
  answerJson(ticket: number, status: number, text: string): void;
  answer(ticket: number, status: number, fields: string[], body: string | Uint8Array | undefined): void;
  answerProblem(ticket: number, data: object): void;
  answerFile(ticket: number, status: number, fields: string[], path: string): void;
  /**
   * Begins an answer whose content follows, such as events, and then the fields with the names `trailers`. Whether somebody waits for
   * it.
   */
  begin(ticket: number, status: number, fields: string[], areEvents: boolean, trailers: string[] | undefined): boolean;
  /** Adds a chunk. 0: there is room for more; 1: there is none, till a message says so; 2: nobody reads. */
  write(ticket: number, chunk: string | Uint8Array): number;
  /**
   * Ends the content; what is not whole so that the client can tell. A call that was cancelled before its answer began counts as
   * in flight until then. `trailers` are names and values, one after the other.
   */
  end(ticket: number, isWhole: boolean, trailers: string[] | undefined): void;
  /** Whether somebody waits for the answer, or for more of it. */
  isOpen(ticket: number): boolean;
  request(ticket: number): NativeRequest;
  /** Drops the request of a call that was cancelled, which counts as in flight until it is answered. */
  cancel(ticket: number): void;
  /** Asks for the next piece of content, where the handler takes it while it arrives. Whether a message will bring it. */
  readContent(ticket: number): boolean;
  /** Leaves the rest of the content unread. */
  closeContent(ticket: number): void;
  /** Answers with the messages of a channel as events, from behind the one that the client has seen last. */
  answerChannel(ticket: number, status: number, fields: string[], channel: string, lastEventId: string | undefined): void;
  /** Has a message tell of the end of an answer. Whether one will: not where the call has been answered, and of sockets. */
  tellEnd(ticket: number): boolean;
  /** A number for the connection of a call, which no other one has; 0 where none is known. */
  connection(ticket: number): number;
  /** Has a message tell of the end of the connection of a call. The ticket of that message; 0 where no connection is known. */
  tellConnectionEnd(ticket: number): number;
  /** Opens a socket that waits for it. Whether its client still does. */
  admit(ticket: number): boolean;
  /** Answers with a problem in place of a socket that waits to be opened. */
  refuse(ticket: number, data: object): void;
  /** Answers with something else in place of a socket that waits to be opened. `fields` are names and values, one after the other. */
  refuseWith(ticket: number, status: number, fields: string[], body: string | Uint8Array | undefined): void;
  /** Sends a message. 0: there is room for more; 1: it was not taken, till a message says that there is room; 2: the socket is closed. */
  send(ticket: number, content: string | Uint8Array): number;
  /** Sends as many texts as `count` says. What became of each is written to the place of its ticket, as {@link send} returns it. */
  sendAll(tickets: Float64Array, texts: readonly string[], count: number): void;
  /** Sends a ping with at most 125 bytes. Whether the socket is open. */
  ping(ticket: number, content: Uint8Array): boolean;
  /** Closes a socket after what waits to be sent. Whether it was open. */
  closeSocket(ticket: number, code: number, reason: string): boolean;
  /** Handlers have done with what came: tickets and lengths, one after the other, `count` numbers in all. */
  consumed(taken: Float64Array, count: number): void;
  /** Subscribes a socket. Whether there is such a socket. */
  subscribe(ticket: number, channel: string): boolean;
  /** Ends a subscription. Whether there was one. */
  unsubscribe(ticket: number, channel: string): boolean;
  /** Forgets a socket, which is closed where it is open. */
  forgetSocket(ticket: number): void;
}

/** An answer in memory; `headers` are names and values, one after the other. */
export interface NativeResponse {
  readonly status: number;
  readonly headers: string[];
  readonly body: Uint8Array | NativeContent;
}

/** Content that is read while it is made. Collected, it leaves as a client does. */
export interface NativeContent {
  /** The next chunk; `null` at the end, and when it is closed. Rejected when the content breaks off. One is read at a time. */
  read(): Promise<Uint8Array | null>;
  /** Names and values of the fields that have followed the content, one after the other, once it has ended. */
  trailers(): string[];
  /** Leaves, as a client does. */
  close(): void;
}

/** A request in the runtime. */
export interface NativeRequest {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly queryString: string;
  readonly httpVersion: string;
  readonly client: { address: string; port: number } | null;
  readonly id: string;
  /** JSON text. */
  readonly identity: string | null;
  /** The ids of trace and span, `traceparent`, whether it is sampled, the id of the caller's span, `tracestate`; empty where there is none. */
  readonly trace: string[] | null;
  readonly cspNonce: string | null;
  readonly accepts: string | null;
  readonly route: string;
  header(name: string): string | null;
  headerList(name: string): string[];
  headers(): string[];
  cookies(): string[];
  /** The length of the content; -1 when there is some that is not kept. */
  readonly size: number;
  /** The content as sent; throws when it is not kept. To be asked for once: it is not copied, and engines know memory by its address. */
  body(): Uint8Array;
}

/** An uploaded file in the runtime. */
export interface NativeFile {
  readonly filename: string | null;
  readonly contentType: string | null;
  readonly size: number;
  /** Where the content lies when it is on disk. */
  readonly path: string | null;
  /** The content when it is in memory. To be asked for once, as that of a request. */
  content(): Uint8Array | null;
}

/** Decides when which worker is started and stopped. Every method that tells it something gives what is to be done now. */
export interface NativeSupervisor {
  begin(): SupervisorAction[];
  started(worker: number, process: number): SupervisorAction[];
  ready(worker: number, timeoutMs: number): SupervisorAction[];
  ended(worker: number, code: number, signal: string | undefined): SupervisorAction[];
  failed(worker: number, reason: string): SupervisorAction[];
  stop(): SupervisorAction[];
  renew(): SupervisorAction[];
  tick(): SupervisorAction[];
  /** The milliseconds until the next tick is due; they fit into a timer. */
  untilTick(): number | null;
  /** Throws what has kept the workers from serving. */
  check(): void;
}

/** What a supervisor has to do. */
export interface SupervisorAction {
  readonly name: "start" | "stop" | "kill" | "withdraw" | "serving" | "log" | "exit";
  /** The number of the worker that it is about. */
  readonly worker?: number | null;
  /** The line to write. */
  readonly line?: string | null;
}
