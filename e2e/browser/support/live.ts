/** What the pages of the live examples do in a browser, whichever language serves them. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { type Browser, type BrowserContext, chromium } from "playwright-core";

import { connected, join, say, shows } from "./chat.js";
import { picture } from "./screenshot.js";
import { Server } from "./server.js";
import { LOST_CONNECTION, Tab } from "./tab.js";
import { reaches, shown, tick } from "./ticks.js";
import { POLLING, TIMEOUT_MS } from "./time.js";
import { Wire } from "./wire.js";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Tests the example that `command` serves. */
export function testLive(platform: string, command: readonly string[]): void {
  describe(`served by ${platform}`, { concurrency: 1 }, () => {
    let server: Server;
    let browser: Browser;

    before(async () => {
      server = await Server.start(command);
      const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
      // Root has no sandbox of Chromium.
      browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    /** Runs a test in a browser that has seen nothing yet. */
    const inContext = async (run: (context: BrowserContext) => Promise<void>, options = {}): Promise<void> => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(TIMEOUT_MS);
      try {
        await run(context);
      } finally {
        await context.close();
      }
    };

    it("shows two tabs each other, and that one has closed", async () => {
      await inContext(async (context) => {
        const ada = await join(context, server.origin, "Ada");
        await shows(ada.page, "Ada");
        const eve = await join(context, server.origin, "Eve");
        await shows(ada.page, "Ada", "Eve");
        await shows(eve.page, "Ada", "Eve");
        await say("Has the ship come in?", ada.page, eve.page);
        await say("It has, with saffron.", eve.page, ada.page);
        assert.deepEqual(await ada.page.locator("#log li > b").allTextContents(), ["Ada", "Eve"]);
        await eve.close();
        await shows(ada.page, "Ada");
        await ada.close();
      });
    });

    it("shows every kind of text as it was written", async () => {
      await inContext(async (context) => {
        const ada = await join(context, server.origin, "Ada 👩🏽‍🚀");
        const bob = await join(context, server.origin, "محمد");
        await shows(bob.page, "Ada 👩🏽‍🚀", "محمد");
        await say("👩‍👩‍👧‍👦 🏴‍☠️ 🇬🇷 é \u{10ffff}", ada.page, bob.page);
        await say("مرحبا بكم في الميناء", bob.page, ada.page);
        await say('<b>not bold</b><img src=x onerror=alert(1)> & "quotes" \\n', ada.page, bob.page);
        await say("the sea, ".repeat(222), ada.page, bob.page);
        await say("😀".repeat(1000), bob.page, ada.page);
        await ada.close();
        await bob.close();
      });
    });

    it("compresses what the socket sends", async () => {
      await inContext(async (context) => {
        const tab = await Tab.open(context, `${server.origin}/`);
        const session = await context.newCDPSession(tab.page);
        await session.send("Network.enable");
        const answer = new Promise<Record<string, string>>((resolve) =>
          session.on("Network.webSocketHandshakeResponseReceived", ({ response }) => resolve(response.headers)),
        );
        await tab.page.getByLabel("Your name").fill("Ada");
        await tab.page.getByRole("button", { name: "Join" }).click();
        await connected(tab.page);
        const fields = Object.entries(await answer).map(([name, value]) => [name.toLowerCase(), value]);
        assert.match(Object.fromEntries(fields)["sec-websocket-extensions"] ?? "", /^permessage-deflate\b/);
        await tab.close();
      });
    });

    it("opens a lost socket again", async () => {
      await using wire = await Wire.to(server.origin);
      await inContext(async (context) => {
        const ada = await join(context, server.origin, "Ada");
        const eve = await join(context, wire.origin, "Eve", LOST_CONNECTION);
        await shows(ada.page, "Ada", "Eve");
        wire.cut();
        await shows(ada.page, "Ada");
        await eve.page.getByText("Connection lost, trying again").waitFor();
        await eve.page.getByLabel("Your message").fill("a draft");
        wire.mend();
        await connected(eve.page);
        await shows(ada.page, "Ada", "Eve");
        assert.equal(await eve.page.getByLabel("Your message").inputValue(), "a draft");
        await say("Where were we?", eve.page, ada.page);
        await ada.close();
        await eve.close();
      });
    });

    it("loses no tick with a connection, and shows none twice", async () => {
      await using wire = await Wire.to(server.origin);
      await inContext(async (context) => {
        const tab = await Tab.open(context, `${wire.origin}/ticks.html`, LOST_CONNECTION);
        const { number } = await tick(server.origin, ({ readers }) => readers === 2);
        await reaches(tab.page, number + 2);
        const returning = tab.page.waitForRequest(async (request) => (await request.headerValue("last-event-id")) !== null);
        wire.cut();
        const before = await shown(tab.page);
        await tab.page.getByText("Connection lost, coming back").waitFor();
        const missed = await tick(server.origin, (next) => next.number >= before.numbers.at(-1)! + 4);
        wire.mend();
        await reaches(tab.page, missed.number + 2);
        assert.match((await (await returning).headerValue("last-event-id")) ?? "", /^[0-9a-f]+-\d+$/);
        const { numbers, seen, missed: gaps, returns } = await shown(tab.page);
        const [first, last] = [before.numbers[0]!, numbers.at(-1)!];
        assert.deepEqual(
          numbers,
          Array.from(numbers, (_, index) => numbers[0]! + index),
        );
        assert.ok(returns >= 1 && numbers[0]! <= before.numbers.at(-1)!);
        assert.deepEqual([seen, gaps], [last - first + 1, 0]);
        await tab.close();
      });
    });

    it("counts the readers of ticks, and that one has left", async () => {
      await inContext(async (context) => {
        const tab = await Tab.open(context, `${server.origin}/ticks.html`);
        await tick(server.origin, ({ readers }) => readers === 2);
        await tab.close();
        await tick(server.origin, ({ readers }) => readers === 1);
      });
    });

    for (const [name, options] of [
      ["phone", PHONE],
      ["desktop-dark", { colorScheme: "dark" }],
    ] as const) {
      it(`fits a ${name}`, async () => {
        await inContext(async (context) => {
          const chat = await join(context, server.origin, "Ada");
          const other = await join(context, server.origin, "Eve, whose name is as long as one can be");
          await say("Has the ship come in?", chat.page, other.page);
          await say("It has: forty bales of saffron, and a letter for you. 🌊", other.page, chat.page);
          await say("Then I am at the quay in an hour.", chat.page, other.page);
          await chat.page.bringToFront();
          await picture(chat.page, `${platform.toLowerCase()}-chat-${name}`);
          const ticks = await Tab.open(context, `${server.origin}/ticks.html`);
          await ticks.page.waitForFunction(() => document.querySelectorAll("#ticks tr").length >= 3, undefined, POLLING);
          await picture(ticks.page, `${platform.toLowerCase()}-ticks-${name}`);
          for (const tab of [chat, other, ticks]) await tab.close();
        }, options);
      });
    }

    it("stops while tabs are open", async () => {
      await inContext(async (context) => {
        const chat = await join(context, server.origin, "Ada", LOST_CONNECTION);
        const ticks = await Tab.open(context, `${server.origin}/ticks.html`, LOST_CONNECTION);
        await ticks.page.getByText("Live", { exact: true }).waitFor();
        assert.deepEqual(await server.stop(), { code: 0, signal: null, stderr: "" });
        await chat.page.getByText("Connection lost, trying again").waitFor();
        await ticks.page.getByText("Connection lost, coming back").waitFor();
        await chat.close();
        await ticks.close();
      });
    });
  });
}
