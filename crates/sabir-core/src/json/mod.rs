//! JSON text (RFC 8259) to [`Value`](crate::Value) and back.
//!
//! Numbers are kept exact and duplicate names are seen, which general readers give up.

mod read;
mod write;

pub(crate) use read::number as parse_number;
pub use read::{JsonLimits, parse};
pub use write::{from_json, to_json, to_json_bytes};
