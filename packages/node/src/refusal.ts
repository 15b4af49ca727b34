import type { CallContext } from "./call.js";
import { encode, fieldsOf } from "./encode.js";
import type { Engine, NativeCalls } from "./engine.js";
import { problemOf, Reply, replyOf } from "./reply.js";

/**
 * Answers with `value` in place of a socket that waits to be opened.
 *
 * @throws The answer cannot be sent, such as one that is made while it is sent.
 */
export async function refuseSocket(
  native: NativeCalls,
  ticket: number,
  value: unknown,
  context: CallContext,
  engine: Engine,
): Promise<void> {
  const reply = value instanceof Reply ? value : replyOf(value, context, undefined, engine);
  const { format } = reply;
  if (format === "problem") {
    native.refuse(ticket, problemOf(reply));
    return;
  }
  if (format === "web") {
    const content = new Uint8Array(await new globalThis.Response(reply.content as ReadableStream).arrayBuffer());
    native.refuseWith(ticket, reply.status, fieldsOf(reply, undefined, undefined, engine), content);
    return;
  }
  if (format !== undefined && format !== "json" && format !== "html") {
    throw new TypeError("a socket is refused with content that is there as a whole, and this is a stream or a file");
  }
  const { body, mediaType } = encode(reply);
  native.refuseWith(ticket, reply.status, fieldsOf(reply, mediaType, undefined, engine), body);
}
