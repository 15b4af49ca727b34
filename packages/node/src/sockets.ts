import { ByTicket } from "./by-ticket.js";
import type { CallContext } from "./call.js";
import type { Chain } from "./chain.js";
import { CloseCode } from "./close-code.js";
import type { Logger } from "./context.js";
import type { NativeCalls } from "./engine.js";
import { failureOf } from "./failure.js";
import { finishParts } from "./finish.js";
import { textOf } from "./json.js";
import { isKind } from "./kind.js";
import type { Level } from "./level.js";
import type { RouteProviders } from "./members.js";
import { write } from "./log.js";
import type { DerivedRoute, SocketRoute } from "./operation.js";
import type { Problem } from "./problem.js";
import { isThenable } from "./promise.js";
import { Response } from "./response.js";
import { ValidationIssues } from "./schema.js";
import { ServerSocket, type SocketHost } from "./server-socket.js";
import { SocketSends } from "./socket-sends.js";

/** The functions of a handler, without types. */
interface Functions {
  readonly open?: (ws: unknown, context: unknown) => unknown;
  readonly message?: (ws: unknown, message: unknown) => unknown;
  readonly ping?: (ws: unknown, content: unknown) => unknown;
  readonly pong?: (ws: unknown, content: unknown) => unknown;
  readonly close?: (ws: unknown, code: number, reason: string) => unknown;
  readonly error?: (ws: unknown, error: unknown) => unknown;
}

/** A handler of sockets, without types. */
export type AnySocketHandler = Functions | ((ws: unknown, context: unknown) => unknown);

/** A route of sockets with its handler. */
export interface SocketTarget {
  readonly route: DerivedRoute & { readonly socket: SocketRoute };
  readonly handler: AnySocketHandler;
  /** What is done around the handshake, until it is linked. */
  readonly levels: readonly Level[];
  /** The same, once it is. */
  readonly chain?: Chain | undefined;
  readonly providers?: RouteProviders | undefined;
}

/** What the calls of the application do for its sockets. */
export interface Handshakes {
  /** The context of the hooks of a handshake. */
  context(ticket: number, target: SocketTarget): CallContext;
  /** Answers in place of a socket. */
  refuse(context: CallContext, value: unknown): Promise<void>;
  /** Nothing is left to be told to the hooks. */
  forget(context: CallContext): void;
}

/** A socket with what is done for it. */
interface Open {
  readonly socket: ServerSocket;
  readonly target: SocketTarget;
  /** What has to be done before the next thing that happens to it. */
  before: Promise<void> | undefined;
  /** Whether it is open. Before that, what the runtime could not judge is held against the libraries of its schemas. */
  isAdmitted: boolean;
  /** Whether its handler has been told that it is open. */
  hasBegun: boolean;
  /** Whether its handler is a function that has ended. */
  isDone: boolean;
}

/** How many numbers of what was consumed are collected before the runtime is told. */
const TAKEN = 512;

/** Runs the sockets of one application. */
export class Sockets implements SocketHost {
  readonly #open = new ByTicket<Open>();
  readonly log: Logger;
  readonly #debug: boolean;
  readonly #handshakes: Handshakes;
  readonly sends = new SocketSends();
  #native!: NativeCalls;
  /** Tickets and lengths of what was taken, of which the runtime has not been told. */
  readonly #taken = new Float64Array(TAKEN);
  #takenCount = 0;
  #isDraining = false;
  #isScheduled = false;

  constructor(log: Logger, debug: boolean, handshakes: Handshakes) {
    this.log = log;
    this.#debug = debug;
    this.#handshakes = handshakes;
  }

  get native(): NativeCalls {
    return this.#native;
  }

  /** Set by the application, which is made with a function of its calls. */
  set native(native: NativeCalls) {
    this.#native = native;
    this.sends.native = native;
  }

  /** A batch is read from now on. */
  begin(): void {
    this.#isDraining = true;
    this.sends.begin();
  }

