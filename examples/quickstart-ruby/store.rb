# frozen_string_literal: true

require "sqlite3"

# The shop's data in SQLite: one connection, shared by the threads of handlers under a lock.
class Store
  SCHEMA = <<~SQL
    CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, note TEXT);
    CREATE TABLE IF NOT EXISTS lines (
      "order" INTEGER NOT NULL REFERENCES orders, sku TEXT NOT NULL, quantity INTEGER NOT NULL
    );
  SQL
  private_constant :SCHEMA

  def initialize(path)
    @lock = Monitor.new
    @database = SQLite3::Database.new(path, results_as_hash: true)
    @database.execute_batch(SCHEMA)
  end

  # Adds a user and returns its number, or nil when the address is taken.
  def add_user(name, email)
    @lock.synchronize do
      @database.execute("INSERT INTO users (name, email) VALUES (?, ?)", [name, email])
      @database.last_insert_row_id
    rescue SQLite3::ConstraintException
      nil
    end
  end

  def user(number)
    rows("SELECT id, name, email FROM users WHERE id = ?", number).first
  end

  def users(limit)
    rows("SELECT id, name, email FROM users ORDER BY id LIMIT ?", limit)
  end

  # Adds an order with all its lines, or nothing, and returns its number.
  def add_order(user, lines, note)
    @lock.synchronize do
      order = nil
      @database.transaction do
        @database.execute("INSERT INTO orders (user, note) VALUES (?, ?)", [user, note])
        order = @database.last_insert_row_id
        lines.each do |line|
          @database.execute('INSERT INTO lines ("order", sku, quantity) VALUES (?, ?, ?)', [order, line.sku, line.quantity])
        end
      end
      order
    end
  end

  def order(number)
    order = rows("SELECT id, user, note FROM orders WHERE id = ?", number).first
    order&.merge("lines" => rows('SELECT sku, quantity FROM lines WHERE "order" = ? ORDER BY rowid', number))
  end

  private

  def rows(statement, *values)
    @lock.synchronize { @database.execute(statement, values) }
  rescue RangeError
    # No row has a number of more than 64 bits.
    []
  end
end
