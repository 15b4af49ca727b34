//! The shop's data in `SQLite`.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Result, Row};
use sabir::Problem;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::task::spawn_blocking;

const SCHEMA: &str = r#"
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, note TEXT);
CREATE TABLE IF NOT EXISTS lines (
    "order" INTEGER NOT NULL REFERENCES orders, sku TEXT NOT NULL, quantity INTEGER NOT NULL
);
"#;

#[derive(Serialize, JsonSchema)]
pub(crate) struct User {
    id: i64,
    name: String,
    email: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    #[schemars(regex(pattern = r"^[A-Z]{3}-[0-9]{4}$"))]
    sku: String,
    #[schemars(range(min = 1, max = 100))]
    quantity: u32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Order {
    id: i64,
    user: i64,
    #[schemars(required, extend("type" = ["string", "null"]))]
    note: Option<String>,
    lines: Vec<Line>,
}

/// One connection, shared by the handlers.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Tables>>);

/// The connection, for one thread at a time.
pub(crate) struct Tables(Connection);

impl Store {
    /// Opens the database at `path`, or one in memory for `:memory:`.
    pub(crate) fn open(path: &str) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Arc::new(Mutex::new(Tables(connection)))))
    }

    /// Runs `work` on a thread that may wait for the disk.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Tables) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        let done = spawn_blocking(move || work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(done.await??)
    }
}

impl Tables {
    /// Adds a user; `None` when the address is taken.
    pub(crate) fn add_user(&self, name: String, email: String) -> Result<Option<User>> {
        let added = self
            .0
            .execute("INSERT INTO users (name, email) VALUES (?, ?)", [&name, &email]);
        match added {
            Ok(_) => {
                let id = self.0.last_insert_rowid();
                Ok(Some(User { id, name, email }))
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn user(&self, id: i64) -> Result<Option<User>> {
        let statement = "SELECT id, name, email FROM users WHERE id = ?";
        self.0.query_row(statement, [id], user).optional()
    }

    pub(crate) fn users(&self, limit: u32) -> Result<Vec<User>> {
        let mut statement = self
            .0
            .prepare("SELECT id, name, email FROM users ORDER BY id LIMIT ?")?;
        statement.query_map([limit], user)?.collect()
    }

    /// Adds an order with all its lines, or nothing.
    pub(crate) fn add_order(
        &mut self,
        user: i64,
        lines: impl Iterator<Item = (String, u32)>,
        note: Option<String>,
    ) -> Result<i64> {
        let transaction = self.0.transaction()?;
        transaction.execute("INSERT INTO orders (user, note) VALUES (?, ?)", (user, note))?;
        let id = transaction.last_insert_rowid();
        for (sku, quantity) in lines {
            let statement = r#"INSERT INTO lines ("order", sku, quantity) VALUES (?, ?, ?)"#;
            transaction.execute(statement, (id, sku, quantity))?;
        }
        transaction.commit()?;
        Ok(id)
    }

    pub(crate) fn order(&self, id: i64) -> Result<Option<Order>> {
        let mut statement = self
            .0
            .prepare(r#"SELECT sku, quantity FROM lines WHERE "order" = ? ORDER BY rowid"#)?;
        let line = |row: &Row<'_>| {
            Ok(Line {
                sku: row.get(0)?,
                quantity: row.get(1)?,
            })
        };
        let lines = statement.query_map([id], line)?.collect::<Result<_>>()?;
        let order = |row: &Row<'_>| {
            Ok(Order {
                id: row.get(0)?,
                user: row.get(1)?,
                note: row.get(2)?,
                lines,
            })
        };
        let statement = "SELECT id, user, note FROM orders WHERE id = ?";
        self.0.query_row(statement, [id], order).optional()
    }
}

fn user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
    })
}
