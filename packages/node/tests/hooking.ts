/** What tests of hooks have in common. */

import { setTimeout as sleep } from "node:timers/promises";

import type { Hook, Sabir } from "sabir";

declare module "sabir" {
  interface State {
    steps?: string[];
    user?: string;
  }
}

/** A hook that writes a step, at once or later. */
export function step(name: string, steps: string[], isLater = false): Hook {
  return isLater ? async () => (await sleep(1), void steps.push(name)) : () => void steps.push(name);
}

/** The text of an answer. */
export async function text(app: Sabir, path = "/", init?: RequestInit): Promise<string> {
  return await (await app.request(path, init)).text();
}

/** The status of an answer, and the detail of the problem that it is. */
export async function detail(app: Sabir, path = "/", init?: RequestInit): Promise<[number, unknown]> {
  const answer = await app.request(path, init);
  return [answer.status, ((await answer.json()) as { detail?: string }).detail];
}