  /** A batch has been read. */
  end(): void {
    this.#isDraining = false;
    this.sends.end();
    this.#tellTaken();
  }

  consumed(ticket: number, length: number): void {
    this.#taken[this.#takenCount++] = ticket;
    this.#taken[this.#takenCount++] = length;
    if (this.#takenCount === TAKEN) this.#tellTaken();
    else if (!this.#isDraining && !this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#tellTaken());
    }
  }

  #tellTaken(): void {
    // What is consumed has been answered.
    this.sends.flush();
    this.#isScheduled = false;
    const count = this.#takenCount;
    this.#takenCount = 0;
    if (count > 0) this.native.consumed(this.#taken, count);
  }

  /** Takes a socket that is open, or that is to be when neither hooks nor the libraries of its route's schemas have anything against it. */
  start(
    target: SocketTarget,
    ticket: number,
    subprotocol: string | undefined,
    fill: (parts: ServerSocket | CallContext) => void,
  ): void {
    const { handler, route, chain } = target;
    const socket = new ServerSocket(this, ticket, route, subprotocol, typeof handler === "function");
    const isAdmitted = !chain && Object.keys(route.finish).length === 0;
    const open: Open = { socket, target, before: undefined, isAdmitted, hasBegun: false, isDone: false };
    this.#open.set(ticket, open);
    if (chain) {
      const context = this.#handshakes.context(ticket, target);
      fill(context);
      this.#ask(open, chain, context);
      return;
    }
    fill(socket);
    if (isAdmitted) this.#begin(open);
    else {
      finishParts(route, socket).then(
        () => this.#admit(open),
        (error: unknown) => this.#deny(open, error),
      );
    }
  }

  /** Has hooks say whether a socket is opened. */
  #ask(open: Open, { run }: Chain, context: CallContext): void {
    const failed = (error: unknown): void => {
      context.failed(error);
      this.#deny(open, error);
      this.#handshakes.forget(context);
    };
    const decided = (answer: unknown): void => {
      if (answer instanceof Response && answer.format === "upgrade") {
        open.socket.context = context;
        this.#admit(open);
        return;
      }
      this.#open.delete(open.socket.ticket);
      this.#handshakes.refuse(context, answer).then(() => this.#handshakes.forget(context), failed);
    };
    try {
      const answer = run(context);
      if (isThenable(answer)) Promise.resolve(answer).then(decided).catch(failed);
      else decided(answer);
    } catch (error) {
      failed(error);
    }
  }

