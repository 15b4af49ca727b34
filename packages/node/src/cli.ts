/** The command `sabir`. */

import { closeSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

import native from "#native";
import { load } from "./cli/load.js";
import { announce, serve, work } from "./cli/serve.js";
import { Supervisor } from "./cli/supervisor.js";
import type { NativeSupervisor } from "./engine.js";
import { listenError } from "./listen-error.js";
import { SetupError, withParts } from "./setup-error.js";

const USAGE = `usage: sabir run <file> [--host HOST] [--port PORT] [--unix PATH] [--workers N]

Serves the application that <file> exports as its default or as "app".

  --host HOST    where to listen, 127.0.0.1 by default
  --port PORT    8000 by default; 0 takes a free one
  --unix PATH    a Unix socket, instead of host and port
  --workers N    how many processes share the address, 1 by default; SIGHUP replaces them one by one`;

/** A command line that cannot be understood. */
class UsageError extends Error {}

interface Command {
  readonly file: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly unix: string | undefined;
  readonly workers: number;
  /** Whether a supervisor has started this process. */
  readonly isWorker: boolean;
}

const OPTIONS = {
  host: { type: "string" },
  port: { type: "string" },
  unix: { type: "string" },
  workers: { type: "string" },
  worker: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(parameters: string[]): Command | undefined {
  const { values, positionals } = parseArgs({ args: parameters, options: OPTIONS, allowPositionals: true });
  if (values.help) return undefined;
  const [verb, file, ...rest] = positionals;
  if (verb !== "run" || file === undefined || rest.length > 0) throw new UsageError("give `run` and one file");
  if (values.unix !== undefined && (values.host ?? values.port) !== undefined) {
    throw new UsageError("a Unix socket has no host and no port");
  }
  const port = values.port === undefined ? undefined : whole("port", values.port, 65_535);
  // How many there can be is known to the runtime.
  const workers = whole("workers", values.workers ?? "1");
  return { file, host: values.host, port, unix: values.unix, workers, isWorker: values.worker ?? false };
}

function whole(name: string, text: string, most = Number.POSITIVE_INFINITY): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most) {
    const range = most === Number.POSITIVE_INFINITY ? "" : ` of 0 to ${most}`;
    throw new UsageError(`--${name} takes a whole number${range}, not ${text}`);
  }
  return number;
}

async function supervise(command: Command): Promise<void> {
  const decisions = withParts(() => new native.NativeSupervisor(command.workers));
  const { lifecycle } = await load(command.file);
  await lifecycle.startServer();
  try {
    await runWorkers(command, decisions);
  } finally {
    await lifecycle.stopServer();
  }
}

async function runWorkers({ file, host, port, unix }: Command, decisions: NativeSupervisor): Promise<void> {
  const where = { host: host ?? "127.0.0.1", port: port ?? 8000 };
  const bound = native.bind(where.host, where.port, unix);
  if ("errno" in bound) throw listenError(bound, unix ?? where.host, unix === undefined ? where.port : undefined);
  const { address, descriptor } = bound;
  const script = process.argv[1] ?? "";
  const command = [process.execPath, ...process.execArgv, script, "run", file, "--worker"];
  const withdraw = (): void => {
    closeSync(descriptor);
    try {
      if (unix !== undefined) rmSync(unix, { force: true });
    } catch {
      // Whatever became of it, the workers have to be stopped.
    }
  };
  await new Supervisor(command, descriptor, withdraw, decisions).run(() => announce(address, unix));
}

async function main(parameters: string[]): Promise<void> {
  const command = parse(parameters);
  if (!command) console.log(USAGE);
  else if (command.isWorker) await work(await load(command.file));
  else if (command.workers !== 1) {
    await supervise(command);
    // What the application's module has started would keep the process.
    process.exit(0);
  } else await serve(await load(command.file), command);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const isKnown = isUsage || error instanceof SetupError || code === "GenericFailure" || syscall === "listen";
  console.error(...(isKnown ? [`sabir: ${(error as Error).message}`] : [error]));
  if (isUsage) console.error(`\n${USAGE}`);
  // What the application's module has started would keep the process.
  process.exit(isUsage ? 2 : 1);
}
