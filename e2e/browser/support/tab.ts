/** A tab of the browser, and what went wrong in it. */

import assert from "node:assert/strict";

import type { BrowserContext, Page } from "playwright-core";

/** What a browser writes to the console when a connection is lost. */
export const LOST_CONNECTION = /net::ERR_|^WebSocket connection to /;

export class Tab {
  readonly page: Page;
  readonly #problems: string[] = [];
  readonly #tolerated: RegExp | undefined;

  private constructor(page: Page, tolerated: RegExp | undefined) {
    this.page = page;
    this.#tolerated = tolerated;
    page.on("console", (message) => message.type() === "error" && this.#note(message.text()));
    page.on("pageerror", (error) => this.#note(String(error)));
    page.on("crash", () => this.#note("the page has crashed"));
    page.on("response", (response) => response.status() >= 400 && this.#note(`${response.status()} ${response.url()}`));
  }

  /** Opens a tab. What is `tolerated` on its console is no problem. */
  static async open(context: BrowserContext, url: string, tolerated?: RegExp): Promise<Tab> {
    const tab = new Tab(await context.newPage(), tolerated);
    await tab.page.goto(url);
    return tab;
  }

  #note(problem: string): void {
    if (!this.#tolerated?.test(problem)) this.#problems.push(problem);
  }

  /** Fails if anything went wrong. */
  check(): void {
    assert.deepEqual(this.#problems, [], `problems of ${this.page.url()}`);
  }

  /** Closes it, and fails if anything went wrong. */
  async close(): Promise<void> {
    await this.page.close();
    this.check();
  }
}
