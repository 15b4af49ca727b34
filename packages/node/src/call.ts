import type { Logger } from "./context.js";
import type { NativeApp } from "./engine.js";
import type { PlaceName } from "./operation.js";
import { Request } from "./request.js";

/** Why a call is over before it is answered. */
const GONE = "the client has left or the deadline has passed";

/** The context of one call, before its types: what is rarely needed is made when it is asked for. */
export class CallContext implements Record<PlaceName, Record<string, unknown>> {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  cookies: Record<string, unknown>;
  body: unknown = undefined;
  readonly log: Logger;
  readonly #native: NativeApp;
  readonly #ticket: number;
  #request: Request | undefined;
  #abort: AbortController | undefined;
  /** Whether nobody waits for the answer. */
  isCancelled = false;

  constructor(native: NativeApp, ticket: number, log: Logger) {
    this.#native = native;
    this.#ticket = ticket;
    this.log = log;
    this.params = {};
    this.query = {};
    this.headers = {};
    this.cookies = {};
  }

  get request(): Request {
    return (this.#request ??= new Request(this.#native.request(this.#ticket)));
  }

  get accepts(): string | undefined {
    return this.request.accepts;
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.isCancelled) this.#abort.abort(new DOMException(GONE, "AbortError"));
    }
    return this.#abort.signal;
  }

  /** Tells the handler, if it asked, that nobody waits for its answer. */
  cancel(): void {
    this.isCancelled = true;
    this.#abort?.abort(new DOMException(GONE, "AbortError"));
  }
}
