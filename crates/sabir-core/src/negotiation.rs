//! Content negotiation (RFC 9110 §12.5.1).

use http::HeaderMap;

/// The best of `offers` for the request's `Accept` fields; the first offer where there is none. `None` when nothing
/// is acceptable (406).
pub fn accept<'o>(_headers: &HeaderMap, _offers: &'o [impl AsRef<str>]) -> Option<&'o str> {
    todo!()
}
