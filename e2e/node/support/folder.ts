/** The files that the handlers of a fixture answer with. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { App, Handler, WrittenFile } from "./fixture.js";

/** When every file was last changed, in seconds since 1970: `2024-02-29T12:00:00Z`. */
const CHANGED = 1_709_208_000;

/** Runs `work` with a folder of the files of an application, which is removed afterwards. */
export async function withFolder({ routes = [], files = {} }: App, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sabir-"));
  try {
    for (const { handler } of routes) fill(folder, handler);
    for (const [path, written] of Object.entries(files)) make(join(folder, path), written);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fill(folder: string, { do: what, then, name, text, base64 }: Handler): void {
  if (then !== undefined) return fill(folder, then);
  if (what !== "file" || name === undefined || (text ?? base64) === undefined) return;
  write(join(folder, name), text ?? Buffer.from(base64 ?? "", "base64"));
}

function make(path: string, { text, base64, link }: WrittenFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (link !== undefined) symlinkSync(link, path);
  else if ((text ?? base64) === undefined) execFileSync("mkfifo", [path]);
  else write(path, text ?? Buffer.from(base64 ?? "", "base64"));
}

function write(path: string, content: string | Buffer): void {
  writeFileSync(path, content);
  utimesSync(path, CHANGED, CHANGED);
}
