//! Redirects as plain data.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header::LOCATION};
use serde_json::Value as Json;

use crate::{
    BoxFuture, Call, Handler, Problem, ProblemType, Reply, SetupError, Value,
    routing::{Pattern, encode_in_query, encode_segment},
};

/// Where requests for a path are sent to.
///
/// ```
/// use http::Request;
/// use sabir_core::{Operation, Settings, pipeline::{ApplicationBuilder, Redirect}};
///
/// # fn main() -> Result<(), sabir_core::SetupError> {
/// let mut builder = ApplicationBuilder::new(Settings::default());
/// builder.redirect("/old/{id}", &Redirect::new("/new/{id}"), Operation::default())?;
/// let application = builder.build();
///
/// # futures_util::FutureExt::now_or_never(async {
/// let response = application.call(Request::get("/old/7?a=1").body("".into()).unwrap()).await;
/// assert_eq!((response.status().as_u16(), &response.headers()["location"]), (308, &"/new/7?a=1".parse().unwrap()));
/// # }).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// A path of the same host, or a URL of HTTP, with variables of the path that it is for, as `/new/{id}`. The query of a request is
    /// carried over, unless there is one here.
    pub to: String,
    /// 301, 302, 303, 307 or 308. The last two keep the method and the content (RFC 9110 §15.4).
    pub status: u16,
}

impl Redirect {
    /// A permanent redirect that keeps the method.
    pub fn new(to: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            status: 308,
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Reads it from plain data: `to`, and `status` unless it is 308.
    ///
    /// # Errors
    /// Names what is missing, unknown or does not fit.
    pub fn from_json(data: &Json) -> Result<Self, SetupError> {
        let mut redirect = Self::new("");
        for (name, value) in data.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("to", Json::String(to)) => redirect.to.clone_from(to),
                ("status", status) if !status.is_null() => {
                    let number = status.as_u64().and_then(|status| u16::try_from(status).ok());
                    redirect.status = number.unwrap_or_default();
                }
                ("status", _) => {}
                ("to", _) => return Err(SetupError::new("to", "it is no text", "give a path or a URL")),
                (name, _) => {
                    let remedy = "use one of to status";
                    return Err(SetupError::new(name, "there is no such option", remedy));
                }
            }
        }
        Ok(redirect)
    }
}

/// A piece of a location.
#[derive(Debug)]
enum Piece {
    Literal(String),
    /// The value of the parameter at this place.
    Variable(usize, Coding),
}

/// How the value of a variable is written.
#[derive(Debug, Clone, Copy)]
enum Coding {
    Segment,
    Segments,
    Query,
}

/// Answers with a location.
#[derive(Debug)]
pub(super) struct RedirectHandler {
    pieces: Arc<[Piece]>,
    has_query: bool,
    status: StatusCode,
}

impl RedirectHandler {
    /// # Errors
    /// A status of something else, a location that is none or could lead to a host that a client names, a variable that the path does not
    /// have.
    pub(super) fn new(redirect: &Redirect, pattern: &Pattern) -> Result<Self, SetupError> {
        if !matches!(redirect.status, 301 | 302 | 303 | 307 | 308) {
            let problem = format!("{} is no status of a redirect", redirect.status);
            return Err(SetupError::new(
                "status",
                problem,
                "use 301, 302, 303, 307 or 308",
            ));
        }
        check_place(&redirect.to)?;
        let pieces = pieces(&redirect.to, pattern)?;
        Ok(Self {
            pieces: pieces.into(),
            has_query: redirect.to.contains('?'),
            status: StatusCode::from_u16(redirect.status).unwrap_or(StatusCode::PERMANENT_REDIRECT),
        })
    }

    fn location(&self, call: &Call) -> Option<HeaderValue> {
        let mut location = String::new();
        for piece in &*self.pieces {
            match piece {
                Piece::Literal(text) => location.push_str(text),
                Piece::Variable(place, coding) => {
                    let Some(Some(Value::String(value))) = call.arguments.parameters.get(*place) else {
                        return None;
                    };
                    match coding {
                        Coding::Segment => encode_segment(value, &mut location),
                        Coding::Segments => {
                            for (index, part) in value.split('/').enumerate() {
                                location.push_str(if index > 0 { "/" } else { "" });
                                encode_segment(part, &mut location);
                            }
                        }
                        Coding::Query => encode_in_query(value, &mut location),
                    }
                }
            }
        }
        if let Some(query) = call.head.uri.query().filter(|_| !self.has_query) {
            location.extend(["?", query]);
        }
        HeaderValue::try_from(location).ok()
    }
}

