/** Somebody in the chat. */

import assert from "node:assert/strict";

import type { BrowserContext, Page } from "playwright-core";

import { Tab } from "./tab.js";
import { POLLING } from "./time.js";

/** Opens the chat in a tab and joins it. */
export async function join(context: BrowserContext, origin: string, name: string, tolerated?: RegExp): Promise<Tab> {
  const tab = await Tab.open(context, `${origin}/`, tolerated);
  await tab.page.getByLabel("Your name").fill(name);
  await tab.page.getByRole("button", { name: "Join" }).click();
  await connected(tab.page);
  return tab;
}

export async function connected(page: Page): Promise<void> {
  await page
    .getByRole("status")
    .filter({ hasText: /^Connected$/ })
    .waitFor();
}

/** Waits until a tab shows that these people are here. */
export async function shows(page: Page, ...names: string[]): Promise<void> {
  await page.getByText(`${names.length} here: ${names.join(", ")}`, { exact: true }).waitFor();
}

/** Says something in one tab, and waits until it is the last that all of them show, exactly as it is. */
export async function say(text: string, from: Page, ...to: Page[]): Promise<void> {
  await from.getByLabel("Your message").fill(text);
  await from.getByLabel("Your message").press("Enter");
  for (const page of [from, ...to]) {
    await page.waitForFunction((wanted) => document.querySelector("#log li:last-child p")?.textContent === wanted, text, POLLING);
  }
  assert.equal(await from.getByLabel("Your message").inputValue(), "");
}
