//! Problem details (RFC 9457): every answer of the runtime that is not a success.

mod cause;
mod data;
mod error;
mod extension;
mod violations;

use std::{borrow::Cow, error::Error, sync::Arc};

use http::HeaderMap;

use crate::{Map, Text};

pub use error::ProblemError;
pub use violations::Violations;

macro_rules! problem_types {
    ($(#[doc = $doc:literal] $name:ident = $status:literal $slug:literal $title:literal;)*) => {
        /// The kinds of problem that the runtime reports.
        ///
        /// ```
        /// use sabir_core::ProblemType;
        ///
        /// assert_eq!(ProblemType::NotFound.status(), 404);
        /// assert_eq!(ProblemType::NotFound.uri(), "urn:sabir:problem:not-found");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProblemType { $(#[doc = $doc] $name,)* }

        impl ProblemType {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The status code (RFC 9110 §15).
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }

            /// The `type` member, an absolute URI.
            pub const fn uri(self) -> &'static str {
                match self { $(Self::$name => concat!("urn:sabir:problem:", $slug),)* }
            }

            /// The last part of the `type` member.
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// The `title` member.
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }

            /// What the client did, or what happened to the server: a sentence.
            pub const fn documentation(self) -> &'static str { match self { $(Self::$name => $doc.trim_ascii_start(),)* } }
        }
    };
}

problem_types! {
    /// The request is not well formed: framing, header section, escapes, syntax of the body.
    BadRequest = 400 "bad-request" "The request is malformed";
    /// The client is not authenticated. RFC 9110 §11.6.1 asks for the field WWW-Authenticate.
    Unauthorized = 401 "unauthorized" "Authentication is required";
    /// The client may not do this.
    Forbidden = 403 "forbidden" "The request is not permitted";
    /// No route matches the path.
    NotFound = 404 "not-found" "The resource was not found";
    /// The path exists, but not for this method.
    MethodNotAllowed = 405 "method-not-allowed" "The method is not allowed for this resource";
    /// No declared representation is acceptable.
    NotAcceptable = 406 "not-acceptable" "No acceptable representation is available";
    /// The client took too long to send the request.
    RequestTimeout = 408 "request-timeout" "The request took too long to arrive";
    /// The request conflicts with the state of the resource.
    Conflict = 409 "conflict" "The request conflicts with the current state";
    /// The resource is gone for good.
    Gone = 410 "gone" "The resource is gone";
    /// A condition of the request does not hold: the resource is in another state than the client takes it for.
    PreconditionFailed = 412 "precondition-failed" "A precondition does not hold";
    /// The content is larger than the limit.
    ContentTooLarge = 413 "content-too-large" "The content is too large";
    /// The request target is longer than the limit.
    UriTooLong = 414 "uri-too-long" "The request target is too long";
    /// The media type, its charset or its coding is not supported.
    UnsupportedMediaType = 415 "unsupported-media-type" "The media type is not supported";
    /// The resource has none of the parts that the client asks for.
    RangeNotSatisfiable = 416 "range-not-satisfiable" "The range is not satisfiable";
    /// The request is for a host that is not served here.
    MisdirectedRequest = 421 "misdirected-request" "The request was misdirected";
    /// A part of the request does not fit its schema; the member `errors` says which.
    ValidationFailed = 422 "validation-failed" "Request validation failed";
    /// The resource speaks another protocol, which the request does not ask for.
    UpgradeRequired = 426 "upgrade-required" "The protocol must be upgraded";
    /// The client sent too many requests.
    TooManyRequests = 429 "too-many-requests" "Too many requests";
    /// The header section is larger than the limit.
    HeaderFieldsTooLarge = 431 "header-fields-too-large" "The header fields are too large";
    /// The handler failed.
    InternalError = 500 "internal-error" "The server failed to answer";
    /// The method or the protocol feature is not implemented.
    Unimplemented = 501 "not-implemented" "The request is not supported";
    /// The server is overloaded or shutting down.
    ServiceUnavailable = 503 "service-unavailable" "The service is unavailable";
    /// The handler's deadline passed.
    HandlerTimeout = 504 "handler-timeout" "The handler took too long";
    /// The protocol version is not supported.
    VersionNotSupported = 505 "version-not-supported" "The HTTP version is not supported";
}

/// One problem, ready to be sent as `application/problem+json`.
///
/// It begins as one of the table, or of a status; one that a handler makes up may replace `type`, `title` and `status`. It is no
/// [`Error`](std::error::Error), so that `?` can make one of every error; [`ProblemError`] is.
///
/// ```
/// use sabir_core::{Problem, ProblemType};
///
/// let mut problem = Problem::new(ProblemType::Conflict).with_detail("The name is taken.");
/// problem.type_uri = "https://shop.example/problems/name-taken".into();
/// problem.extend("name", "ada".into());
/// assert_eq!(problem.into_reply().status, 409);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Problem {
    /// The `type` member; `about:blank` when only the status speaks.
    pub type_uri: Cow<'static, str>,
    /// The `title` member.
    pub title: Cow<'static, str>,
    /// The `status` member and the status of the answer.
    pub status: u16,
    /// The `detail` member: this occurrence, for a person.
    pub detail: Option<String>,
    /// The `instance` member; the pipeline fills in the request's path.
    pub instance: Option<String>,
    /// The `request_id` member; filled in by the pipeline.
    pub request_id: Option<String>,
    /// What is wrong with each part of the request, in a stable order.
    pub errors: Vec<Violation>,
    /// Whether more is wrong than `errors` tells: the setting `violation_limit` was reached.
    pub errors_truncated: bool,
    /// Further members. Their values are as exact as those of bodies.
    pub extensions: Map,
    /// Header fields of the answer, such as `Allow` and `Retry-After`.
    pub headers: Box<HeaderMap>,
    /// Whether the connection must close, since the framing of what follows is in doubt.
    pub close: bool,
    /// The error that made a handler fail, for the log.
    pub cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// Where in the request a [`Violation`] lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
    /// The content.
    Body,
}

