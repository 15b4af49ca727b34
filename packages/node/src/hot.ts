/** An application that listens, and which evaluation of this module it belongs to. */
interface Listening {
  readonly evaluation: symbol;
  readonly app: { close(): Promise<void> };
  readonly address: string;
}

/** Another one each time that the modules of the program are evaluated. */
const evaluation = Symbol("evaluation");

const LISTENING = Symbol.for("sabir.listening");

/** Whether the program's modules are evaluated again in the same process when they change (`bun --hot`). */
export const isHot = process.execArgv.includes("--hot");

/** The applications that listen, by what they were told to listen to; they outlive the modules. */
function listening(): Map<string, Listening> {
  const shared = globalThis as { [LISTENING]?: Map<string, Listening> };
  return (shared[LISTENING] ??= new Map());
}

/** The address of the application that listened to `place` before the modules changed. */
export function predecessor(place: string): string | undefined {
  const found = listening().get(place);
  return found?.evaluation === evaluation ? undefined : found?.address;
}

/** Ends all applications from before the modules changed. */
export async function replacePredecessors(): Promise<void> {
  const old = [...listening()].filter(([, { evaluation: theirs }]) => theirs !== evaluation);
  for (const [place] of old) listening().delete(place);
  await Promise.all(old.map(([, { app }]) => app.close()));
}

/** Remembers an application until it closes. */
export function remember(place: string, app: Listening["app"], address: string): void {
  listening().set(place, { evaluation, app, address });
}

/** Forgets an application that has closed. */
export function forget(app: Listening["app"]): void {
  if (!isHot) return;
  for (const [place, entry] of listening()) if (entry.app === app) listening().delete(place);
}
