/** The files that the handlers of a fixture answer with. */

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Handler, Route } from "./fixture.js";

/** When every file was last changed, in seconds since 1970: `2024-02-29T12:00:00Z`. */
const CHANGED = 1_709_208_000;

/** Runs `work` with a folder of the files of `routes`, which is removed afterwards. */
export async function withFolder(routes: readonly Route[], work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sabir-"));
  try {
    for (const { handler } of routes) fill(folder, handler);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fill(folder: string, { do: what, then, name, text, base64 }: Handler): void {
  if (then !== undefined) return fill(folder, then);
  if (what !== "file" || name === undefined || (text ?? base64) === undefined) return;
  const path = join(folder, name);
  writeFileSync(path, text ?? Buffer.from(base64 ?? "", "base64"));
  utimesSync(path, CHANGED, CHANGED);
}
