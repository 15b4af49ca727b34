import type { Logger } from "./context.js";

/** What a logger's lines of a request have, too. */
export type LogFields = Readonly<Record<string, string>>;

/** A logger that makes loggers whose lines have these fields, as that of pino does. */
interface Parent extends Logger {
  child(fields: LogFields): Logger;
}

const isParent = (logger: Logger): logger is Parent => typeof (logger as Partial<Parent>).child === "function";

/** A logger whose lines name a request: a child where the logger makes some, else the fields follow what is written. */
export function bound(logger: Logger, fields: LogFields): Logger {
  if (isParent(logger)) return logger.child(fields);
  const { request_id: request, trace_id: trace } = fields;
  const suffix = trace === undefined ? `(request ${request})` : `(request ${request}, trace ${trace})`;
  return {
    error: (...data) => logger.error(...data, suffix),
    warn: (...data) => logger.warn(...data, suffix),
    info: (...data) => logger.info(...data, suffix),
    debug: (...data) => logger.debug(...data, suffix),
  };
}

/** The levels of loggers, the least severe one first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The options of {@link jsonLogger}. */
export interface JsonLoggerOptions {
  /** Below which nothing is written. */
  readonly level?: LogLevel;
  /** What every line has. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Takes a line, without its end; standard error does by default. */
  readonly write?: (line: string) => void;
}

/**
 * A logger that writes lines of JSON: time, level, message, and the fields of the request, for which `child` makes a logger. What is given
 * as an object gives its fields, an `Error` its `stack` as `error`.
 */
export function jsonLogger(
  options: JsonLoggerOptions = {},
): Logger & { child(fields: Readonly<Record<string, unknown>>): Logger } {
  const { level: least = "info", fields = {}, write = (line) => console.error(line) } = options;
  const at =
    (level: LogLevel) =>
    (...data: unknown[]): void => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
      const line: Record<string, unknown> = { time: new Date().toISOString(), level, ...fields };
      const words: string[] = [];
      for (const item of data) {
        if (item instanceof Error) line["error"] = item.stack ?? String(item);
        else if (typeof item === "object" && item !== null) Object.assign(line, item);
        else words.push(String(item));
      }
      write(JSON.stringify({ ...line, message: words.join(" ") }));
    };
  const child = (more: Readonly<Record<string, unknown>>): Logger => jsonLogger({ ...options, fields: { ...fields, ...more } });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child };
}
