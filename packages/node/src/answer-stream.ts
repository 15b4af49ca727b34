import { asBytes, BYTES_TYPE, LINES_TYPE, TEXT_TYPE } from "./encode.js";
import type { NativeCalls } from "./engine.js";
import { encodeEvent, type Event, type EventData } from "./event.js";
import { stringify } from "./json.js";
import type { Trailers } from "./response.js";
import type { Source, Step } from "./source.js";

/** How values become content; without one, the first value decides between lines of JSON and what is sent as it is. */
export type Form = "events" | "lines" | "plain";

/** The head of an answer. */
export interface Head {
  readonly status: number;
  /** Names and values, one after the other. */
  readonly fields: string[];
}

/** What an answer that is made while it is sent is besides its values. */
export interface StreamOptions {
  readonly form?: Form | undefined;
  /** Whether content that is there already is sent as a whole, with its length. */
  readonly mayBeWhole?: boolean;
  /** Whether the server does not wait for its end when it stops. */
  readonly isEndless?: boolean;
  /** What follows the content. */
  readonly trailers?: Trailers | undefined;
  /**
   * The head, for content of that media type. It is asked for once, when the first value is there: till then a handler says
   * what the answer has beside its content.
   */
  head(mediaType: string | undefined): Head;
}

/** What {@link NativeCalls.write} returns. */
const enum Room {
  Ready = 0,
  Full = 1,
  Gone = 2,
}

/** So many bytes, or units of text, are collected before they are handed to the runtime. Larger chunks are not copied. */
const COLLECTED = 32 * 1024;

/** Chunks of so many bytes are handed over by themselves. */
const LARGE = 16 * 1024;

/** Milliseconds after which values that are there at once leave the loop to others. */
const SLICE_MS = 10;

/**
 * How long the head of an event stream waits for the first event, so that a failure before it is a problem. A client that has
 * the head knows that it is connected.
 */
const FIRST_EVENT_MS = 250;

/** Why a source is closed. */
const GONE = "nobody reads the answer any more";

/** Hands over, once in a turn of the loop, what streams have collected. */
export class Flushes {
  #waiting: AnswerStream[] = [];

  add(stream: AnswerStream): void {
    if (this.#waiting.push(stream) === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const stream of waiting) stream.flush();
  };
}

/** Makes one answer while it is sent. */
export class AnswerStream {
  readonly #native: NativeCalls;
  readonly #ticket: number;
  readonly #source: Source;
  readonly #options: StreamOptions;
  readonly #flushes: Flushes;
  readonly #failed: (error: unknown) => void;
  #form: Form | undefined;
  /** Steps that were taken ahead. */
  readonly #ahead: (Step | PromiseLike<Step>)[] = [];
  /** What is collected: text or bytes. */
  #text = "";
  #bytes: Uint8Array | undefined;
  #length = 0;
  #isScheduled = false;
  #hasBegun = false;
  #isFull = false;
  #isGone = false;
  #isClosed = false;
  /** Goes on when there is room. */
  #resume: (() => void) | undefined;

  /** @param failed Takes what the source fails with when it is closed before its end. */
  constructor(
    native: NativeCalls,
    ticket: number,
    source: Source,
    options: StreamOptions,
    flushes: Flushes,
    failed: (error: unknown) => void,
  ) {
    this.#native = native;
    this.#ticket = ticket;
    this.#source = source;
    this.#options = options;
    this.#form = options.form;
    this.#flushes = flushes;
    this.#failed = failed;
  }

  /** Whether the head is sent, so that nothing else can be answered. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether nobody reads it any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether the server does not wait for its end. */
  get isEndless(): boolean {
    return this.#options.isEndless ?? false;
  }

