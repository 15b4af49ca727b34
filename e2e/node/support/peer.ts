/** The client's end of a WebSocket, in memory and over a connection. */

import { type ClientSocket, type Sabir, SocketRefused } from "sabir";

import { Connection } from "./connection.js";
import { fields } from "./content.js";
import { type Answer, fieldValues, type Request } from "./fixture.js";
import { frame, Opcode, readFrame } from "./frames.js";
import { readAnswer, written } from "./wire.js";

/** How a socket was closed: 1005 where the frame has no code, 1006 where there is no frame. */
export interface Closed {
  code: number;
  reason: string;
}

/** A client. */
export interface Peer {
  send(message: string | Uint8Array): Promise<void>;
  ping(content: string): Promise<void>;
  /** Sends a close frame with this content. */
  close(content: Buffer): Promise<void>;
  /** Writes bytes as they are. */
  write(bytes: Buffer): Promise<void>;
  /** The next message. */
  message(): Promise<string | Uint8Array>;
  /** Fails unless a ping or a pong with this content comes next. In memory they are answered and dropped, unseen. */
  control(kind: "ping" | "pong", content: string): Promise<void>;
  /** How the server closes, after which nothing comes any more. */
  closed(): Promise<Closed>;
  /** The next bytes. */
  read(length: number): Promise<Buffer>;
  /** Leaves. */
  leave(): void;
}

/** Asks for a socket. Gives the answer, and the socket where it was opened. */
export async function open(app: Sabir, address: string | undefined, request: Request): Promise<[Answer, Peer?]> {
  return address === undefined ? openInMemory(app, request) : openOverConnection(address, request);
}

async function openInMemory(app: Sabir, request: Request): Promise<[Answer, Peer?]> {
  try {
    const socket = await app.connect(request.path, { headers: fields(request) });
    return [{ status: 101, headers: [...socket.headers], body: new Uint8Array() }, new MemoryPeer(socket)];
  } catch (error) {
    if (!(error instanceof SocketRefused)) throw error;
    const { status, headers } = error.response;
    return [{ status, headers: [...headers], body: new Uint8Array(await error.response.arrayBuffer()) }];
  }
}

class MemoryPeer implements Peer {
  readonly #socket: ClientSocket;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  send(message: string | Uint8Array): Promise<void> {
    return this.#socket.send(message);
  }

  ping(content: string): Promise<void> {
    return this.#socket.ping(content);
  }

  close(content: Buffer): Promise<void> {
    return this.write(frame(Opcode.Close, content));
  }

  async write(bytes: Buffer): Promise<void> {
    // The server may have closed already.
    await this.#socket.write(bytes).catch(() => {});
  }

  message(): Promise<string | Uint8Array> {
    return this.#socket.receive();
  }

  async control(): Promise<void> {}

  async closed(): Promise<Closed> {
    const closed = await this.#socket.closed;
    for await (const message of this.#socket) throw new Error(`${String(message)} came before the close`);
    return closed;
  }

  read(): Promise<Buffer> {
    throw new Error("bytes need a connection");
  }

  leave(): void {}
}

const HANDSHAKE: [name: string, value: string][] = [
  ["connection", "Upgrade"],
  ["upgrade", "websocket"],
  ["sec-websocket-version", "13"],
  ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
];

/** What belongs to that key (RFC 6455 §1.3). */
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

async function openOverConnection(address: string, request: Request): Promise<[Answer, Peer?]> {
  const names = new Set(Object.keys(request.headers ?? {}).map((name) => name.toLowerCase()));
  const missing = HANDSHAKE.filter(([name]) => !names.has(name));
  const connection = await Connection.open(address);
  connection.write(written({ ...request, headers: { ...request.headers, ...Object.fromEntries(missing) } }));
  const answer = await readAnswer(connection, false);
  if (answer.status !== 101) {
    connection.close();
    return [answer];
  }
  if (!names.has("sec-websocket-key") && fieldValues(answer, "sec-websocket-accept").join() !== ACCEPT) {
    throw new Error("Sec-WebSocket-Accept is not the right one");
  }
  return [answer, new ConnectionPeer(connection)];
}

class ConnectionPeer implements Peer {
  readonly #connection: Connection;
  #hasClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  send(message: string | Uint8Array): Promise<void> {
    return typeof message === "string"
      ? this.write(frame(Opcode.Text, Buffer.from(message)))
      : this.write(frame(Opcode.Binary, message));
  }

  ping(content: string): Promise<void> {
    return this.write(frame(Opcode.Ping, Buffer.from(content)));
  }

  close(content: Buffer): Promise<void> {
    this.#hasClosed = true;
    return this.write(frame(Opcode.Close, content));
  }

  async write(bytes: Buffer): Promise<void> {
    this.#connection.write(bytes);
  }

  async message(): Promise<string | Uint8Array> {
    const { opcode, content } = await this.#next();
    if (opcode === Opcode.Text) return content.toString();
    if (opcode === Opcode.Binary) return content;
    throw new Error(`a frame with the opcode ${opcode} came, not a message: ${content.toString("latin1")}`);
  }

  async control(kind: "ping" | "pong", expected: string): Promise<void> {
    const { opcode, content } = await this.#next();
    if (opcode !== (kind === "ping" ? Opcode.Ping : Opcode.Pong) || content.toString() !== expected) {
      throw new Error(`a frame with the opcode ${opcode} and ${content.toString("latin1")} came, not a ${kind}`);
    }
    if (kind === "ping") await this.write(frame(Opcode.Pong, content));
  }

  async closed(): Promise<Closed> {
    const last = await readFrame(this.#connection);
    if (last === undefined) return { code: 1006, reason: "" };
    const { opcode, content } = last;
    if (opcode !== Opcode.Close) {
      throw new Error(`a frame with the opcode ${opcode} came, not a close: ${content.toString("latin1")}`);
    }
    if (!this.#hasClosed) await this.close(content);
    if (!(await this.#connection.ends()) || this.#connection.data.length > 0) {
      throw new Error("the connection goes on after its close");
    }
    const code = content.length === 0 ? 1005 : content.readUInt16BE();
    return { code, reason: content.subarray(2).toString() };
  }

  read(length: number): Promise<Buffer> {
    return this.#connection.exactly(length);
  }

  leave(): void {
    this.#connection.close();
  }

  async #next(): Promise<{ opcode: number; content: Buffer }> {
    const next = await readFrame(this.#connection);
    if (next === undefined) throw new Error("the connection has ended");
    return next;
  }
}
