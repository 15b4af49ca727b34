//! Request bodies by media type.
//!
//! | media type | becomes |
//! |---|---|
//! | `application/json`, `+json` | the JSON value (RFC 8259) |
//! | `application/x-www-form-urlencoded` | an object (WHATWG URL §5) |
//! | `multipart/form-data` | an object whose files are [`Value::File`](crate::Value::File) (RFC 7578); only with the feature `multipart` |
//! | `application/jsonl`, with an `itemSchema` | an array of its lines, or a stream of them |
//! | `text/*` | a string, or what its schema declares; in other charsets than UTF-8 only with the feature `charsets` |
//! | anything else | [`Value::Bytes`](crate::Value::Bytes) |

mod charset;
mod declared;
mod decoder;
mod fields;
mod flat_form;
mod form;
mod limits;
mod lines;
mod multipart;
mod part;
mod plan;
mod sent;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod undeclared;

pub use decoder::Decoder;
pub use part::{PartHead, PartItem};
pub use plan::BodyPlan;
pub use sent::{Body, BodyStream, ItemStream, NotKept, PartStream};
pub use store::{FileSink, FileStore};
pub use undeclared::FormReader;
