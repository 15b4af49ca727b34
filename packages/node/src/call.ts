import type { Calls } from "./calls.js";
import type { Logger } from "./context.js";
import type { NativeRequest } from "./engine.js";
import type { PlaceName } from "./operation.js";
import { Request } from "./request.js";

/** Why the signal of a call aborts. */
const GONE = "the call is over: its client has left, its deadline has passed, or it has been answered";

/** The context of one call, before its types: what is rarely needed is made when it is asked for. */
export class CallContext implements Record<PlaceName, Record<string, unknown>> {
  params: Record<string, unknown> = {};
  query: Record<string, unknown> = {};
  headers: Record<string, unknown> = {};
  cookies: Record<string, unknown> = {};
  body: unknown = undefined;
  /** The content as it was sent, where that is what the handler gets. */
  content: Uint8Array | undefined;
  readonly #calls: Calls;
  readonly #ticket: number;
  #native: NativeRequest | undefined;
  #request: Request | undefined;
  #abort: AbortController | undefined;

  constructor(calls: Calls, ticket: number) {
    this.#calls = calls;
    this.#ticket = ticket;
  }

  /** The request in the runtime, which is there until the call is answered. */
  get native(): NativeRequest {
    return (this.#native ??= this.#calls.native.request(this.#ticket));
  }

  get request(): Request {
    return (this.#request ??= new Request(this.native, () => this.signal, this.content));
  }

  get accepts(): string | undefined {
    return this.native.accepts ?? undefined;
  }

  get log(): Logger {
    return this.#calls.log;
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#calls.native.isOpen(this.#ticket)) this.#calls.watch(this.#ticket, this);
      else this.cancel();
    }
    return this.#abort.signal;
  }

  /** Whether the handler has asked for the signal. */
  get isWatched(): boolean {
    return this.#abort !== undefined;
  }

  /** Whether the handler has been told that nobody waits for its answer. */
  get isCancelled(): boolean {
    return this.#abort?.signal.aborted ?? false;
  }

  /** Tells the handler that nobody waits for its answer. */
  cancel(): void {
    this.#abort?.abort(new DOMException(GONE, "AbortError"));
  }
}
