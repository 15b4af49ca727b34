/** Applications with sockets, and clients that write what a handshake takes by themselves. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { Sabir, SocketRefused } from "sabir";

import { Log } from "./serving.js";

/** The design says 100 ms; the rest is for a machine with other work. */
export const SOON_MS = 2000;

export function app(logger = new Log()): Sabir {
  return new Sabir({}, { logger });
}

/** What a refused socket is answered with. */
export async function refusal(opening: Promise<unknown>): Promise<{ status: number; problem: any }> {
  try {
    await opening;
  } catch (error) {
    assert.ok(error instanceof SocketRefused, String(error));
    return { status: error.response.status, problem: await error.response.json() };
  }
  assert.fail("the socket is open");
}

/** Opens a socket over a connection, and gives that after the answer. */
export async function raw(url: string, path: string, fields = ""): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  const key = "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nupgrade: websocket\r\nconnection: upgrade\r\n${key}${fields}\r\n`);
  let answer = "";
  while (!answer.includes("\r\n\r\n")) answer += String((await once(socket, "data"))[0]);
  assert.match(answer, /^HTTP\/1\.1 101 /);
  return socket;
}

/** Asks for a socket over a connection, and gives the status and the content of the answer. */
export async function asked(url: string, path: string, fields = ""): Promise<{ status: number; problem: any }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const key = "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nupgrade: websocket\r\nconnection: upgrade\r\n${key}${fields}\r\n`);
  let answer = "";
  const length = (): number => Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
  const isWhole = (): boolean => answer.includes("\r\n\r\n") && answer.length >= answer.indexOf("\r\n\r\n") + 4 + length();
  while (!isWhole()) answer += String((await once(socket, "data"))[0]);
  socket.destroy();
  const [head = "", content = ""] = answer.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), problem: length() === 0 ? undefined : JSON.parse(content) };
}
