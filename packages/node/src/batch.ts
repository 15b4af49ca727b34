/** The target of a message that tells of a call which nobody waits for any more. */
export const CANCELLED = -1;

/** The target of a message that tells of room for more of an answer that is being made, or over a socket. */
export const WRITABLE = -2;

/** The target of a message that tells of a socket which has been opened: its ticket, its handler, its subprotocol and its slots. */
export const OPENED = -3;

/** The targets of messages that tell of what a socket got: its ticket, the length, and what it is. */
export const MESSAGE = -4;
export const PING = -5;
export const PONG = -6;

/** The target of a message that tells of a socket which is closed: its ticket, the code and the reason. */
export const CLOSED = -7;

/** The target of a message that tells of a socket whose client has left. */
export const GONE = -8;

/** The target of a message that brings a piece of content: the ticket of its call, its kind and what it is. */
export const CONTENT = -9;

/**
 * The target of a message that tells of a request which the runtime refuses: the ticket of its call, its handler, the header fields of
 * the problem, and the problem as text of JSON.
 */
export const REFUSED = -10;

/**
 * The target of a message that tells of the end of an answer, whose last byte was handed over or which nobody gets any more, or of a
 * connection.
 */
export const ENDED = -11;

/**
 * What a call takes beside its slots, at most: its target and its ticket, of a socket also its handler and its subprotocol, and the
 * place where the batch ends.
 */
const HEAD = 5;

/**
 * Calls from the runtime. It writes numbers into an array that is read without crossing over: for each call its target, its
 * ticket and its slots. A slot that is not a number is `NaN`, and its value is the next one of a second array.
 */
export class Batch {
  /** The first is where the batch ends. */
  numbers = new Float64Array(4096);
  #values: unknown[] = [];
  #at = 0;
  #nextValue = 0;

  /** Makes room for calls of `width` slots. */
  fit(width: number): void {
    if (width + HEAD > this.numbers.length) this.numbers = new Float64Array(width + HEAD);
  }

  /** Begins to read, with the values that are no numbers. */
  start(values: unknown[]): void {
    this.#values = values;
    this.#at = 1;
    this.#nextValue = 0;
  }

  /** Whether there is more to read. */
  get hasMore(): boolean {
    return this.#at < (this.numbers[0] as number);
  }

  /** Reads a target or a ticket. */
  number(): number {
    return this.numbers[this.#at++] as number;
  }

  /** Reads a slot. */
  slot(): unknown {
    const number = this.number();
    return Number.isNaN(number) ? this.#values[this.#nextValue++] : number;
  }
}
