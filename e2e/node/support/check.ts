/** Sending the requests of a fixture to an application. */

import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Sabir } from "sabir";

import { isFetchable, sendByFetch } from "./fetch.js";
import { type Exchange, load } from "./fixture.js";
import { differences } from "./matching.js";
import { sendInMemory } from "./memory.js";
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
 * Checks the application that `build` gives against the fixture at `path`, in memory, over a socket, and with requests of the
 * platform where these can say what the fixture does.
 */
export function check(path: string, build: () => Sabir): void {
  const { needs, exchanges } = load(path);
  const transports = transportsOf(needs);
  if (transports.includes("memory") && exchanges.every(isFetchable)) transports.push("fetch");
  for (const transport of transports) {
    test(`${path} [${transport}]`, { timeout: TIMEOUT_MS }, () =>
      unlessListed(path, KNOWN_FAILING[path], () => run(build(), exchanges, transport)),
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
  { send, expect }: Exchange,
): Promise<string[]> {
  const expected = [expect].flat();
  const expectsEnd = expected.some(({ closed }) => closed);
  const callsBefore = app.handlerCalls;
  const outcome = await (wire === undefined ? sendTo(app, send) : wire.send(send, expected.length, expectsEnd));
  const calls = app.handlerCalls - callsBefore;
  return differences(expected, { ...outcome, calls });
}
