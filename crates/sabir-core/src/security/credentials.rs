//! Credentials as requests carry them.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, header};

use super::scheme::KeyLocation;
use crate::{RequestHead, header::cookie, parameters::query};

/// Where credentials are.
#[derive(Debug)]
pub(super) enum Place {
    /// In `Authorization`, with the scheme `Basic` (RFC 7617).
    Basic,
    /// In `Authorization`, with the scheme `Bearer` (RFC 6750 §2.1).
    Bearer,
    /// In a header field.
    Header(HeaderName),
    /// In the query.
    Query(String),
    /// In a cookie.
    Cookie(String),
}

/// What a request says at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent<'h> {
    /// Nothing.
    Nothing,
    /// What cannot be read, and why.
    Malformed(&'static str),
    /// The credentials.
    Credentials(Cow<'h, str>),
}

impl Place {
    pub(super) fn of_key(location: KeyLocation, name: &str) -> Option<Self> {
        Some(match location {
            KeyLocation::Header => Self::Header(HeaderName::from_bytes(name.as_bytes()).ok()?),
            KeyLocation::Query => Self::Query(name.to_owned()),
            KeyLocation::Cookie => Self::Cookie(name.to_owned()),
        })
    }

    /// What the request says here.
    pub(super) fn read<'h>(&self, head: &'h RequestHead) -> Sent<'h> {
        match self {
            Self::Basic => match authorization(&head.headers, "basic") {
                Sent::Credentials(text) => basic(&text),
                other => other,
            },
            Self::Bearer => authorization(&head.headers, "bearer"),
            Self::Header(name) => one(&head.headers, name),
            Self::Query(name) => in_query(head.uri.query().unwrap_or_default(), name),
            Self::Cookie(name) => in_cookies(&head.headers, name),
        }
    }
}

/// The value of a field that may stand once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Sent<'h> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Sent::Nothing;
    };
    if values.next().is_some() {
        return Sent::Malformed("They were sent twice.");
    }
    match value.to_str() {
        Ok(text) => Sent::Credentials(text.into()),
        Err(_) => Sent::Malformed("They have other characters than ASCII."),
    }
}

/// What follows `scheme` in `Authorization` (RFC 9110 §11.4). Another scheme is none of this one's affair.
fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Sent<'h> {
    match one(headers, &header::AUTHORIZATION) {
        Sent::Credentials(Cow::Borrowed(text)) => match text.split_once(' ') {
            Some((found, rest)) if found.eq_ignore_ascii_case(scheme) => {
                Sent::Credentials(rest.trim().into())
            }
            None if text.eq_ignore_ascii_case(scheme) => Sent::Malformed("Nothing follows the scheme."),
            _ => Sent::Nothing,
        },
        other => other,
    }
}

/// Name and password, with a colon in between (RFC 7617 §2).
fn basic(encoded: &str) -> Sent<'static> {
    let decoded = STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded {
        Some(text) if text.contains(':') => Sent::Credentials(text.into()),
        _ => Sent::Malformed("They are not a name and a password in Base64 and UTF-8."),
    }
}

fn in_query<'h>(text: &'h str, wanted: &str) -> Sent<'h> {
    let mut found = Sent::Nothing;
    for (name, value) in query::pairs(text) {
        if !query::decode_form(name).is_ok_and(|name| name == wanted) {
            continue;
        }
        if found != Sent::Nothing {
            return Sent::Malformed("They were sent twice.");
        }
        found = match query::decode_form(value) {
            Ok(value) => Sent::Credentials(value),
            Err(_) => Sent::Malformed("They are not well encoded."),
        };
    }
    found
}

/// The first cookie of the name: browsers send the most specific one first (RFC 6265 §5.4).
fn in_cookies<'h>(headers: &'h HeaderMap, wanted: &str) -> Sent<'h> {
    let fields = headers.get_all(header::COOKIE).iter();
    let mut pairs = fields.flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
    let value = pairs.find_map(|pair| {
        let pair = pair.trim_ascii();
        let at = pair.iter().position(|byte| *byte == b'=')?;
        (&pair[..at] == wanted.as_bytes()).then(|| &pair[at + 1..])
    });
    value.map_or(Sent::Nothing, |value| Sent::Credentials(cookie::decode(value)))
}
