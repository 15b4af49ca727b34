//! Conditions of requests (RFC 9110 §13).

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE},
};

use super::date;

/// What a representation is told apart by (RFC 9110 §8.8).
///
/// ```
/// use http::{HeaderMap, HeaderValue, Method, header::IF_NONE_MATCH};
/// use sabir_core::header::conditional::{Precondition, Validators};
///
/// let etag = HeaderValue::from_static("\"1\"");
/// let validators = Validators { etag: Some(&etag), last_modified: None };
/// let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static("\"0\", W/\"1\""))]);
/// assert_eq!(validators.evaluate(&Method::GET, &headers), Precondition::NotModified);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Validators<'a> {
    /// The entity tag, as the field `ETag` has it.
    pub etag: Option<&'a HeaderValue>,
    /// When the representation was last changed, in seconds since 1970.
    pub last_modified: Option<i64>,
}

/// What follows from the conditions of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// They hold, or there is none.
    Holds,
    /// The client has the representation already (304).
    NotModified,
    /// One does not hold (412).
    Fails,
}

/// How entity tags are compared (RFC 9110 §8.8.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

impl Validators<'_> {
    /// Evaluates the conditions in their order (RFC 9110 §13.2.2), for a representation that exists and an answer that would
    /// be a success. Dates that are not well formed count as absent.
    pub fn evaluate(&self, method: &Method, headers: &HeaderMap) -> Precondition {
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        if headers.contains_key(IF_MATCH) {
            if !self.is_listed(headers, &IF_MATCH, Comparison::Strong) {
                return Precondition::Fails;
            }
        } else if let Some(date) = date_of(headers, &IF_UNMODIFIED_SINCE)
            && self.last_modified.is_some_and(|modified| modified > date)
        {
            return Precondition::Fails;
        }
        if headers.contains_key(IF_NONE_MATCH) {
            return match self.is_listed(headers, &IF_NONE_MATCH, Comparison::Weak) {
                true if is_read => Precondition::NotModified,
                true => Precondition::Fails,
                false => Precondition::Holds,
            };
        }
        match (date_of(headers, &IF_MODIFIED_SINCE), self.last_modified) {
            (Some(date), Some(modified)) if is_read && modified <= date => Precondition::NotModified,
            _ => Precondition::Holds,
        }
    }

    /// Whether a `Range` counts: there is no `If-Range`, or the representation is the one that it names (§13.1.5). `now`, in
    /// seconds since 1970, is needed since a date names a representation only when it is older than a second (§8.8.2.2).
    pub fn permit_range(&self, headers: &HeaderMap, now: i64) -> bool {
        let Some(value) = headers.get(IF_RANGE) else {
            return true;
        };
        if value.as_bytes().starts_with(b"\"") || value.as_bytes().starts_with(b"W/") {
            return self
                .etag
                .is_some_and(|etag| is_same(value.as_bytes(), etag.as_bytes(), Comparison::Strong));
        }
        let date = value.to_str().ok().and_then(date::parse);
        date.is_some() && date == self.last_modified && date < Some(now)
    }

    /// Whether the list in the fields called `name` has the entity tag, or is a star.
    fn is_listed(&self, headers: &HeaderMap, name: &HeaderName, comparison: Comparison) -> bool {
        headers.get_all(name).iter().any(|value| {
            value.as_bytes().trim_ascii() == b"*"
                || self.etag.is_some_and(|etag| {
                    tags(value.as_bytes()).any(|tag| is_same(tag, etag.as_bytes(), comparison))
                })
        })
    }
}

fn date_of(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    headers.get(name)?.to_str().ok().and_then(date::parse)
}

fn is_same(one: &[u8], other: &[u8], comparison: Comparison) -> bool {
    let (weak_one, one) = opaque(one);
    let (weak_other, other) = opaque(other);
    one == other && (comparison == Comparison::Weak || !(weak_one || weak_other))
}

/// Whether a tag is weak, and what it compares by.
fn opaque(tag: &[u8]) -> (bool, &[u8]) {
    match tag.strip_prefix(b"W/") {
        Some(opaque) => (true, opaque),
        None => (false, tag),
    }
}

