//! JSON text (RFC 8259) to [`Value`](crate::Value) and back.
//!
//! Numbers are kept exact and duplicate names are seen, which general readers give up.

mod document;
mod names;
mod number;
mod read;
mod write;

pub(crate) use document::{Cursor, Document, Elements, LARGE, Members};
pub use number::whole_digits;
pub(crate) use number::{has_only_doubles, is_too_long, number as parse_number};
pub use read::{JsonLimits, parse};
pub use write::{from_json, to_json, to_json_bytes};