/// One part of a request that does not fit its schema.
///
/// ```
/// use sabir_core::{Location, Problem, Violation};
///
/// let violation = Violation::new(Location::Query, "minimum", "0 is less than the minimum of 1").with_name("limit");
/// assert_eq!(Problem::validation(vec![violation]).status, 422);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Which part of the request.
    pub location: Location,
    /// The parameter's name; absent for bodies.
    pub name: Option<Text>,
    /// A JSON Pointer (RFC 6901) into the value; for parameters only below the top.
    pub pointer: Option<String>,
    /// The JSON Schema keyword that failed.
    pub keyword: Cow<'static, str>,
    /// The failure for a person.
    pub detail: String,
}

impl Violation {
    /// A violation of `keyword` in the part of a request that `location` names, with a `detail` for a person.
    pub fn new(location: Location, keyword: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self {
            location,
            name: None,
            pointer: None,
            keyword: keyword.into(),
            detail: detail.into(),
        }
    }

    /// The same violation, of the parameter called `name`.
    #[must_use]
    pub fn with_name(self, name: impl Into<Text>) -> Self {
        Self {
            name: Some(name.into()),
            ..self
        }
    }

    /// The same violation, of the value that `pointer` leads to (RFC 6901).
    #[must_use]
    pub fn with_pointer(self, pointer: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.into()),
            ..self
        }
    }
}

impl Problem {
    /// A problem of the table.
    pub fn new(kind: ProblemType) -> Self {
        Self {
            type_uri: Cow::Borrowed(kind.uri()),
            title: Cow::Borrowed(kind.title()),
            status: kind.status(),
            detail: None,
            instance: None,
            request_id: None,
            errors: Vec::new(),
            errors_truncated: false,
            extensions: Map::default(),
            headers: Box::default(),
            close: false,
            cause: None,
        }
    }

    /// The same problem with a `detail`.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// `400` with a detail.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::BadRequest).with_detail(detail)
    }

    /// `503` with a detail, for a client that may come back after a second (RFC 9110 §10.2.3).
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::ServiceUnavailable)
            .with_detail(detail)
            .with_header(http::header::RETRY_AFTER, http::HeaderValue::from_static("1"))
    }

    /// The problem of the table with this status, else `about:blank` with the status's name (RFC 9457 §4.2.1).
    pub fn from_status(status: u16) -> Self {
        if let Some(kind) = ProblemType::ALL.iter().find(|kind| kind.status() == status) {
            return Self::new(*kind);
        }
        let reason = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason());
        let mut problem = Self::new(ProblemType::InternalError);
        problem.type_uri = Cow::Borrowed("about:blank");
        problem.title = Cow::Borrowed(reason.unwrap_or("Error"));
        problem.status = status;
        problem
    }

    /// The same problem with one more header field in its answer.
    #[must_use]
    pub fn with_header(mut self, name: http::HeaderName, value: http::HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation(location: Location, detail: &str) -> Violation {
        Violation::new(location, "type", detail)
    }

    #[test]
    fn sorts_violations_by_location_and_keeps_the_order_within() {
        let problem = Problem::validation(vec![
            violation(Location::Body, "1"),
            violation(Location::Query, "2"),
            violation(Location::Body, "3"),
            violation(Location::Path, "4"),
        ]);
        let order: Vec<_> = problem.errors.iter().map(|error| error.detail.as_str()).collect();
        assert_eq!(order, ["4", "2", "1", "3"]);
        assert_eq!(
            problem.detail.as_deref(),
            Some("4 parts of the request are not valid")
        );
    }

    #[test]
    fn counts_one_violation_in_the_singular() {
        let problem = Problem::validation(vec![violation(Location::Query, "1")]);
        assert_eq!(
            problem.detail.as_deref(),
            Some("1 part of the request is not valid")
        );
    }

    #[test]
    fn finds_the_kind_of_a_status() {
        assert_eq!(Problem::from_status(409).type_uri, "urn:sabir:problem:conflict");
    }

    #[test]
    fn has_no_type_for_a_status_outside_the_table() {
        let problem = Problem::from_status(418);
        assert_eq!(
            (problem.type_uri.as_ref(), problem.title.as_ref()),
            ("about:blank", "I'm a teapot")
        );
        assert_eq!(problem.status, 418);
    }
}