/// The entity tags of a list, up to what is none. A tag may have commas in it.
fn tags(mut list: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        while let [b' ' | b'\t' | b',', rest @ ..] = list {
            list = rest;
        }
        let begin = if list.starts_with(b"W/") { 2 } else { 0 };
        if list.get(begin) != Some(&b'"') {
            return None;
        }
        let end = begin + 2 + memchr::memchr(b'"', &list[begin + 1..])?;
        let (tag, rest) = list.split_at(end);
        list = rest;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
    const SAME: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const NEW: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
    const MODIFIED: i64 = 784_111_777;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let fields = fields.iter();
        let pairs =
            fields.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn conditions_have_their_order() {
        use Precondition::{Fails, Holds, NotModified};
        let etag = HeaderValue::from_static("\"a,b\"");
        let validators = Validators {
            etag: Some(&etag),
            last_modified: Some(MODIFIED),
        };
        for (fields, of_get, of_put) in [
            (&[][..], Holds, Holds),
            (&[("if-match", "\"x\", \"a,b\"")], Holds, Holds),
            (&[("if-match", "*")], Holds, Holds),
            (&[("if-match", "\"x\"")], Fails, Fails),
            (&[("if-match", "W/\"a,b\"")], Fails, Fails),
            (&[("if-match", "\"x\""), ("if-match", "\"a,b\"")], Holds, Holds),
            (&[("if-match", "\"a\"")], Fails, Fails),
            (
                &[("if-match", "\"a,b\""), ("if-unmodified-since", OLD)],
                Holds,
                Holds,
            ),
            (&[("if-unmodified-since", OLD)], Fails, Fails),
            (&[("if-unmodified-since", SAME)], Holds, Holds),
            (&[("if-unmodified-since", "yesterday")], Holds, Holds),
            (&[("if-none-match", "\"a,b\"")], NotModified, Fails),
            (&[("if-none-match", "W/\"a,b\"")], NotModified, Fails),
            (&[("if-none-match", "*")], NotModified, Fails),
            (&[("if-none-match", "\"x\"")], Holds, Holds),
            (&[("if-none-match", "a,b")], Holds, Holds),
            (
                &[("if-none-match", "\"x\""), ("if-modified-since", NEW)],
                Holds,
                Holds,
            ),
            (&[("if-modified-since", OLD)], Holds, Holds),
            (&[("if-modified-since", SAME)], NotModified, Holds),
            (&[("if-modified-since", NEW)], NotModified, Holds),
            (
                &[("if-match", "\"a,b\""), ("if-none-match", "\"a,b\"")],
                NotModified,
                Fails,
            ),
        ] {
            let headers = headers(fields);
            assert_eq!(validators.evaluate(&Method::GET, &headers), of_get, "{fields:?}");
            assert_eq!(validators.evaluate(&Method::HEAD, &headers), of_get, "{fields:?}");
            assert_eq!(validators.evaluate(&Method::PUT, &headers), of_put, "{fields:?}");
        }
    }

    #[test]
    fn without_validators_only_a_star_matches() {
        let none = Validators::default();
        for (fields, outcome) in [
            ([("if-match", "*")], Precondition::Holds),
            ([("if-match", "\"a\"")], Precondition::Fails),
            ([("if-none-match", "\"a\"")], Precondition::Holds),
            ([("if-modified-since", SAME)], Precondition::Holds),
            ([("if-unmodified-since", SAME)], Precondition::Holds),
        ] {
            assert_eq!(
                none.evaluate(&Method::GET, &headers(&fields)),
                outcome,
                "{fields:?}"
            );
        }
    }

    #[test]
    fn a_range_is_of_the_representation_that_the_client_has() {
        let etag = HeaderValue::from_static("\"a\"");
        let weak = HeaderValue::from_static("W/\"a\"");
        let of = |etag, value: &'static str, now| {
            let validators = Validators {
                etag: Some(etag),
                last_modified: Some(MODIFIED),
            };
            validators.permit_range(&headers(&[("if-range", value)]), now)
        };
        let later = MODIFIED + 60;
        assert!(of(&etag, "\"a\"", later));
        assert!(!of(&etag, "\"b\"", later));
        assert!(!of(&etag, "W/\"a\"", later));
        assert!(!of(&weak, "W/\"a\"", later));
        assert!(of(&etag, SAME, later));
        assert!(!of(&etag, NEW, later));
        assert!(!of(&etag, OLD, later));
        assert!(!of(&etag, SAME, MODIFIED));
        assert!(!of(&etag, "a", later));
        assert!(Validators::default().permit_range(&HeaderMap::new(), later));
    }
}
