//! Arguments of an application's own.

use std::future::Future;

use sabir_core::{Call, SetupError};

use super::Argument;
use crate::{Description, Respond, States};

/// A type of your own that handlers can take. It sees the whole call and the state of the application, and may wait.
///
/// ```
/// use http::header::AUTHORIZATION;
/// use sabir::{Call, FromCall, Problem, ProblemType, Sabir, States};
///
/// #[derive(Clone)]
/// struct Tokens(&'static [(&'static str, &'static str)]);
///
/// struct CurrentUser(String);
///
/// impl FromCall for CurrentUser {
///     type Rejection = Problem;
///
///     async fn from_call(call: &mut Call, states: &States) -> Result<Self, Problem> {
///         let Tokens(tokens) = states.get()?;
///         let token = call.head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
///         match tokens.iter().find(|(known, _)| token == Some(*known)) {
///             Some((_, name)) => Ok(Self(name.to_string())),
///             None => Err(Problem::new(ProblemType::Unauthorized)),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new()
///     .state(Tokens(&[("s3cret", "Ada")]))
///     .get("/me", async |CurrentUser(name): CurrentUser| name)
///     .build()?;
/// let request = http::Request::get("/me").header("authorization", "Bearer s3cret").body("".into()).unwrap();
/// assert_eq!(app.call_in_memory(request).await.body(), "Ada");
/// let response = app.call_in_memory(http::Request::get("/me").body("".into()).unwrap()).await;
/// assert_eq!(response.status(), 401);
/// # Ok(())
/// # }
/// ```
///
/// A handler that takes `Result<T, T::Rejection>` decides itself what becomes of a rejection.
pub trait FromCall: Sized + Send + 'static {
    /// What the client is answered instead.
    type Rejection: Respond + Send + 'static;

    /// Takes the value from a call.
    fn from_call(
        call: &mut Call,
        states: &States,
    ) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;

    /// Says what the value takes, when the application is built: parameters for the contract, or a state without which it
    /// cannot be.
    ///
    /// # Errors
    /// When it could never be taken.
    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        let _ = description;
        Ok(())
    }
}

impl<T: FromCall> Argument for T {
    type Plan = States;
    type Rejection = T::Rejection;

    fn describe(description: &mut Description<'_>) -> Result<States, SetupError> {
        <T as FromCall>::describe(description)?;
        Ok(description.states().clone())
    }

    fn take(call: &mut Call, states: &States) -> impl Future<Output = Result<Self, Self::Rejection>> + Send {
        T::from_call(call, states)
    }
}

impl<T: FromCall> Argument for Result<T, T::Rejection> {
    type Plan = States;
    type Rejection = std::convert::Infallible;

    fn describe(description: &mut Description<'_>) -> Result<States, SetupError> {
        <T as Argument>::describe(description)
    }

    async fn take(call: &mut Call, states: &States) -> Result<Self, Self::Rejection> {
        Ok(T::from_call(call, states).await)
    }
}
