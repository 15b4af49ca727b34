/** What the shop uses of `node:sqlite`, which the types of Node 20 do not have. */
declare module "node:sqlite" {
  type Cell = null | number | bigint | string | Uint8Array;

  export class DatabaseSync {
    constructor(path: string);
    exec(statements: string): void;
    prepare(statement: string): { all(...values: Cell[]): Record<string, unknown>[] };
  }
}
