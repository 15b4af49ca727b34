/** What a client says and hears on a WebSocket. */

import type { Closing, Turn } from "./fixture.js";
import { closing } from "./frames.js";
import { jsonDifferences } from "./matching.js";
import type { Peer } from "./peer.js";

/**
 * Takes every turn of a fixture.
 *
 * @throws {Error} Something else comes than what is expected, or nothing in time.
 */
export async function talk(turns: readonly Turn[], peer: Peer): Promise<void> {
  try {
    for (const [index, turn] of turns.entries()) {
      await take(turn, peer).catch((error: unknown) => {
        throw new Error(`talk[${index}]: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  } finally {
    peer.leave();
  }
}

async function take(turn: Turn, peer: Peer): Promise<void> {
  if ("send" in turn) return peer.send(turn.send);
  if ("send_base64" in turn) return peer.send(Buffer.from(turn.send_base64, "base64"));
  if ("send_json" in turn) return peer.send(JSON.stringify(turn.send_json));
  if ("send_ping" in turn) return peer.ping(turn.send_ping);
  if ("send_close" in turn) return peer.close(closing(turn.send_close.code, turn.send_close.reason));
  if ("write" in turn) return peer.write(bytes(turn.write));
  if ("receive_ping" in turn) return peer.control("ping", turn.receive_ping);
  if ("receive_pong" in turn) return peer.control("pong", turn.receive_pong);
  if ("receive_close" in turn) return receiveClose(turn.receive_close, peer);
  if ("read" in turn) {
    const expected = bytes(turn.read);
    return same(await peer.read(expected.length), expected);
  }
  const message = await peer.message();
  if ("receive" in turn) return same(message, turn.receive);
  if ("receive_base64" in turn) return same(message, Buffer.from(turn.receive_base64, "base64"));
  if (typeof message !== "string") throw new Error("bytes came, and JSON is text");
  const found = jsonDifferences(turn.receive_json, Buffer.from(message), "the message");
  if (found.length > 0) throw new Error(`${found.join("; ")}; it was ${message.slice(0, 500)}`);
}

async function receiveClose({ code = 1005, reason }: Closing, peer: Peer): Promise<void> {
  const closed = await peer.closed();
  if (closed.code !== code || (reason !== undefined && closed.reason !== reason)) {
    throw new Error(`it is closed with ${closed.code} ${JSON.stringify(closed.reason)}, not with ${code}`);
  }
}

function same(came: string | Uint8Array, expected: string | Buffer): void {
  const isSame =
    typeof came === "string" ? came === expected : typeof expected !== "string" && Buffer.from(came).equals(expected);
  if (!isSame) throw new Error(`${shown(came)} came, not ${shown(expected)}`);
}

function shown(message: string | Uint8Array): string {
  return typeof message === "string" ? JSON.stringify(message.slice(0, 100)) : Buffer.from(message).toString("hex").slice(0, 100);
}

/** The bytes that hexadecimal digits stand for, which may have spaces between them. */
function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}