impl Handler for RedirectHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let reply = match self.location(&call) {
            Some(location) => Reply::new(self.status).with_header(LOCATION, location),
            None => Problem::new(ProblemType::NotFound).into_reply(),
        };
        Box::pin(std::future::ready(reply))
    }
}

/// Refuses what is neither a path of the same host nor a URL whose host is written there.
fn check_place(to: &str) -> Result<(), SetupError> {
    let path = match to.split_once("://") {
        Some(("http" | "https", rest)) => rest.find(['/', '?']).map(|at| (&rest[..at], &rest[at..])),
        // Two slashes name another host (RFC 3986 §4.2).
        None if to.starts_with('/') && !to.starts_with("//") => Some(("localhost", to)),
        Some(_) | None => None,
    };
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    match path {
        // A variable alone in the first segment is never empty, and has no slash at its beginning.
        Some((host, path)) if !host.is_empty() && !host.contains('{') && is_plain(path) && is_plain(host) => {
            Ok(())
        }
        _ => {
            let problem = format!("{to:?} is neither a path nor a URL");
            let remedy = "begin it with /, or with https:// and a host that is followed by a path";
            Err(SetupError::new("to", problem, remedy))
        }
    }
}

fn pieces(to: &str, pattern: &Pattern) -> Result<Vec<Piece>, SetupError> {
    let mut pieces = Vec::new();
    let mut rest = to;
    let mut is_behind_path = false;
    while let Some((literal, behind)) = rest.split_once('{') {
        let Some((name, behind)) = behind.split_once('}') else {
            let problem = format!("a brace of {to:?} has no end");
            return Err(SetupError::new("to", problem, "write variables as {name}"));
        };
        let Some(place) = pattern.variables().position(|(known, _)| known == name) else {
            let known: Vec<&str> = pattern.variables().map(|(name, _)| name).collect();
            let remedy = match known.as_slice() {
                [] => format!("leave it out, or write the path with {{{name}}}"),
                known => format!("use one of {}", known.join(" ")),
            };
            return Err(SetupError::new(
                "to",
                format!("the path has no variable `{name}`"),
                remedy,
            ));
        };
        is_behind_path |= literal.contains(['?', '#']);
        let coding = match pattern.is_wildcard(name) {
            _ if is_behind_path => Coding::Query,
            true => Coding::Segments,
            false => Coding::Segment,
        };
        pieces.push(Piece::Literal(literal.to_owned()));
        pieces.push(Piece::Variable(place, coding));
        rest = behind;
    }
    pieces.push(Piece::Literal(rest.to_owned()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::routing::Converters;

    #[test]
    fn refuses_what_leads_nowhere_or_to_a_host_of_the_client() {
        let pattern = Pattern::parse("/old/{id}", &Converters::default()).unwrap();
        for (to, status, field) in [
            ("new", 308, "to"),
            ("//other.example", 308, "to"),
            ("ftp://other.example/", 308, "to"),
            ("https://shop.example", 308, "to"),
            ("https://{id}.example/", 308, "to"),
            ("/new/{name}", 308, "to"),
            ("/new/{id", 308, "to"),
            ("/new id", 308, "to"),
            ("/new", 200, "status"),
            ("/new", 304, "status"),
        ] {
            let redirect = Redirect::new(to).status(status);
            let error = RedirectHandler::new(&redirect, &pattern).unwrap_err();
            assert_eq!(error.field, field, "{to} {status}");
        }
        for to in [
            "/new/{id}",
            "/{id}",
            "https://shop.example/{id}",
            "http://[::1]:8000/",
        ] {
            assert!(RedirectHandler::new(&Redirect::new(to), &pattern).is_ok(), "{to}");
        }
    }

    #[test]
    fn reads_plain_data() {
        let redirect = Redirect::from_json(&json!({ "to": "/new", "status": 301 })).unwrap();
        assert_eq!(redirect, Redirect::new("/new").status(301));
        for (data, field) in [
            (json!({ "to": 1 }), "to"),
            (json!({ "to": "/", "code": 301 }), "code"),
        ] {
            assert_eq!(Redirect::from_json(&data).unwrap_err().field, field);
        }
    }
}
