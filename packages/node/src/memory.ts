import type { NativeContent } from "./engine.js";

/**
 * The whole content of an answer in memory.
 *
 * @param signal Leaves when it aborts; its reason is thrown.
 * @throws {Error} The content breaks off.
 */
export async function readAll(content: NativeContent, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const close = (): void => content.close();
  signal?.addEventListener("abort", close, { once: true });
  try {
    signal?.throwIfAborted();
    for (let chunk = await content.read(); chunk; chunk = await content.read()) chunks.push(chunk);
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
  return joined(chunks);
}

/**
 * The content of an answer in memory as a stream of the platform: a chunk is made when it is read, and whoever cancels the
 * stream leaves as a client does.
 *
 * @param signal Leaves when it aborts; reading fails with its reason.
 * @param ended Called when there is no more.
 */
export function readable(
  content: NativeContent,
  signal: AbortSignal | undefined,
  ended: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let abort: (() => void) | undefined;
  const end = (): void => {
    if (abort) signal?.removeEventListener("abort", abort);
    content.close();
    ended();
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        abort = () => {
          controller.error(signal?.reason);
          end();
        };
        if (signal?.aborted) abort();
        else signal?.addEventListener("abort", abort, { once: true });
      },
      pull: async (controller) => {
        let chunk: Uint8Array | null;
        try {
          chunk = await content.read();
        } catch (error) {
          end();
          throw error;
        }
        if (signal?.aborted) return;
        if (chunk) {
          controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
          return;
        }
        controller.close();
        end();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** Chunks as one. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const content = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}
