/** What the page that shows the documents of a shop does in a browser. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { type Browser, chromium, type Locator } from "playwright-core";

import { Server } from "./server.js";
import { Tab } from "./tab.js";
import { TIMEOUT_MS } from "./time.js";

const ADA = { name: "Ada", email: "ada@example.org" };
const ORDER = { user: 1, lines: [{ sku: "TEA-0001", quantity: 2 }] };

/** Tests the page of the shop that `command` serves. */
export function testDocuments(platform: string, command: readonly string[]): void {
  describe(`served by ${platform}`, { concurrency: 1 }, () => {
    let server: Server;
    let browser: Browser;
    let tab: Tab;
    const foreign: string[] = [];

    before(async () => {
      server = await Server.start(command);
      const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
      // Root has no sandbox of Chromium.
      browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
      const context = await browser.newContext();
      context.setDefaultTimeout(TIMEOUT_MS);
      context.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(server.origin) && !url.startsWith("data:")) foreign.push(url);
      });
      // What is refused is sent on purpose.
      tab = await Tab.open(context, `${server.origin}/docs`, /^401 |status of 401/);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const operation = (method: string, path: string): Locator =>
      tab.page.locator(`.opblock-${method}`, { has: tab.page.locator(`[data-path="${path}"]`) });

    /** Sends what an operation of the page says, with `body`, and returns the status that the page shows. */
    const tryOut = async (block: Locator, body: unknown): Promise<string> => {
      await block.locator("textarea.body-param__text").fill(JSON.stringify(body));
      await block.getByRole("button", { name: "Execute" }).click();
      return block.locator(".live-responses-table .response .response-col_status").first().innerText();
    };

    it("shows every operation, and asks nobody else for anything", async () => {
      await tab.page.getByRole("heading", { name: "Shop" }).waitFor();
      const shown = await tab.page.locator(".opblock-summary-path").count();
      const document = (await (await fetch(`${server.origin}/openapi.json`)).json()) as { paths: object };
      const described = Object.values(document.paths).flatMap((path) => Object.keys(path));
      assert.equal(shown, described.length);
      assert.deepEqual(foreign, []);
    });

    it("sends orders with the token of a clerk alone", async () => {
      const users = operation("post", "/users");
      await users.locator(".opblock-summary-control").click();
      await users.getByRole("button", { name: "Try it out" }).click();
      assert.match(await tryOut(users, ADA), /^201\b/);

      const orders = operation("post", "/orders");
      await orders.locator(".opblock-summary-control").click();
      await orders.getByRole("button", { name: "Try it out" }).click();
      assert.match(await tryOut(orders, ORDER), /^401\b/);

      await tab.page.getByRole("button", { name: "Authorize" }).first().click();
      const dialogue = tab.page.locator(".dialog-ux");
      await dialogue.locator("input").fill("open-sesame");
      await dialogue.getByRole("button", { name: "Apply credentials" }).click();
      await dialogue.getByRole("button", { name: "Close" }).first().click();
      await orders.getByRole("button", { name: "Clear" }).click();
      assert.match(await tryOut(orders, ORDER), /^201\b/);
      tab.check();
    });
  });
}
