import type { ListenOptions, Sabir } from "../sabir.js";

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
  stopOn(["SIGINT", "SIGTERM"], app);
  announce(address, unix);
}

/** Where to listen. */
type Where = { readonly [Name in "host" | "port" | "unix"]: ListenOptions[Name] | undefined };

/** Serves `app` on the supervisor's socket until a signal, or the end of the supervisor, asks to stop. */
export async function work(app: Sabir): Promise<void> {
  await app.listen({ fd: LISTENER, signals: false });
  stopOn(["SIGINT", "SIGTERM", "disconnect"], app);
  process.send?.(app.shutdownTimeoutMs);
}

function stopOn(events: string[], app: Sabir): void {
  const stop = async (): Promise<void> => {
    // A second signal ends the process at once.
    for (const event of events) process.off(event, stop);
    await app.close();
    if (process.connected) process.disconnect();
    // Unlike the timer, what the application has left keeps the process.
    setTimeout(() => {
      console.error("sabir: something still runs after the shutdown; the process ends without it");
      process.exit(0);
    }, LAST_GRACE_MS).unref();
  };
  for (const event of events) process.on(event, stop);
}