  /** Has a socket be opened, if its client still waits for it. */
  #admit(open: Open): void {
    const { ticket } = open.socket;
    open.isAdmitted = this.native.admit(ticket);
    if (open.isAdmitted) this.#begin(open);
    else {
      this.#open.delete(ticket);
      this.#forget(open);
    }
  }

  /** Nothing will be done for a socket any more. */
  #forget({ socket: { context, ticket } }: Open): void {
    this.native.forgetSocket(ticket);
    if (context) this.#handshakes.forget(context);
  }

  /** Answers with the problem that `error` stands for, or 500 and an entry in the log, in place of a socket. Never throws. */
  #deny({ socket }: Open, error: unknown): void {
    const { ticket } = socket;
    this.#open.delete(ticket);
    let cause = error;
    try {
      if (isKind(error, "problem")) {
        this.native.refuse(ticket, (error as Problem).data());
        return;
      }
    } catch (second) {
      // A problem that cannot be sent is a failure like any other.
      cause = second;
    }
    this.#record(socket, cause);
    this.native.refuse(ticket, failureOf(cause, this.#debug));
  }

  /** Begins to handle a socket that is open. */
  #begin(open: Open): void {
    const { socket, target } = open;
    const { handler, route } = target;
    const isFunction = typeof handler === "function";
    if (target.providers && !socket.context) {
      const context = this.#handshakes.context(socket.ticket, target);
      const { params, query, headers, cookies } = socket;
      Object.assign(context, { params, query, headers, cookies });
      socket.context = context;
    }
    this.#next(open, () => {
      socket.data = route.socket.data ? route.socket.data() : {};
    });
    this.#next(open, () => {
      open.hasBegun = socket.isOpen;
      open.isDone = isFunction && !open.hasBegun;
      if (!open.hasBegun) return undefined;
      if (!isFunction) return handler.open?.(socket, socket.context ?? socket);
      this.#run(open, handler);
      return undefined;
    });
  }

  /** Runs a handler for as long as its socket is to be open. */
  #run(open: Open, handler: (ws: unknown, context: unknown) => unknown): void {
    const { socket } = open;
    const done = (): void => {
      open.isDone = true;
      // Before that its close frame waits to be sent.
      if (socket.isOver) this.#forget(open);
    };
    const ended = (): void => {
      socket.close(CloseCode.Normal);
      done();
    };
    const failed = (error: unknown): void => {
      this.#fail(open, error);
      done();
    };
    try {
      const result = handler(socket, socket.context ?? socket);
      if (isThenable(result)) result.then(ended, failed);
      else ended();
    } catch (error) {
      failed(error);
    }
  }

  /** A message has come. */
  message(ticket: number, length: number, value: unknown): void {
    const open = this.#open.get(ticket);
    if (!open) return;
    if (open.before === undefined && open.target.route.socket.finish === undefined) this.#give(open, value, length);
    else this.#next(open, () => this.#finished(open, value, length));
  }

  #finished(open: Open, value: unknown, length: number): unknown {
    const { finish } = open.target.route.socket;
    try {
      const result = finish ? finish(value) : value;
      if (!isThenable(result)) return this.#give(open, result, length);
      return result.then(
        (finished) => this.#give(open, finished, length),
        (error: unknown) => this.#refuse(open, error, length),
      );
    } catch (error) {
      this.#refuse(open, error, length);
    }
    return undefined;
  }

  #give(open: Open, value: unknown, length: number): void {
    const { socket } = open;
    const { handler } = open.target;
    if (socket.hasClosed) this.consumed(socket.ticket, length);
    else if (typeof handler === "function") socket.push(value, length);
    else this.#call(open, () => handler.message?.(socket, value), length);
  }

  /** The schema's library refuses a message. */
  #refuse(open: Open, error: unknown, length: number): void {
    const { socket } = open;
    this.consumed(socket.ticket, length);
    if (!(error instanceof ValidationIssues)) {
      this.#fail(open, error);
      return;
    }
    const { issues } = error;
    if (open.target.route.socket.closesInvalid) {
      socket.close(CloseCode.PolicyViolation, issues[0]?.detail);
      return;
    }
    const errors = issues.map(({ pointer, detail }) => ({ in: "body", pointer, keyword: "custom", detail }));
    const count = errors.length === 1 ? "1 part of the request is" : `${errors.length} parts of the request are`;
    const problem = { ...PROBLEM, detail: `${count} not valid`, errors };
    this.sends.flush();
    void this.native.send(socket.ticket, textOf(problem) ?? "");
  }

  /** A ping or a pong has come. */
  control(ticket: number, length: number, content: unknown, kind: "ping" | "pong"): void {
    const open = this.#open.get(ticket);
    if (!open) return;
    const { handler } = open.target;
    const react = typeof handler === "function" ? undefined : handler[kind];
    if (react) this.#next(open, () => this.#call(open, () => react.call(handler, open.socket, content), length));
    else this.consumed(ticket, length);
  }

  /** Nobody waits for a socket that is not open yet. */
  cancel(ticket: number): void {
    if (this.#open.get(ticket)?.isAdmitted === false) this.#open.delete(ticket);
  }

  /** There is room for more. Whether there is such a socket. */
  writable(ticket: number): void {
    this.#open.get(ticket)?.socket.writable();
  }

  /** A socket has ended, with a code unless the client has left without one. */
  over(ticket: number, code: number | undefined, reason: string): void {
    const open = this.#open.get(ticket);
    if (!open) return;
    this.#open.delete(ticket);
    const { socket, target } = open;
    const { handler } = target;
    const [closeCode, closeReason] = socket.end(code, reason);
    socket.context?.cancel();
    if (typeof handler === "function") {
      if (open.isDone) this.#forget(open);
      return;
    }
    const done = (): void => this.#forget(open);
    this.#next(open, async () => {
      try {
        if (open.hasBegun) await handler.close?.(socket, closeCode, closeReason);
      } catch (error) {
        this.#fail(open, error);
      } finally {
        done();
      }
    });
  }

  closed(ticket: number): void {
    // The runtime sees to the client's answer, and tells nothing of it. Whoever has closed the socket goes on first.
    queueMicrotask(() => {
      if (this.#open.get(ticket)?.isAdmitted) this.over(ticket, undefined, "");
    });
  }

  /** Closes every socket: the server stops. */
  stop(): void {
    for (const { socket } of this.#open.values()) socket.close(CloseCode.GoingAway, "the server stops");
  }

  /** Calls a function of a handler, for something of this length that came. */
  #call(open: Open, react: () => unknown, length: number): void {
    const { ticket } = open.socket;
    let result: unknown;
    try {
      result = react();
    } catch (error) {
      this.#fail(open, error);
    }
    if (!isThenable(result)) {
      this.consumed(ticket, length);
      return;
    }
    result.then(
      () => this.consumed(ticket, length),
      (error: unknown) => {
        this.consumed(ticket, length);
        this.#fail(open, error);
      },
    );
  }

  /** Does something after what has to be done before. */
  #next(open: Open, work: () => unknown): void {
    const { before } = open;
    let result: unknown;
    if (before) result = before.then(work);
    else {
      try {
        result = work();
      } catch (error) {
        this.#fail(open, error);
      }
    }
    if (!isThenable(result)) return;
    const settled = (): void => {
      if (open.before === waiting) open.before = undefined;
    };
    const waiting = Promise.resolve(result).then(settled, (error: unknown) => {
      settled();
      this.#fail(open, error);
    });
    open.before = waiting;
  }

  /** A handler has failed. Never throws. */
  #fail({ socket, target }: Open, error: unknown): void {
    const { handler } = target;
    socket.context?.failed(error);
    // A handler that stops because its client has left does as it was told.
    if (!socket.isOpen && error instanceof Error && error.name === "AbortError") return;
    if (typeof handler === "function" || !handler.error) {
      // A problem that is the client's own says so, as the answer to a request would.
      if (isKind(error, "problem") && (error as Problem).status < 500) {
        const { detail, title } = (error as Problem).options;
        socket.close(CloseCode.PolicyViolation, detail ?? title);
        return;
      }
      this.#record(socket, error);
    } else {
      try {
        const result = handler.error(socket, error);
        if (isThenable(result)) {
          const close = (): void => socket.close(CloseCode.InternalError);
          result.then(close, (second: unknown) => {
            this.#record(socket, second);
            close();
          });
          return;
        }
      } catch (second) {
        this.#record(socket, second);
      }
    }
    socket.close(CloseCode.InternalError);
  }

  #record(socket: ServerSocket, cause: unknown): void {
    let message = `WebSocket ${socket.route.path} failed`;
    try {
      message += ` (request ${socket.native.id})`;
    } catch {
      // It has been forgotten.
    }
    if (!write(this.log, "error", message, cause)) write(this.log, "error", `${message}; what it threw cannot be written`);
  }
}

/** What a client is told of a message that a schema's library refuses, as the runtime tells of others. */
const PROBLEM = { type: "urn:sabir:problem:validation-failed", title: "Request validation failed", status: 422 };
