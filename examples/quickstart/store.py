"""The shop's data in SQLite."""

import sqlite3
import threading

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, note TEXT);
CREATE TABLE IF NOT EXISTS lines (
    "order" INTEGER NOT NULL REFERENCES orders, sku TEXT NOT NULL, quantity INTEGER NOT NULL
);
"""


class Store:
    """One connection, shared by the handlers' threads under a lock."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(SCHEMA)

    def add_user(self, name: str, email: str) -> int | None:
        """Add a user and return its number, or None when the address is taken."""
        with self._lock, self._connection:
            try:
                cursor = self._connection.execute("INSERT INTO users (name, email) VALUES (?, ?)", (name, email))
            except sqlite3.IntegrityError:
                return None
            return cursor.lastrowid

    def user(self, number: int) -> dict | None:
        rows = self._rows("SELECT id, name, email FROM users WHERE id = ?", number)
        return rows[0] if rows else None

    def users(self, limit: int) -> list[dict]:
        return self._rows("SELECT id, name, email FROM users ORDER BY id LIMIT ?", limit)

    def add_order(self, user: int, lines: list[tuple[str, int]], note: str | None) -> int | None:
        with self._lock, self._connection:
            cursor = self._connection.execute("INSERT INTO orders (user, note) VALUES (?, ?)", (user, note))
            self._connection.executemany(
                'INSERT INTO lines ("order", sku, quantity) VALUES (?, ?, ?)',
                [(cursor.lastrowid, sku, quantity) for sku, quantity in lines],
            )
            return cursor.lastrowid

    def order(self, number: int) -> dict | None:
        rows = self._rows("SELECT id, user, note FROM orders WHERE id = ?", number)
        if not rows:
            return None
        lines = self._rows('SELECT sku, quantity FROM lines WHERE "order" = ? ORDER BY rowid', number)
        return {**rows[0], "lines": lines}

    def _rows(self, statement: str, *values: object) -> list[dict]:
        with self._lock:
            try:
                return [dict(row) for row in self._connection.execute(statement, values)]
            except OverflowError:
                # No row has a number of more than 64 bits.
                return []
