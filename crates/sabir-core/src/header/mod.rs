//! What header fields hold, read and written (RFC 9110 §5, §8.3, §12; RFC 6265bis).

pub mod cookie;
pub mod date;
pub mod field;
pub mod file_type;
pub mod location;
pub mod media_type;
pub mod negotiation;
