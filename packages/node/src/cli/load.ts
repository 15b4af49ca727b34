import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { Sabir } from "../sabir.js";
import { SetupError } from "../setup-error.js";

const TYPESCRIPT = new Set([".ts", ".mts", ".cts", ".tsx"]);

/**
 * Imports the application that the module at `file` exports as its default or as `app`.
 *
 * @throws {SetupError} There is none, or the module is TypeScript and this Node cannot import that.
 */
export async function load(file: string): Promise<Sabir> {
  const refuse = (problem: string, remedy: string, cause?: unknown) =>
    new SetupError({ route: "run", field: file, problem, remedy }, { cause });
  const path = resolve(file);
  if (!existsSync(path)) throw refuse("there is no such file", "give the path of a module");
  let exported: unknown;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== "ERR_UNKNOWN_FILE_EXTENSION" || !TYPESCRIPT.has(extname(path)))
      throw error;
    const remedy = "use Node 22.18 or later, or Bun, or a loader such as NODE_OPTIONS='--import tsx', or compile it first";
    throw refuse(`Node ${process.version} cannot import TypeScript`, remedy, error);
  }
  const app = candidates(exported).find((value) => value instanceof Sabir);
  if (!app) throw refuse("it exports no application", "export an instance of Sabir as the default or as `app`");
  return app;
}

/** What may be the application; a module that was compiled to CommonJS has its exports below `default`. */
function candidates(exported: unknown): unknown[] {
  const { default: main, app } = exported as { default?: unknown; app?: unknown };
  if (typeof main !== "object" || main === null || main instanceof Sabir) return [main, app];
  return [app, ...candidates(main)];
}
