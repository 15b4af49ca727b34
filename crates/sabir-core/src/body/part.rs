//! Multipart content that a handler takes part by part.

use bytes::Bytes;

use crate::Text;

/// What the head of a part says of it (RFC 7578 §4). It is the client's word: do not trust the name of a file as a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartHead {
    /// The name of the field.
    pub name: String,
    /// The name of the file, as the client wrote it. An empty one is what browsers send for a file that was not chosen.
    pub filename: Option<String>,
    /// The part's media type.
    pub content_type: Option<Text>,
}

/// A piece of multipart content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartItem {
    /// A part begins; the one before it has ended.
    Head(PartHead),
    /// The next bytes of the part.
    Chunk(Bytes),
}
