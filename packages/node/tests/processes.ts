/** Programs as processes of their own. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { TIMEOUT_MS } from "./serving.js";

/** A directory from which `import "sabir"` finds this package. */
export const DIRECTORY = fileURLToPath(new URL("../..", import.meta.url));

/** What a process left. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process. */
export class Program {
  /** What it wrote so far. */
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  readonly #lines: AsyncIterator<string>;

  constructor(parameters: readonly string[], env: Record<string, string> = {}, cwd = DIRECTORY) {
    this.child = spawn(process.execPath, parameters, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (data: Buffer) => (this.stdout += String(data)));
    this.child.stderr?.on("data", (data: Buffer) => (this.stderr += String(data)));
    this.#closed = once(this.child, "close");
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** The next line that it writes. */
  async line(): Promise<string> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), TIMEOUT_MS);
    const { value, done } = await this.#lines.next();
    clearTimeout(timer);
    if (done) throw new Error(`the process has ended: ${this.stderr}`);
    return value as string;
  }

  /** Sends a signal to it. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has ended; one that does not is killed. */
  async ended(): Promise<Outcome> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), TIMEOUT_MS);
    const [code, signal] = (await this.#closed) as [number | null, string | null];
    clearTimeout(timer);
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }

  /** Kills it if it runs. */
  [Symbol.dispose](): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
  }
}

/** The id of a process, from its digits. Anything else would reach the process group of the tests: a signal to 0 does. */
export function processId(digits: string): number {
  assert.match(digits, /^[1-9]\d*$/);
  return Number(digits);
}

/** Whether there is such a process. */
export function isRunning(pid: number): boolean {
  assert.ok(pid > 0);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The parameters that make Node run `source` as a module. */
export function evaluated(source: string): string[] {
  return ["--input-type=module", "--eval", source];
}

/** A directory that can hold modules which import this package. */
export function directory(): string {
  const parent = join(DIRECTORY, "build", "programs");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "program-"));
}

/** Writes `source` as a module of its own and gives its path. */
export function written(source: string, name = "program.mjs"): string {
  const path = join(directory(), name);
  writeFileSync(path, source);
  return path;
}

/** Runs `source` as a module to its end. */
export async function run(source: string): Promise<Outcome> {
  return await new Program(evaluated(source)).ended();
}
