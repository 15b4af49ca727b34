//! `multipart/form-data` (RFC 7578): read with the feature `multipart`, refused without.

#[cfg(not(feature = "multipart"))]
mod absent;
#[cfg(feature = "multipart")]
mod disposition;
#[cfg(feature = "multipart")]
mod head;
#[cfg(feature = "multipart")]
mod parts;
#[cfg(feature = "multipart")]
mod reader;
#[cfg(feature = "multipart")]
mod stream;

#[cfg(not(feature = "multipart"))]
pub(super) use absent::{decode, parts, read_pairs};
#[cfg(feature = "multipart")]
pub(super) use parts::{decode, read_pairs};
#[cfg(feature = "multipart")]
pub(super) use stream::parts;

use crate::header::media_type::MediaType;

/// Whether this build reads such content.
pub(super) const IS_SUPPORTED: bool = cfg!(feature = "multipart");

/// What a client is told where it is not.
pub(super) const NOT_SUPPORTED: &str = "this server reads no multipart content";

/// The `boundary` parameter.
///
/// # Errors
/// Says what is wrong when it is missing or longer than RFC 2046 §5.1.1 allows.
pub(super) fn boundary(media_type: &MediaType) -> Result<String, &'static str> {
    match media_type.parameter("boundary") {
        None | Some("") => Err("the multipart content has no boundary"),
        Some(boundary) if boundary.len() > 70 => Err("the multipart boundary is longer than 70 characters"),
        Some(boundary) => Ok(boundary.into()),
    }
}
