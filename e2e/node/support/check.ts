/** Sending the requests of a fixture to an application. */

import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { Sabir } from "sabir";

import { isFetchable, sendByFetch } from "./fetch.js";
import { type Exchange, load } from "./fixture.js";
import { withFolder } from "./folder.js";
import { differences } from "./matching.js";
import { sendInMemory } from "./memory.js";
import { TIMEOUT_MS as WAIT_MS } from "./connection.js";
import { open } from "./peer.js";
import { talk } from "./talk.js";
import { Wire } from "./wire.js";

/** Longer than all the waits of one fixture together. */
const TIMEOUT_MS = 60_000;

/** Fixtures that fail, with the reasons; that one of them passes is a failure as well. */
export const KNOWN_FAILING = JSON.parse(readFileSync(new URL("../../known_failing.json", import.meta.url), "utf8")) as Readonly<
  Record<string, string>
>;

/** How requests reach an application. */
export type Transport = "memory" | "socket" | "fetch";

/**
 * Checks the application that `build` gives, with the folder where its files are, against the fixture at `path`, in memory, over a socket, and with requests of the
 * platform where these can say what the fixture does.
 */
export function check(path: string, build: (folder: string) => Sabir): void {
  const { needs, app, exchanges } = load(path);
  const transports = transportsOf(needs);
  if (transports.includes("memory") && exchanges.every(isFetchable)) transports.push("fetch");
  for (const transport of transports) {
    test(`${path} [${transport}]`, { timeout: TIMEOUT_MS }, () =>
      unlessListed(path, KNOWN_FAILING[path], () => withFolder(app, (folder) => run(build(folder), exchanges, transport))),
    );
  }
}

/** The ways on which a fixture with these needs is sent. */
export function transportsOf(needs: readonly string[] = []): Transport[] {
  return needs.includes("socket") ? ["socket"] : ["memory", "socket"];
}

/** Runs `attempt`, which must fail where the list gives a reason for it. */
export async function unlessListed(path: string, reason: string | undefined, attempt: () => Promise<void>): Promise<void> {
  if (reason === undefined) {
    return attempt();
  }
  const hasPassed = await attempt().then(
    () => true,
    () => false,
  );
  if (hasPassed) {
    throw new Error(`${path} passes, but known_failing.json says: ${reason}. Take it off the list.`);
  }
}

/** Sends every request to `app` and compares the answers. */
export async function run(app: Sabir, exchanges: Exchange[], transport: Transport): Promise<void> {
  let wire: Wire | undefined;
  try {
    if (transport === "socket") {
      wire = new Wire((await app.listen({ host: "127.0.0.1", port: 0 })).address);
    }
    for (const [index, exchange] of exchanges.entries()) {
      const found = await exchangeDifferences(app, transport === "fetch" ? sendByFetch : sendInMemory, wire, exchange);
      if (found.length > 0) {
        throw new Error(`exchanges[${index}]: ${found.join("; ")}`);
      }
    }
  } finally {
    wire?.close();
    await app.close();
  }
}

async function exchangeDifferences(
  app: Sabir,
  sendTo: typeof sendInMemory,
  wire: Wire | undefined,
  { send, expect, talk: turns = [] }: Exchange,
): Promise<string[]> {
  const expected = [expect].flat();
  const expectsEnd = expected.some(({ closed }) => closed);
  const callsBefore = app.handlerCalls;
  if ("method" in send && send.websocket) {
    const [answer, peer] = await open(app, wire?.address, send);
    if (peer !== undefined) await handlerOf(app, callsBefore);
    const found = differences(expected, { answers: [answer], closed: false, calls: app.handlerCalls - callsBefore });
    if (found.length === 0 && peer !== undefined) await talk(turns, peer);
    else peer?.leave();
    return found;
  }
  const outcome = await (wire === undefined ? sendTo(app, send) : wire.send(send, expected.length, expectsEnd));
  const calls = app.handlerCalls - callsBefore;
  return differences(expected, { ...outcome, calls });
}

/** Waits for the handler of a socket, which is entered after the answer. */
async function handlerOf(app: Sabir, callsBefore: number): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (app.handlerCalls === callsBefore && performance.now() < deadline) {
    await sleep(1);
  }
}
