//! What of a file a request is to be sent.

use std::{
    ops::Range,
    time::{SystemTime, UNIX_EPOCH},
};

use http::{
    Method, StatusCode,
    header::{ETAG, LAST_MODIFIED, RANGE},
};
use sabir_core::{
    Reply, RequestHead, Switch,
    header::{
        conditional::{Precondition, Validators},
        date,
        range::Ranges,
    },
};

/// What a client is sent of a file.
pub(super) enum Selection {
    Whole,
    Parts(Vec<Range<u64>>),
    /// It has the file already (304).
    NotModified,
    /// It takes the file for another one (412).
    PreconditionFailed,
    /// It asks for what the file does not have (416).
    NotSatisfiable,
}

impl Selection {
    /// By the conditions and the ranges of `request`, for a file of `size` bytes that the header fields of `reply` describe.
    pub(super) fn of(request: &RequestHead, reply: &Reply, size: u64) -> Self {
        let is_read = matches!(request.method, Method::GET | Method::HEAD);
        if reply.status != StatusCode::OK || !is_read {
            return Self::Whole;
        }
        let modified = reply.headers.get(LAST_MODIFIED);
        let validators = Validators {
            etag: reply.headers.get(ETAG),
            last_modified: modified.and_then(|value| date::parse(value.to_str().ok()?)),
        };
        match validators.evaluate(&request.method, &request.headers) {
            _ if !Switch::Conditions.is_on() => {}
            Precondition::NotModified => return Self::NotModified,
            Precondition::Fails => return Self::PreconditionFailed,
            Precondition::Holds => {}
        }
        let field = request
            .headers
            .get(RANGE)
            .filter(|_| request.method == Method::GET && Switch::Ranges.is_on())
            .filter(|_| validators.permit_range(&request.headers, now()) || !Switch::Conditions.is_on())
            .and_then(|value| value.to_str().ok());
        match field.map_or(Ranges::Whole, |field| Ranges::of(field, size)) {
            Ranges::Whole => Self::Whole,
            Ranges::Parts(parts) => Self::Parts(parts),
            Ranges::Unsatisfiable => Self::NotSatisfiable,
        }
    }
}

/// The present time in seconds since 1970.
fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
