import { copyFile, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { FileAccess } from "./upload.js";

/** The file system of Node and Bun. */
export const files: FileAccess = {
  read: async (path) => new Uint8Array(await readFile(path)),
  copy: async (from, to) => await copyFile(from, to),
  write: async (path, content) => await writeFile(path, content),
  pathOf: (url) => fileURLToPath(url),
};
