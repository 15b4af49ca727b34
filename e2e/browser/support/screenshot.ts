/** Pictures of pages. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";

const FOLDER = fileURLToPath(new URL("../screenshots/", import.meta.url));

/** Takes a picture of a page for people to look at, and fails if it is blank or wider than the window. */
export async function picture(page: Page, name: string): Promise<void> {
  const png = await page.screenshot({ path: `${FOLDER}${name}.png` });
  const { colours, largest } = await measure(page, png);
  // Letters alone have dozens of shades.
  assert.ok(colours > 30 && largest < 0.97, `${name} is blank: ${colours} colours, one of which has ${largest} of it`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
}

/** How many colours a picture has, and how much of it has the one that is seen most. */
async function measure(page: Page, png: Buffer): Promise<{ colours: number; largest: number }> {
  // The page itself may load no picture from elsewhere.
  const blank = await page.context().newPage();
  const measured = await blank.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    canvas.drawImage(image, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return { colours: counts.size, largest: Math.max(...counts.values()) / pixels.length };
  }, png.toString("base64"));
  await blank.close();
  return measured;
}
