//! Sending the client elsewhere.

use std::borrow::Cow;

use http::{HeaderValue, StatusCode, header::LOCATION};
use sabir_core::{Problem, Reply};

use super::Respond;

/// An answer that sends the client to another address (RFC 9110 §15.4).
///
/// ```
/// use sabir::{Redirect, Sabir};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/old", async || Redirect::permanent("/new")).build()?;
/// let response = app.call_in_memory(http::Request::get("/old").body("".into()).unwrap()).await;
/// assert_eq!((response.status().as_u16(), &response.headers()["location"]), (308, &"/new".parse().unwrap()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    location: Cow<'static, str>,
}

impl Redirect {
    /// `303 See Other`: the client continues with GET, as after a form.
    pub fn to(location: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SEE_OTHER, location)
    }

    /// `307 Temporary Redirect`: the client repeats the request as it is.
    pub fn temporary(location: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::TEMPORARY_REDIRECT, location)
    }

    /// `308 Permanent Redirect`: the client repeats the request as it is, and goes there at once from now on.
    pub fn permanent(location: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PERMANENT_REDIRECT, location)
    }

    /// One with another of the statuses 301, 302, 303, 307 and 308.
    pub fn with_status(status: StatusCode, location: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, location)
    }

    /// It as the runtime answers it by itself.
    pub(crate) fn into_route(self) -> sabir_core::pipeline::Redirect {
        sabir_core::pipeline::Redirect::new(self.location).status(self.status.as_u16())
    }

    fn new(status: StatusCode, location: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            location: location.into(),
        }
    }
}

impl Respond for Redirect {
    fn respond(self) -> Reply {
        match HeaderValue::try_from(&*self.location) {
            Ok(location) => Reply::new(self.status).with_header(LOCATION, location),
            Err(error) => Problem::failed(format!("the location of a redirect is no header field: {error}"))
                .into_reply(),
        }
    }
}
