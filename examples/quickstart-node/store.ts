/** The shop's data in SQLite. */

import type { Database, Row } from "./sqlite.js";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, note TEXT);
CREATE TABLE IF NOT EXISTS lines (
    "order" INTEGER NOT NULL REFERENCES orders, sku TEXT NOT NULL, quantity INTEGER NOT NULL
);
`;

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** One connection. Its calls are short and do not wait, so each ends before the next handler runs. */
export class Store {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /** Adds a user and gives the number; `undefined` when the address is taken. */
  addUser(name: string, email: string): number | undefined {
    const statement = "INSERT INTO users (name, email) VALUES (?, ?) ON CONFLICT (email) DO NOTHING RETURNING id";
    const [added] = this.#database.all(statement, name, email);
    return added && Number(added["id"]);
  }

  user(id: number): Row | undefined {
    return this.#database.all("SELECT id, name, email FROM users WHERE id = ?", id)[0];
  }

  users(limit: number): Row[] {
    return this.#database.all("SELECT id, name, email FROM users ORDER BY id LIMIT ?", limit);
  }

  /** Adds an order with all its lines, or nothing, and gives the number. */
  addOrder(user: number, lines: readonly Line[], note: string | null): number {
    this.#database.exec("BEGIN");
    try {
      const [added] = this.#database.all("INSERT INTO orders (user, note) VALUES (?, ?) RETURNING id", user, note);
      const order = Number(added?.["id"]);
      const statement = 'INSERT INTO lines ("order", sku, quantity) VALUES (?, ?, ?)';
      for (const { sku, quantity } of lines) this.#database.all(statement, order, sku, quantity);
      this.#database.exec("COMMIT");
      return order;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  order(id: number): Row | undefined {
    const order = this.#database.all("SELECT id, user, note FROM orders WHERE id = ?", id)[0];
    if (!order) return undefined;
    const lines = this.#database.all('SELECT sku, quantity FROM lines WHERE "order" = ? ORDER BY rowid', id);
    return { ...order, lines };
  }
}
