//! Arguments that axum knows.

use std::marker::PhantomData;

use axum::{extract::FromRequestParts, response::IntoResponse};
use sabir_core::{Call, Reply, SetupError};

use super::Argument;
use crate::{Description, Respond};

/// What implements axum's `FromRequestParts`, as an argument. `S` is the state that it asks for, which the application was
/// given with [`Sabir::state`](crate::Sabir::state); `()` for none. Needs the feature `axum`.
///
/// ```
/// use axum::extract::OriginalUri;
/// use sabir::{FromParts, Sabir};
///
/// async fn show(FromParts(OriginalUri(uri), ..): FromParts<OriginalUri>) -> String {
///     uri.to_string()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/a", show).build()?;
/// let response = app.call_in_memory(http::Request::get("/a?b").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "/a?b");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FromParts<T, S = ()>(pub T, pub PhantomData<fn() -> S>);

impl<T, S> Argument for FromParts<T, S>
where
    T: FromRequestParts<S> + Send + 'static,
    S: Clone + Send + Sync + 'static,
{
    type Plan = S;
    type Rejection = Reply;

    fn describe(description: &mut Description<'_>) -> Result<S, SetupError> {
        // There is one value of `()`, and nobody has to give it.
        let none: &dyn std::any::Any = &();
        match none.downcast_ref::<S>() {
            Some(none) => Ok(none.clone()),
            None => description.require_state(),
        }
    }

    async fn take(call: &mut Call, state: &S) -> Result<Self, Reply> {
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.method = call.head.method.clone();
        parts.uri = call.head.uri.clone();
        parts.version = call.head.version;
        parts.headers = call.head.headers.clone();
        parts.extensions = call.head.extensions.clone();
        T::from_request_parts(&mut parts, state)
            .await
            .map(|value| Self(value, PhantomData))
            .map_err(|rejection| rejection.into_response().respond())
    }
}
