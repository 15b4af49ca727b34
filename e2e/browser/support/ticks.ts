/** The ticks, as the server sends them and as the page shows them. */

import type { Page } from "playwright-core";

import { POLLING, TIMEOUT_MS } from "./time.js";

export interface Tick {
  readonly number: number;
  readonly readers: number;
}

/** Reads ticks from the server itself until one fits, and leaves. */
export async function tick(origin: string, fits: (tick: Tick) => boolean): Promise<Tick> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(`${origin}/ticks`, { signal });
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const found = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data = ""]) => JSON.parse(data) as Tick).find(fits);
    if (!found) continue;
    leaving.abort();
    return found;
  }
  throw new Error("the ticks have come to an end");
}

/** What the page shows at one moment. */
export interface Shown {
  /** The numbers in its table, in their order. */
  readonly numbers: number[];
  readonly seen: number;
  readonly missed: number;
  readonly returns: number;
}

export async function shown(page: Page): Promise<Shown> {
  return await page.evaluate(() => {
    const number = (id: string) => Number(document.getElementById(id)?.textContent);
    const cells = document.querySelectorAll("#ticks td:first-child");
    const numbers = Array.from(cells, (cell) => Number(cell.textContent)).reverse();
    return { numbers, seen: number("seen"), missed: number("missed"), returns: number("returns") };
  });
}

/** Waits until the page shows a tick with this number or a later one. */
export async function reaches(page: Page, number: number): Promise<void> {
  await page.waitForFunction((least) => Number(document.querySelector("#ticks td")?.textContent) >= least, number, POLLING);
}