  /**
   * Sends every value, and ends the content.
   *
   * @throws What the source fails with, or a value that cannot be sent.
   */
  async run(): Promise<void> {
    if (this.#options.mayBeWhole && (await this.#isSentWhole())) return;
    const isOfEvents = this.#form === "events" || this.isEndless;
    const timer = isOfEvents ? setTimeout(() => this.#beginEarly(), FIRST_EVENT_MS) : undefined;
    let start = performance.now();
    try {
      for (;;) {
        const next = this.#next();
        const step = isPromise(next) ? await next : next;
        if (this.#isGone) return;
        clearTimeout(timer);
        if (step.done) break;
        const { value } = step;
        this.#send(isPromise(value) ? await value : value);
        if (this.#isFull) await new Promise<void>((resolve) => (this.#resume = resolve));
        if (this.#isGone) return;
        if (performance.now() - start > SLICE_MS) {
          this.flush();
          await turn();
          start = performance.now();
        }
      }
    } finally {
      clearTimeout(timer);
    }
    const { trailers } = this.#options;
    this.end(trailers && (await fieldsOf(trailers)));
  }

  /** Ends it where it is, as if there were no more values. */
  end(trailers?: string[]): void {
    this.#begin();
    this.flush(true);
    this.#native.end(this.#ticket, true, trailers);
  }

  /** There is room again. */
  writable(): void {
    this.#isFull = false;
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Nobody reads it any more, or nobody is to read more of it: the source is closed. */
  abandon(): void {
    this.#isGone = true;
    this.#drop();
    this.writable();
    this.#close();
  }

  /** Hands over what is collected; of text without the half of a character at its end, unless it is the end. */
  flush(isEnd = false): void {
    this.#isScheduled = false;
    if (this.#text !== "") {
      const text = this.#text;
      const isHalf = !isEnd && isHighSurrogate(text.charCodeAt(text.length - 1));
      this.#text = isHalf ? text.slice(-1) : "";
      this.#write(isHalf ? text.slice(0, -1) : text);
    } else if (this.#length > 0) {
      const bytes = (this.#bytes as Uint8Array).subarray(0, this.#length);
      this.#length = 0;
      // The runtime copies it.
      this.#write(bytes);
      if (this.#bytes && pool.length < POOLED) pool.push(this.#bytes);
      this.#bytes = undefined;
    }
  }

  #next(): Step | PromiseLike<Step> {
    return this.#ahead.shift() ?? this.#source.next();
  }

  /** Sends what is there already as a whole, such as the text that a `Response` was made of. Whether it did. */
  async #isSentWhole(): Promise<boolean> {
    const steps = [await this.#source.next()];
    let size = 0;
    for (let step = steps[0] as Step; !step.done; step = steps.at(-1) as Step) {
      if (this.#isGone) return true;
      size += plain(step.value).length;
      const next = this.#source.next();
      if (size > WHOLE_LIMIT || !(await isSettledSoon(next))) {
        this.#ahead.push(...steps, next);
        return false;
      }
      steps.push(await next);
    }
    if (this.#isGone) return true;
    const { status, fields } = this.#options.head(undefined);
    this.#native.answer(this.#ticket, status, fields, joined(steps.slice(0, -1).map(({ value }) => plain(value))));
    return true;
  }

  #send(value: unknown): void {
    try {
      this.#form ??= typeof value === "string" || isBytes(value) ? "plain" : "lines";
      const chunk = encoded(this.#form, value);
      this.#begin(value);
      if (typeof chunk === "string") this.#collectText(chunk);
      else this.#collectBytes(chunk);
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /** Sends the head, if that is still to be done. */
  #begin(first?: unknown): void {
    if (this.#hasBegun || this.#isGone) return;
    const { status, fields } = this.#options.head(this.#mediaType(first));
    const { trailers } = this.#options;
    const names = trailers && Object.keys(trailers);
    if (!this.#native.begin(this.#ticket, status, fields, this.#form === "events", names)) this.#isGone = true;
    this.#hasBegun = true;
  }

  #beginEarly(): void {
    try {
      this.#begin();
    } catch {
      // It fails again with the first value, where a failure is answered.
    }
  }

  /** The media type that the content has by itself. */
  #mediaType(first: unknown): string | undefined {
    // The runtime knows that of events.
    if (this.#form === "events") return undefined;
    if (this.#form === "lines") return LINES_TYPE;
    return typeof first === "string" ? TEXT_TYPE : BYTES_TYPE;
  }

  #collectText(text: string): void {
    if (this.#length > 0) this.flush();
    this.#text += text;
    if (this.#text.length >= COLLECTED) this.flush();
    else this.#schedule();
  }

  #collectBytes(bytes: Uint8Array): void {
    if (this.#text !== "" || this.#length + bytes.length > COLLECTED) this.flush(true);
    if (bytes.length >= LARGE) {
      this.flush();
      this.#write(bytes);
      return;
    }
    this.#bytes ??= pool.pop() ?? new Uint8Array(COLLECTED);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#flushes.add(this);
  }

  #write(chunk: string | Uint8Array): void {
    if (this.#isGone) return;
    const room = this.#native.write(this.#ticket, chunk) as Room;
    if (room !== Room.Ready) this.#isFull = true;
  }

  /** Drops what is collected. */
  #drop(): void {
    this.#text = "";
    this.#length = 0;
    this.#bytes = undefined;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      const closed = this.#source.close(new DOMException(GONE, "AbortError"));
      if (isPromise(closed)) closed.then(undefined, this.#failed);
    } catch (error) {
      this.#failed(error);
    }
  }
}

/** Buffers that nobody uses now. */
const pool: Uint8Array[] = [];
const POOLED = 16;

/** @throws {TypeError} The value does not fit to those before it, or cannot be sent at all. */
function encoded(form: Form, value: unknown): string | Uint8Array {
  if (form === "events") return encodeEvent(value as Event | EventData);
  if (form === "plain") return plain(value);
  if (isBytes(value)) throw new TypeError("bytes are no line of JSON; a stream of bytes begins with bytes or with a string");
  return `${stringify(value)}\n`;
}

/** @throws {TypeError} It is neither text nor bytes. */
function plain(value: unknown): string | Uint8Array {
  if (typeof value === "string") return value;
  const bytes = asBytes(value);
  if (bytes) return bytes;
  const instead = "what follows text or bytes has to be text or bytes too";
  throw new TypeError(`a value of type ${value === null ? "null" : typeof value} cannot be sent here; ${instead}`);
}

/** What is sent of several chunks at once; nothing of none. */
function joined(chunks: readonly (string | Uint8Array)[]): string | Uint8Array | undefined {
  if (chunks.length < 2) return chunks[0];
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk)));
}

/** Fields whose values are there by now, names and values one after the other. */
async function fieldsOf(trailers: Trailers): Promise<string[]> {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(trailers)) fields.push(name, typeof value === "function" ? await value() : value);
  return fields;
}

function isBytes(value: unknown): boolean {
  return asBytes(value) !== undefined;
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isPromise<T>(value: PromiseLike<T> | T): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** Leaves the loop to others. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Up to so many bytes that are there already are sent as a whole. */
const WHOLE_LIMIT = 16 * 1024 * 1024;

/** So many turns of the queue of microtasks a platform takes at most to end content that is there. */
const SOON = 10;

/** Whether `step` is there at once, as far as a promise can be. */
async function isSettledSoon(step: Step | PromiseLike<Step>): Promise<boolean> {
  if (!isPromise(step)) return true;
  let isSettled = false;
  const settled = (): void => void (isSettled = true);
  void step.then(settled, settled);
  for (let turns = 0; turns < SOON && !isSettled; turns++) await undefined;
  return isSettled;
}
