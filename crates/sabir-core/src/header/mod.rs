//! What header fields hold, read and written (RFC 9110 §5, §8, §12 to §14; RFC 6265bis).

pub mod conditional;
pub mod cookie;
pub mod date;
pub mod field;
pub mod file_type;
pub(crate) mod host;
pub mod location;
pub mod media_type;
pub mod negotiation;
pub mod range;
pub(crate) mod vary;
