//! Fields that follow content (RFC 9110 §6.5).

use std::{error::Error, fmt};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::threads::MaybeSend;

/// What follows the content of a stream, such as its checksum: fields whose values are known when it ends.
///
/// Clients over HTTP/2 always get them. Over HTTP/1.1 those do that say `TE: trailers`, since a proxy on the way may drop what
/// was not asked for (RFC 9110 §6.5.1).
///
/// ```
/// use http::{HeaderMap, HeaderName, HeaderValue};
/// use sabir_core::reply::Trailers;
///
/// let checksum = HeaderName::from_static("x-checksum");
/// let fields = HeaderMap::from_iter([(checksum.clone(), HeaderValue::from_static("7"))]);
/// assert!(Trailers::new([checksum], || fields).is_ok());
/// assert!(Trailers::new([http::header::CONTENT_LENGTH], HeaderMap::new).is_err());
/// ```
pub struct Trailers {
    /// Absent where they are not known before.
    names: Option<Vec<HeaderName>>,
    fields: Box<dyn Fields>,
}

/// Makes the fields when the content has ended.
trait Fields: MaybeSend {
    fn make(self: Box<Self>) -> HeaderMap;
}

impl<F: FnOnce() -> HeaderMap + MaybeSend> Fields for F {
    fn make(self: Box<Self>) -> HeaderMap {
        self()
    }
}

/// A field that has to be known before the content, so that it cannot follow it (RFC 9110 §6.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbiddenTrailer(HeaderName);

impl Trailers {
    /// The fields `names`, which the head of the answer announces. `fields` is called when the content has ended; what it gives
    /// beside those is left out.
    ///
    /// # Errors
    /// One of them has to be known before the content.
    pub fn new(
        names: impl IntoIterator<Item = HeaderName>,
        fields: impl FnOnce() -> HeaderMap + MaybeSend + 'static,
    ) -> Result<Self, ForbiddenTrailer> {
        let names: Vec<_> = names.into_iter().collect();
        match names.iter().find(|name| is_forbidden(name)) {
            Some(name) => Err(ForbiddenTrailer(name.clone())),
            None => Ok(Self {
                names: Some(names),
                fields: Box::new(fields),
            }),
        }
    }

    /// The fields of an answer that another library has made, of which the head says what it says.
    pub fn passed_on(fields: impl FnOnce() -> HeaderMap + MaybeSend + 'static) -> Self {
        Self {
            names: None,
            fields: Box::new(fields),
        }
    }

    /// The value of `Trailer` (RFC 9110 §6.6.2).
    pub(crate) fn announcement(&self) -> Option<HeaderValue> {
        let names: Vec<_> = self.names.as_ref()?.iter().map(HeaderName::as_str).collect();
        // Names are tokens, so that the list of them is a value.
        HeaderValue::try_from(names.join(", ")).ok()
    }

    /// The fields, now that the content has ended.
    pub(crate) fn make(self) -> HeaderMap {
        let mut fields = self.fields.make();
        let is_meant = |name: &HeaderName| match &self.names {
            Some(names) => names.contains(name),
            None => !is_forbidden(name),
        };
        let others: Vec<_> = fields.keys().filter(|name| !is_meant(name)).cloned().collect();
        for name in others {
            tracing::warn!(%name, "a trailer field was left out that was not announced");
            fields.remove(name);
        }
        fields
    }
}

/// Whether a field says what has to be known before the content: framing, routing, how the request or the content is to be
/// read, who the client is, what caches do (RFC 9110 §6.5.1).
fn is_forbidden(name: &HeaderName) -> bool {
    matches!(
        *name,
        header::AGE
            | header::AUTHORIZATION
            | header::CACHE_CONTROL
            | header::CONNECTION
            | header::CONTENT_ENCODING
            | header::CONTENT_LENGTH
            | header::CONTENT_RANGE
            | header::CONTENT_TYPE
            | header::COOKIE
            | header::DATE
            | header::EXPECT
            | header::EXPIRES
            | header::HOST
            | header::IF_MATCH
            | header::IF_MODIFIED_SINCE
            | header::IF_NONE_MATCH
            | header::IF_RANGE
            | header::IF_UNMODIFIED_SINCE
            | header::LOCATION
            | header::MAX_FORWARDS
            | header::PRAGMA
            | header::PROXY_AUTHENTICATE
            | header::PROXY_AUTHORIZATION
            | header::RANGE
            | header::RETRY_AFTER
            | header::SET_COOKIE
            | header::TE
            | header::TRAILER
            | header::TRANSFER_ENCODING
            | header::UPGRADE
            | header::VARY
            | header::WARNING
            | header::WWW_AUTHENTICATE
    ) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

impl fmt::Debug for Trailers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trailers")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ForbiddenTrailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} has to be known before the content, so that it cannot follow it (RFC 9110 §6.5.1)",
            self.0
        )
    }
}

impl Error for ForbiddenTrailer {}
