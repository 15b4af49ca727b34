/** Sending the requests of a fixture to an application. */

import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";

import type { Sabir } from "sabir";

import { type Exchange, load } from "./fixture.js";
import { differences } from "./matching.js";
import { sendInMemory } from "./memory.js";
import { Wire } from "./wire.js";

/** Longer than all the waits of one fixture together. */
const TIMEOUT_MS = 60_000;

/** Fixtures that fail, with the reasons; that one of them passes is a failure as well. */
const KNOWN_FAILING = JSON.parse(readFileSync(new URL("../../known_failing.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

type Transport = "memory" | "socket";

/** Checks the application that `build` gives against the fixture at `path`, in memory and over a socket. */
export function check(path: string, build: () => Sabir): void {
  const { needs = [], exchanges } = load(path);
  const transports: Transport[] = needs.includes("socket") ? ["socket"] : ["memory", "socket"];
  for (const transport of transports) {
    test(`${path} [${transport}]`, { timeout: TIMEOUT_MS }, (context) =>
      unlessKnown(path, context, () => run(build(), exchanges, transport)),
    );
  }
}

/** Runs `attempt`, which must fail where the list says so. */
async function unlessKnown(path: string, context: TestContext, attempt: () => Promise<void>): Promise<void> {
  const reason = KNOWN_FAILING[path];
  if (reason === undefined) {
    return attempt();
  }
  const hasPassed = await attempt().then(
    () => true,
    () => false,
  );
  if (hasPassed) {
    throw new Error(`${path} passes; take it out of known_failing.json`);
  }
  context.todo(reason);
}

async function run(app: Sabir, exchanges: Exchange[], transport: Transport): Promise<void> {
  let wire: Wire | undefined;
  try {
    if (transport === "socket") {
      wire = new Wire((await app.listen({ host: "127.0.0.1", port: 0 })).address);
    }
    for (const [index, exchange] of exchanges.entries()) {
      const found = await exchangeDifferences(app, wire, exchange);
      if (found.length > 0) {
        throw new Error(`exchanges[${index}]: ${found.join("; ")}`);
      }
    }
  } finally {
    wire?.close();
    await app.close();
  }
}

async function exchangeDifferences(app: Sabir, wire: Wire | undefined, { send, expect }: Exchange): Promise<string[]> {
  const expected = [expect].flat();
  const expectsEnd = expected.some(({ closed }) => closed);
  const callsBefore = app.handlerCalls;
  const outcome = await (wire === undefined ? sendInMemory(app, send) : wire.send(send, expected.length, expectsEnd));
  const calls = app.handlerCalls - callsBefore;
  return differences(expected, { ...outcome, calls });
}
