import type { Background } from "./background.js";
import { ByTicket } from "./by-ticket.js";
import type { CallContext } from "./call.js";
import { Ending } from "./ending.js";

/** What one connection has: what was made for it, by its provider, until it is closed and no request uses it any more. */
export class Connected<Made> {
  readonly made = new Map<unknown, Made>();
  readonly ending: Ending;
  #requests = 0;
  #hasEnded: boolean;

  constructor(background: Background, hasEnded: boolean) {
    this.ending = new Ending(background);
    this.ending.what = "a connection";
    this.#hasEnded = hasEnded;
  }

  /** Counts a request until its end. */
  enter(request: Ending): void {
    this.#requests++;
    request.last(() => {
      this.#requests--;
      this.#close();
    });
  }

  /** The connection is closed. */
  end(): void {
    this.#hasEnded = true;
    this.#close();
  }

  #close(): void {
    if (this.#hasEnded && this.#requests === 0) this.ending.end();
  }
}

/** The connections of one application that have something. */
export class Connections<Made> {
  readonly #background: Background;
  readonly #known = new Map<number, Connected<Made>>();
  /** By the tickets that the runtime tells their ends with. */
  readonly #numbers = new ByTicket<number>();

  constructor(background: Background) {
    this.#background = background;
  }

  /** The connection of a request, which counts as one that uses it. */
  of(context: CallContext): Connected<Made> {
    const number = context.connection;
    let connected = this.#known.get(number);
    if (!connected) {
      // In memory a request is a connection of its own, and ends it.
      connected = new Connected(this.#background, number === 0);
      if (number !== 0) {
        this.#known.set(number, connected);
        this.#numbers.set(context.tellConnectionEnd(), number);
      }
    }
    connected.enter(context.ending);
    return connected;
  }

  /** Something with this ticket has ended. */
  ended(ticket: number): void {
    const number = this.#numbers.get(ticket);
    if (number === undefined) return;
    this.#numbers.delete(ticket);
    const connected = this.#known.get(number);
    this.#known.delete(number);
    connected?.end();
  }
}
