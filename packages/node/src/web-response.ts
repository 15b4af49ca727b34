import { KIND } from "./kind.js";

type WebResponse = globalThis.Response;

/** The header fields whose values the runtime works out by itself. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection"]);

/** The header fields of a web `Response`, names and values one after the other. */
export function fieldsOfResponse(response: WebResponse): string[] {
  const fields: string[] = [];
  for (const [name, value] of response.headers) {
    if (!FRAMING.has(name)) fields.push(name, value);
  }
  return fields;
}

/** A web `Response` whose content is there. */
export class Whole {
  constructor(
    readonly status: number,
    readonly fields: string[],
    readonly content: Uint8Array | undefined,
  ) {}

  get [KIND](): "whole" {
    return "whole";
  }
}

/** The most bytes that are read of the content of a web `Response`, which does not say how long it is. */
const RESPONSE_LIMIT = 16 * 1024 * 1024;

/**
 * Reads the content of `response`, whose stream is cancelled when nobody waits for it any more.
 *
 * @param signal Aborts then, and has aborted already when the call is over.
 * @throws {TypeError} It has no end, or none before the limit.
 * @throws The reason of `signal`.
 */
export async function whole(response: WebResponse, signal: AbortSignal): Promise<Whole> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  // A read that waits then ends as if the content had.
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const type = response.headers.get("content-type") ?? "";
    if (/^text\/event-stream\b/i.test(type)) throw new TypeError("a Response with events is no answer; it has no end");
    const chunks: Uint8Array[] = [];
    let size = 0;
    signal.throwIfAborted();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      chunks.push(chunk.value);
      size += chunk.value.length;
      if (size > RESPONSE_LIMIT) {
        const instead = "streams cannot be sent; return bytes or a string, which may be longer";
        throw new TypeError(`a Response with more than ${RESPONSE_LIMIT} bytes of content is no answer; ${instead}`);
      }
    }
    signal.throwIfAborted();
    const [first] = chunks;
    return new Whole(response.status, fieldsOfResponse(response), chunks.length === 1 && first ? first : joined(chunks, size));
  } catch (error) {
    // What the stream has failed with already is told below.
    void reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const content = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}
