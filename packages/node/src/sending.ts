import { asBytes } from "./encode.js";
import type { NativeContentWriter } from "./engine.js";
import { sourceOf, type Source, type Values } from "./source.js";

/** Why a source is closed. */
const UNREAD = "nobody reads the content of the request any more";

/** The content of a request in memory that is made while it is read: a chunk is asked for when one is wanted. */
export class Sending {
  readonly #source: Source;
  readonly #leaving = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #leave = (): void => this.#end(this.#signal?.reason);
  #isOver = false;

  /**
   * @param signal Leaves when it aborts, as a client does.
   * @throws {TypeError} Somebody reads the values already.
   */
  constructor(values: Values<Uint8Array>, signal: AbortSignal | undefined) {
    this.#source = sourceOf(values);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#leave, { once: true });
  }

  /** Aborts when the client leaves, because it was told so or because its content has failed. */
  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Sends everything, as long as somebody reads it. */
  async run(writer: NativeContentWriter): Promise<void> {
    try {
      while ((await writer.wanted()) && !this.#isOver) {
        const { done, value } = await this.#source.next();
        if (done) {
          this.#isOver = true;
          writer.end();
          return;
        }
        writer.write(chunkOf(value));
      }
      this.close();
    } catch (error) {
      writer.fail();
      this.#end(error);
    }
  }

  /** Sends no more, since the answer is over. */
  close(): void {
    this.#signal?.removeEventListener("abort", this.#leave);
    this.#closeSource(new DOMException(UNREAD, "AbortError"));
  }

  /** Leaves, for that reason. */
  #end(reason: unknown): void {
    this.#closeSource(reason);
    this.#leaving.abort(reason);
  }

  #closeSource(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const ignored = (): void => undefined;
    try {
      // Nobody is there who could be told that it fails.
      Promise.resolve(this.#source.close(reason as Error)).then(ignored, ignored);
    } catch {
      // The same.
    }
  }
}

/** @throws {TypeError} It is no bytes. */
function chunkOf(value: unknown): Uint8Array {
  const bytes = asBytes(value);
  if (bytes) return bytes;
  throw new TypeError(`content is made of bytes; a chunk of it is of type ${value === null ? "null" : typeof value}`);
}
