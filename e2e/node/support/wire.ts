/** A small HTTP/1.1 client that sends exactly the bytes of a fixture. */

import { setTimeout } from "node:timers/promises";

import { Connection, Ended, excerpt } from "./connection.js";
import { content, fields } from "./content.js";
import { type Answer, fieldValues, type Raw, type Request } from "./fixture.js";

/** How long to listen for an answer too many. */
const SILENCE_MS = 150;

/** The time between two pieces, in which the first one arrives alone. */
const PAUSE_MS = 2;

/** The answers to a request, and whether the server closed the connection after them. */
export interface Outcome {
  answers: Answer[];
  closed: boolean;
}

/** Keeps its connection from one request to the next. */
export class Wire {
  /** Of the server. */
  readonly address: string;
  #connection: Connection | undefined;

  constructor(address: string) {
    this.address = address;
  }

  /** Sends a request and reads `count` answers. */
  async send(request: Request | Raw, count: number, expectsEnd: boolean): Promise<Outcome> {
    if (!("method" in request)) {
      return this.#sendRaw(request, count, expectsEnd);
    }
    const connection = this.#connection ?? (await Connection.open(this.address));
    this.#connection = undefined;
    let isKept = false;
    try {
      connection.write(written(request));
      const answer = await readAnswer(connection, request.method === "HEAD");
      const closed = expectsEnd ? await connection.ends() : connection.ended;
      isKept = !closed && !fieldValues(answer, "connection").includes("close");
      return { answers: [answer], closed };
    } finally {
      if (isKept) {
        this.#connection = connection;
      } else {
        connection.close();
      }
    }
  }

  /** Closes the connection that is kept. */
  close(): void {
    this.#connection?.close();
  }

  async #sendRaw({ raw, raw_base64 = "" }: Raw, count: number, expectsEnd: boolean): Promise<Outcome> {
    const pieces = raw === undefined ? [Buffer.from(raw_base64, "base64")] : [raw].flat().map((piece) => Buffer.from(piece));
    const lines = Buffer.concat(pieces)
      .toString("latin1")
      .split("\r\n")
      .filter((line) => line.includes(" HTTP/"));
    const connection = await Connection.open(this.address);
    try {
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) await setTimeout(PAUSE_MS);
        connection.write(piece);
      }
      const answers: Answer[] = [];
      while (answers.length < count) {
        answers.push(await readAnswer(connection, lines[answers.length]?.startsWith("HEAD ") ?? false));
      }
      if (expectsEnd) {
        return { answers, closed: await connection.ends() };
      }
      // An answer too many would show that the server saw a request that was none.
      const closed = await connection.ends(SILENCE_MS);
      if (connection.data.length > 0) {
        throw new Error(`more came than ${count} answers: ${excerpt(connection.data)}`);
      }
      return { answers, closed };
    } finally {
      connection.close();
    }
  }
}

/** Reads one answer (RFC 9112 §6.3). */
export async function readAnswer(connection: Connection, isHead: boolean): Promise<Answer> {
  const head = (await connection.until("\r\n\r\n")).toString("latin1");
  const [line = "", ...rest] = head.split("\r\n");
  // A server may answer an HTTP/1.0 client in that version (RFC 9110 §2.5).
  if (!/^HTTP\/1\.[01] [0-9]{3}/.test(line)) {
    throw new Error(`this is no status line: ${line}`);
  }
  const status = Number(line.slice(9, 12));
  if (status >= 100 && status < 200 && status !== 101) {
    return readAnswer(connection, isHead);
  }
  const headers = rest.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  const answer: Answer = { status, headers, body: new Uint8Array() };
  if (!isHead && status !== 101 && status !== 204 && status !== 304) {
    const pieces: Buffer[] = [];
    try {
      await readContent(connection, answer, pieces);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      pieces.push(error.rest);
      answer.breaksOff = true;
    }
    answer.body = Buffer.concat(pieces);
  }
  return answer;
}

/** Reads content into `pieces`. */
async function readContent(connection: Connection, answer: Answer, pieces: Buffer[]): Promise<void> {
  if (fieldValues(answer, "transfer-encoding").includes("chunked")) {
    let size: number;
    do {
      size = Number.parseInt((await connection.until("\r\n")).toString(), 16);
      pieces.push(await connection.exactly(size));
      await connection.exactly(2);
    } while (size > 0);
    return;
  }
  const [length] = fieldValues(answer, "content-length");
  if (length === undefined && !(await connection.ends())) {
    throw new Error("the answer has no end");
  }
  pieces.push(await connection.exactly(length === undefined ? connection.data.length : Number(length)));
}

/** The bytes of a request. */
export function written(request: Request): Buffer {
  const headers = fields(request);
  let body = content(request);
  if (request.chunked) {
    headers.push(["transfer-encoding", "chunked"]);
    body = chunked(body ?? Buffer.alloc(0));
  } else if (body !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-length")) {
    headers.push(["content-length", String(body.length)]);
  }
  const lines = [`${request.method} ${request.path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const head = lines.map((line) => `${line}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${head}\r\n`), body ?? Buffer.alloc(0)]);
}

/** `body` in two chunks where that is possible, so that a reader has to put them together. */
function chunked(body: Buffer): Buffer {
  const half = Math.ceil(body.length / 2);
  const parts = [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0);
  const chunks = parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
  return Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]);
}
