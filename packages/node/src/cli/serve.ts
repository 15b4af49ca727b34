import type { ListenOptions, Sabir } from "../sabir.js";
import { type Channel, Shutdown } from "../shutdown.js";
import { RUN_PERIODIC, type Serving } from "./worker.js";

/** Where a supervisor leaves the socket that its workers accept from. */
export const LISTENER = 3;

/** How long what handlers left running may go on after the end of the server. */
const LAST_GRACE_MS = 3000;

/** Tells where the server is reached. */
export function announce(address: string, unix: string | undefined): void {
  console.log(`Sabir serves on ${unix === undefined ? `http://${address}` : `unix:${address}`}`);
}

/** Serves `app` from this process until a signal asks to stop, then ends the process. */
export async function serve(app: Sabir, { host, port, unix }: Where): Promise<void> {
  const { address } = await app.listen({
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(unix !== undefined && { unix }),
    signals: false,
  });
  new Shutdown(app, console, { graceMs: LAST_GRACE_MS }).install();
  announce(address, unix);
}

/** Where to listen. */
type Where = { readonly [Name in "host" | "port" | "unix"]: ListenOptions[Name] | undefined };

/** Serves `app` on the supervisor's socket until a signal, or the end of the supervisor, asks to stop. */
export async function work(app: Sabir): Promise<void> {
  app.lifecycle.isWorker = true;
  await app.listen({ fd: LISTENER, signals: false });
  new Shutdown(app, console, { graceMs: LAST_GRACE_MS, channel: process as Channel }).install();
  const hasPeriodic = !app.periodic.isEmpty;
  if (hasPeriodic) {
    process.on("message", (message) => {
      if (message === RUN_PERIODIC) app.periodic.start();
    });
  }
  process.send?.({ timeoutMs: app.shutdownTimeoutMs, hasChannels: app.mayHaveChannels, hasPeriodic } satisfies Serving);
}
