//! A request's content as a handler is given it.

use std::fmt;

use bytes::Bytes;

use super::part::PartItem;
use crate::{Problem, Value, threads::BoxStream};

/// A stream of body chunks.
pub type BodyStream = BoxStream<Result<Bytes, Problem>>;

/// The values of JSON Lines, in their order.
pub type ItemStream = BoxStream<Result<Value, Problem>>;

/// The parts of multipart content, one after the other.
pub type PartStream = BoxStream<Result<PartItem, Problem>>;

/// A request body.
///
/// ```
/// use sabir_core::Body;
///
/// assert_eq!(Body::Bytes("abc".into()).content().unwrap(), "abc");
/// assert!(Body::Empty.content().unwrap().is_empty());
/// assert!(Body::Decoded.content().is_err());
/// ```
#[derive(Default)]
#[non_exhaustive]
pub enum Body {
    /// No content.
    #[default]
    Empty,
    /// The whole content.
    Bytes(Bytes),
    /// The whole content, JSON that fits its schema and that the host reads itself: the route
    /// [asks for it](crate::RouteDefinition::leaving_json), and doubles are exact enough for its numbers.
    Json(Bytes),
    /// Content that has not been read yet.
    Stream(BodyStream),
    /// JSON Lines that have not been read yet: each of them is validated as it is read, and the first that does not fit ends
    /// the stream with its problem.
    Items(ItemStream),
    /// Multipart content that has not been read yet.
    Parts(PartStream),
    /// Multipart content that was decoded while it arrived. It is not kept: its files may be larger than memory.
    Decoded,
}

impl Body {
    /// The content as it was sent, where it is in memory; empty when there is none.
    ///
    /// # Errors
    /// Says why there is content that is not kept, and what to do.
    pub fn content(&self) -> Result<Bytes, NotKept> {
        match self {
            Self::Bytes(bytes) | Self::Json(bytes) => Ok(bytes.clone()),
            Self::Empty => Ok(Bytes::new()),
            Self::Stream(_) | Self::Items(_) | Self::Parts(_) | Self::Decoded => Err(NotKept),
        }
    }
}

/// Content that is asked for as it was sent, and is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the content of a declared multipart form is decoded while it arrives, and not kept; take its fields, or leave the \
     form undeclared to get the content as it was sent"
)]
pub struct NotKept;

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Json(bytes) => write!(f, "Json({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
            Self::Items(_) => f.write_str("Items"),
            Self::Parts(_) => f.write_str("Parts"),
            Self::Decoded => f.write_str("Decoded"),
        }
    }
}
