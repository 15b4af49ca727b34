import type { NativeApp, NativeContent, NativeResponse } from "./engine.js";
import { share } from "./kind.js";
import type { HeaderFields } from "./problem.js";
import { Sending } from "./sending.js";

/** A request in memory, in the runtime's own terms: nothing is normalised or refused on the way. */
export interface InjectedRequest {
  readonly method: string;
  /** The request target, sent as it is. */
  readonly target: string;
  readonly headers?: readonly (readonly [string, string | Uint8Array])[];
  /** The content; of a stream, a chunk is asked for when one is wanted. */
  readonly body?: Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Cancels the request, and with it its handler; the reason is thrown. */
  readonly signal?: AbortSignal;
}

/** What a socket in memory is asked for with. */
export interface ConnectOptions {
  readonly headers?: HeaderFields;
  /** Added to the query of the path. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** The subprotocols that the client speaks, the one that it likes best first. */
  readonly subprotocols?: readonly string[];
}

/** A socket has not been opened. */
export class SocketRefused extends Error {
  override readonly name = "SocketRefused";

  /** @param response The answer, such as a problem. */
  constructor(readonly response: Response) {
    super(`the socket is refused with ${response.status}`);
  }
}
share(SocketRefused, "SocketRefused");

/** The answer to an {@link InjectedRequest}. */
export interface InjectedResponse {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Uint8Array;
  /** The fields that have followed the content. */
  readonly trailers: [string, string][];
}

/** An answer in memory whose content may still be made. */
export type Exchanged = Omit<InjectedResponse, "body" | "trailers"> & {
  readonly body: Uint8Array | NativeContent;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal | undefined;
  /** To be called when the content of the answer is over. */
  readonly over: () => void;
};

/**
 * Sends a request through the pipeline in memory.
 *
 * @param answered Is called when the answer is there, and again when its content is over.
 */
export async function exchange(
  native: NativeApp,
  { method, target, headers = [], body, signal }: InjectedRequest,
  answered: () => void,
): Promise<Exchanged> {
  signal?.throwIfAborted();
  const sending = body === undefined || body instanceof Uint8Array ? undefined : new Sending(body, signal);
  const whole = sending ? undefined : (body as Uint8Array | undefined);
  const exchange = native.inject(method, target, headers.flat(), whole, sending !== undefined);
  if (exchange.content) void sending?.run(exchange.content);
  const leaving = sending?.signal ?? signal;
  leaving?.addEventListener("abort", exchange.cancel, { once: true });
  const answer = await exchange.answer.finally(() => leaving?.removeEventListener("abort", exchange.cancel));
  answered();
  const over = (): void => {
    sending?.close();
    answered();
  };
  if (answer) return { ...headOf(answer), body: answer.body, signal: leaving, over };
  over();
  throw leaving?.reason;
}

/** The head of an answer in memory. */
export function headOf({ status, headers }: NativeResponse): { status: number; headers: [string, string][] } {
  return { status, headers: pairsOf(headers) };
}

/** Names and values that stand one after the other. */
export function pairsOf(fields: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) pairs.push([fields[index] ?? "", fields[index + 1] ?? ""]);
  return pairs;
}
