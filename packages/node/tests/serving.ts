/** Applications behind real sockets, and waits that end. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Sabir } from "sabir";

/** How long any wait may take, on a machine with other work. */
export const TIMEOUT_MS = 20_000;

/** What an application wrote to its log. */
export class Log {
  readonly entries: unknown[][] = [];
  readonly error = (...data: unknown[]): void => void this.entries.push(data);
  readonly warn = this.error;
  readonly info = this.error;
  readonly debug = this.error;

  /** The messages, without what was logged beside them. */
  get messages(): string[] {
    return this.entries.map(([message]) => String(message));
  }
}

/** Serves `app` for as long as `use` runs. */
export async function serving(app: Sabir, use: (url: string) => Promise<void>): Promise<void> {
  const { address } = await app.listen({ port: 0, signals: false });
  try {
    await use(`http://${address}`);
  } finally {
    await app.close();
  }
}

/** Waits until `condition` holds, and gives what it returned. */
export async function eventually<T>(condition: () => T | Promise<T>, timeout = TIMEOUT_MS): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const found = await condition();
    if (found) return found as NonNullable<T>;
    if (performance.now() > deadline) throw new Error("it does not come true");
    await sleep(10);
  }
}

/** Sends `GET path` on a connection of its own and does not wait for the answer. */
export async function begin(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  return socket;
}
