/** What handlers answer of content that they take while it arrives. */

import { createHash } from "node:crypto";

import type { Part } from "sabir";

const kept: unknown[] = [];

/** Keeps what belongs to a request, also when that has been answered. */
export function keep(value: unknown): void {
  kept.push(value);
}

/** The size and the digest of bytes that come in chunks. */
export async function digested(
  chunks: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest("hex") };
}

/** A part of a form: what its head says, and the size and the digest of its bytes. */
export async function partOf(part: Part): Promise<object> {
  return {
    name: part.name,
    filename: part.filename ?? null,
    content_type: part.contentType ?? null,
    ...(await digested(part)),
  };
}
