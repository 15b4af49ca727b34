import type { Logger } from "./context.js";
import type { Engine } from "./engine.js";

/** Something that has a logger. */
interface Source {
  readonly log: Logger;
}

/** The applications of this thread, made by any copy of the package; they are not kept. */
interface Sources {
  readonly references: Set<WeakRef<Source>>;
  readonly registry: FinalizationRegistry<WeakRef<Source>>;
}

const SOURCES = Symbol.for("sabir.log");

/** Has what the runtime reports written to the logger of `source`, for as long as that is there. */
export function attach(engine: Engine, source: Source): void {
  const shared = globalThis as { [SOURCES]?: Sources };
  if (!shared[SOURCES]) {
    const references = new Set<WeakRef<Source>>();
    shared[SOURCES] = { references, registry: new FinalizationRegistry((reference) => references.delete(reference)) };
    engine.attachLog(() => flush(engine));
  }
  const { references, registry } = shared[SOURCES];
  const reference = new WeakRef(source);
  references.add(reference);
  registry.register(source, reference);
}

/** Writes what waits. The runtime does not know which application a record belongs to, so each logger gets it, once. */
export function flush(engine: Engine): void {
  const records = engine.takeLog();
  if (records.length === 0) return;
  const loggers = new Set<Logger>();
  for (const reference of (globalThis as { [SOURCES]?: Sources })[SOURCES]?.references ?? []) {
    const source = reference.deref();
    if (source) loggers.add(source.log);
  }
  if (loggers.size === 0) loggers.add(console);
  for (const { level, text } of records) {
    for (const logger of loggers) write(logger, level, text);
  }
}

/**
 * Writes to a logger of the application. One that fails, at once or later, ends neither the process nor the request.
 *
 * @returns Whether it did not fail at once.
 */
export function write(logger: Logger, level: keyof Logger, ...data: unknown[]): boolean {
  try {
    const result = logger[level](...data) as unknown;
    if (result instanceof Promise) result.catch(() => {});
    return true;
  } catch {
    return false;
  }
}
