/** SQLite: the one that Node has from 22.5 on, otherwise one in WebAssembly. Both keep files. */

/** What SQLite stores. */
export type Cell = null | number | bigint | string | Uint8Array;

/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;

/** One open database. */
export interface Database {
  /** Runs statements that give nothing. */
  exec(statements: string): void;
  /** The rows of one statement. */
  all(statement: string, ...values: Cell[]): Row[];
}

/** Opens the database at `path`, or one in memory for `:memory:`. */
export async function open(path: string): Promise<Database> {
  return (await builtIn(path)) ?? (await webAssembly(path));
}

async function builtIn(path: string): Promise<Database | undefined> {
  let sqlite: typeof import("node:sqlite");
  try {
    sqlite = await import("node:sqlite");
  } catch {
    return undefined;
  }
  const database = new sqlite.DatabaseSync(path);
  return {
    exec: (statements) => database.exec(statements),
    all: (statement, ...values) => database.prepare(statement).all(...values),
  };
}

async function webAssembly(path: string): Promise<Database> {
  const { default: sqlite } = await import("node-sqlite3-wasm");
  const database = new sqlite.Database(path);
  return {
    exec: (statements) => database.exec(statements),
    all: (statement, ...values) => database.all(statement, values),
  };
}
