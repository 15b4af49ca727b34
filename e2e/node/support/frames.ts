/** Frames of WebSocket (RFC 6455 §5.2), as a client writes and reads them. */

import { constants, inflateRawSync } from "node:zlib";

import type { Connection } from "./connection.js";

/** What frames are. */
export const Opcode = { Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** A client masks what it sends; any key will do. */
const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** What the end of a compressed message leaves out (RFC 7692 §7.2.2). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/** A frame of the server. */
export interface Frame {
  opcode: number;
  content: Buffer;
}

/** A masked frame that is all of a message. */
export function frame(opcode: number, content: Uint8Array): Buffer {
  const { length } = content;
  let head: Buffer;
  if (length < 126) {
    head = Buffer.from([0x80 | opcode, 0x80 | length]);
  } else if (length < 1 << 16) {
    head = Buffer.from([0x80 | opcode, 0x80 | 126, 0, 0]);
    head.writeUInt16BE(length, 2);
  } else {
    head = Buffer.from([0x80 | opcode, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(length, 6);
  }
  return Buffer.concat([head, KEY, content.map((byte, index) => byte ^ (KEY[index % 4] ?? 0))]);
}

/** The content of a close frame. */
export function closing(code?: number, reason = ""): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}

/** Reads a frame, which a server neither masks nor cuts; `undefined` where the connection has ended. */
export async function readFrame(connection: Connection): Promise<Frame | undefined> {
  if (!(await connection.hasMore())) return undefined;
  const [first = 0, second = 0] = await connection.exactly(2);
  if ((first & 0xb0) !== 0x80 || second > 127) {
    throw new Error(`no server begins a frame with ${first.toString(16)} ${second.toString(16)}`);
  }
  let length = second;
  if (second === 126) length = (await connection.exactly(2)).readUInt16BE();
  if (second === 127) length = Number((await connection.exactly(8)).readBigUInt64BE());
  const content = await connection.exactly(length);
  const isCompressed = (first & 0x40) !== 0;
  return { opcode: first & 0xf, content: isCompressed ? inflated(content) : content };
}

function inflated(content: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([content, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH });
}
