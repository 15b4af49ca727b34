//! The payload types that every Rust server of the harness shares.

use serde::{Deserialize, Serialize};

/// One line of an order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The article: three letters, a hyphen, four digits.
    pub sku: String,
    /// 1 to 100.
    pub quantity: i64,
    /// The price of one, not negative.
    pub price: f64,
}

/// The order of the validated JSON workload.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Positive.
    pub id: i64,
    /// 1 to 80 characters.
    pub customer: String,
    /// Contains an at sign.
    pub email: String,
    /// At least one.
    pub lines: Vec<Line>,
    /// Free text.
    pub note: Option<String>,
}

impl Order {
    /// The checks that the validated servers declare as a schema, by hand.
    pub fn is_valid(&self) -> bool {
        let sku = |sku: &str| {
            let bytes = sku.as_bytes();
            bytes.len() == 8
                && bytes[..3].iter().all(u8::is_ascii_uppercase)
                && bytes[3] == b'-'
                && bytes[4..].iter().all(u8::is_ascii_digit)
        };
        self.id >= 1
            && (1..=80).contains(&self.customer.chars().count())
            && self.email.contains('@')
            && !self.lines.is_empty()
            && self
                .lines
                .iter()
                .all(|line| sku(&line.sku) && (1..=100).contains(&line.quantity) && line.price >= 0.0)
    }
}

/// The answer to an order.
#[derive(Debug, Serialize)]
pub struct Accepted {
    /// The order's number.
    pub id: i64,
    /// How many articles in all.
    pub items: i64,
}

/// How many routes the application has besides its own, half of them with a parameter: the environment variable
/// `ROUTES`.
pub fn routes() -> usize {
    std::env::var("ROUTES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(0)
}

/// The port given as the first argument.
pub fn port() -> u16 {
    std::env::args()
        .nth(1)
        .and_then(|argument| argument.parse().ok())
        .unwrap_or(8000)
}
