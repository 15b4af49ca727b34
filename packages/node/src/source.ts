/** What is sent one after the other. */
export type Values<T = unknown> = AsyncIterable<T> | Iterable<T> | ReadableStream<T>;

/** One step of an iterator. */
export interface Step {
  readonly done?: boolean | undefined;
  readonly value?: unknown;
}

/** Where the values of an answer come from. */
export interface Source {
  /** The next value. */
  next(): Step | PromiseLike<Step>;
  /** Ends it before its end: nobody wants the other values. */
  close(reason: Error): unknown;
}

/** What a stream of Node has beside its iterator. */
interface NodeStream {
  pipe(): void;
  destroy(): void;
}

/** Whether a handler that returns `value` means what it gives one after the other: no collection, but an iterator. */
export function isStream(value: object): value is Values {
  if (Array.isArray(value)) return false;
  if (Symbol.asyncIterator in value) return true;
  return Symbol.iterator in value && typeof (value as { next?: unknown }).next === "function";
}

/**
 * The source that `values` are.
 *
 * @throws {TypeError} They are none, or somebody reads them already.
 */
export function sourceOf(values: Values): Source {
  if ("getReader" in values && typeof values.getReader === "function") {
    const reader = values.getReader();
    return { next: () => reader.read(), close: (reason) => reader.cancel(reason) };
  }
  const iterator: AsyncIterator<unknown> | Iterator<unknown> =
    Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : (values as Iterable<unknown>)[Symbol.iterator]();
  const { pipe, destroy } = values as unknown as Partial<NodeStream>;
  if (typeof pipe === "function" && typeof destroy === "function") return nodeSource(values as unknown as NodeStream, iterator);
  return { next: () => iterator.next(), close: () => iterator.return?.() };
}

/** A stream of Node, whose iterator would not return before the stream gives something. */
function nodeSource(stream: NodeStream, iterator: AsyncIterator<unknown> | Iterator<unknown>): Source {
  let isClosed = false;
  const next = async (): Promise<Step> => {
    try {
      return await iterator.next();
    } catch (error) {
      // That it has been destroyed is no failure.
      if (isClosed) return { done: true };
      throw error;
    }
  };
  const close = (): void => {
    isClosed = true;
    stream.destroy();
  };
  return { next, close };
}

/** @throws {TypeError} `values` cannot be sent one after the other, or are one value. */
export function checkValues(values: unknown): void {
  const isIterable =
    typeof values === "object" && values !== null && (Symbol.asyncIterator in values || Symbol.iterator in values);
  if (isIterable && !ArrayBuffer.isView(values)) return;
  const what =
    typeof values === "string" || ArrayBuffer.isView(values) ? "one value, which can be returned as it is" : "no stream";
  throw new TypeError(`this is ${what}; give an iterable, an async iterable or a ReadableStream`);
}
