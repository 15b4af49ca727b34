/** One of the live examples, as a process of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { TIMEOUT_MS } from "./time.js";

export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** How a server has ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

export class Server {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Outcome>;

  private constructor(origin: string, child: ChildProcess, ended: Promise<Outcome>) {
    this.origin = origin;
    this.#child = child;
    this.#ended = ended;
  }

  /** Starts it on a free port; `command` is relative to the root of the project. */
  static async start([program = "", ...parameters]: readonly string[]): Promise<Server> {
    const env = { ...process.env, PORT: "0" };
    const child = spawn(program, parameters, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (data: Buffer) => (stderr += String(data)));
    const ended = once(child, "close").then(([code, signal]): Outcome => ({ code, signal, stderr }));
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    const origin = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (data: Buffer) => {
        const [found] = /http:\/\/\S+(?=\n)/.exec((stdout += String(data))) ?? [];
        if (found) resolve(found);
      });
      ended.then(() => reject(new Error(`the server did not start: ${stdout}${stderr}`)), reject);
    });
    clearTimeout(timer);
    return new Server(origin, child, ended);
  }

  /** Asks it to stop, and waits until it has; one that does not is killed. */
  async stop(): Promise<Outcome> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), TIMEOUT_MS);
    const outcome = await this.#ended;
    clearTimeout(timer);
    return outcome;
  }
}
