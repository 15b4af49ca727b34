import type { NativeCalls } from "./engine.js";

/** What {@link NativeCalls.send} returns. */
export const enum Room {
  Ready = 0,
  Full = 1,
  Gone = 2,
}

/** How many messages are collected, at most. */
const COUNT = 64;

/** After how many of them it is seen to that they do not wait too long. */
const EVERY = 4;

/** Longer messages are sent at once: it is not the crossing that they cost. */
const LENGTH = 4096;

/** Who sends. */
interface Sender {
  readonly ticket: number;
  /** Whether messages wait for room, which none behind them may overtake. */
  readonly isWaiting: boolean;
  /** A message was not taken, since there is no room. */
  late(text: string): void;
}

/**
 * Messages that handlers send while a batch is read. They cross to the runtime together, when the batch has been read, or earlier
 * where a millisecond has passed: a handler that works for long must not keep the answers of those before it.
 */
export class SocketSends {
  readonly #tickets = new Float64Array(COUNT);
  readonly #texts: string[] = new Array<string>(COUNT).fill("");
  readonly #senders: (Sender | undefined)[] = new Array<Sender | undefined>(COUNT).fill(undefined);
  #count = 0;
  #began = 0;
  #isOpen = false;
  /** Set by the application, which is made with a function of its calls. */
  native!: NativeCalls;

  /** A batch is read from now on. */
  begin(): void {
    this.#isOpen = true;
  }

  /** A batch has been read. */
  end(): void {
    this.#isOpen = false;
    if (this.#count > 0) this.flush();
  }

  /** Takes a message, if it is one of those that are collected. */
  take(sender: Sender, content: string | Uint8Array): boolean {
    if (!this.#isOpen || typeof content !== "string" || content.length > LENGTH) {
      this.flush();
      return false;
    }
    // A look at the clock is a tenth of what a message costs here.
    if (this.#count % EVERY === 0) {
      const now = Date.now();
      if (this.#count === COUNT || now !== this.#began) this.flush();
      if (sender.isWaiting) return false;
      if (this.#count === 0) this.#began = now;
    }
    const place = this.#count++;
    this.#tickets[place] = sender.ticket;
    this.#texts[place] = content;
    this.#senders[place] = sender;
    return true;
  }

  /** Sends what was collected. To be called before anything else that a client sees in its order. */
  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.native.sendAll(this.#tickets, this.#texts, count);
    for (let place = 0; place < count; place++) {
      const room: Room = this.#tickets[place] as number;
      if (room === Room.Full) this.#senders[place]?.late(this.#texts[place] as string);
      this.#texts[place] = "";
      this.#senders[place] = undefined;
    }
  }
}
