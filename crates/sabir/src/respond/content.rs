//! Answers that are content of some type.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::LOCATION};
use sabir_core::{Problem, Reply};
use serde::Serialize;

use super::Respond;
use crate::Json;

/// Text as `text/html`.
///
/// ```
/// use sabir::{Html, Sabir};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/", async || Html("<h1>Hello</h1>")).build()?;
/// let response = app.call_in_memory(http::Request::get("/").body("".into()).unwrap()).await;
/// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Html<T>(pub T);

/// `201 Created` with the new resource and its path (RFC 9110 §15.3.2).
///
/// ```
/// use sabir::{Created, Sabir};
///
/// async fn create() -> Created<&'static str> {
///     Created { location: "/orders/7".into(), content: "order 7" }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/orders", create).build()?;
/// let response = app.call_in_memory(http::Request::post("/orders").body("".into()).unwrap()).await;
/// assert_eq!((response.status().as_u16(), &response.headers()["location"]), (201, &"/orders/7".parse().unwrap()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T> {
    /// The value of `Location`.
    pub location: String,
    /// The content.
    pub content: T,
}

fn text(body: impl Into<Bytes>) -> Reply {
    Reply::content(
        StatusCode::OK,
        const { HeaderValue::from_static("text/plain; charset=utf-8") },
        body,
    )
}

fn octets(body: impl Into<Bytes>) -> Reply {
    Reply::content(
        StatusCode::OK,
        const { HeaderValue::from_static("application/octet-stream") },
        body,
    )
}

macro_rules! content {
    ($($type:ty = |$value:ident| $reply:expr;)*) => {
        $(impl Respond for $type {
            fn respond(self) -> Reply {
                let $value = self;
                $reply
            }
        })*
    };
}

content! {
    &'static str = |value| text(value);
    String = |value| text(value);
    Box<str> = |value| text(String::from(value));
    Cow<'static, str> = |value| match value {
        Cow::Borrowed(value) => text(value),
        Cow::Owned(value) => text(value),
    };
    Bytes = |value| octets(value);
    Vec<u8> = |value| octets(value);
    &'static [u8] = |value| octets(value);
    Cow<'static, [u8]> = |value| match value {
        Cow::Borrowed(value) => octets(value),
        Cow::Owned(value) => octets(value),
    };
}

impl<T: Into<Bytes>> Respond for Html<T> {
    fn respond(self) -> Reply {
        Reply::content(
            StatusCode::OK,
            const { HeaderValue::from_static("text/html; charset=utf-8") },
            self.0,
        )
    }
}

impl<T: Serialize> Respond for Json<T> {
    fn respond(self) -> Reply {
        match serde_json::to_vec(&self.0) {
            Ok(body) => Reply::content(
                StatusCode::OK,
                const { HeaderValue::from_static("application/json") },
                body,
            ),
            Err(error) => {
                Problem::failed(format!("the answer cannot be written as JSON: {error}")).into_reply()
            }
        }
    }
}

impl<T: Respond> Respond for Created<T> {
    fn respond(self) -> Reply {
        let mut reply = self.content.respond();
        reply.status = StatusCode::CREATED;
        match HeaderValue::try_from(self.location) {
            Ok(location) => {
                reply.headers.insert(LOCATION, location);
                reply
            }
            Err(error) => {
                let cause = format!("the location of what was created is no header field: {error}");
                Problem::failed(cause).into_reply()
            }
        }
    }
}
