//! Errors that cross into JavaScript.

use napi::{Env, Error, JsValue, Result, Status, bindgen_prelude::Object};
use napi_derive::napi;
use sabir_core::SetupError;
use sabir_host::{ListenError, answer::AnswerError};

/// A mistake in a route, an operation or a setting: an error with the parts `route`, `field`, `problem` and `remedy`, of which
/// the package makes one of its class `SetupError`.
pub(crate) fn setup(env: Env, error: &SetupError) -> Error {
    with_parts(&env, error).map_or_else(|failed| failed, |object| Error::from(object.to_unknown()))
}

fn with_parts<'env>(env: &'env Env, error: &SetupError) -> Result<Object<'env>> {
    let mut object = env.create_error(Error::new(Status::InvalidArg, error.to_string()))?;
    object.set("route", &error.route)?;
    object.set("field", &error.field)?;
    object.set("problem", &error.problem)?;
    object.set("remedy", &error.remedy)?;
    Ok(object)
}

/// A call that does not fit the state of the application.
pub(crate) fn misuse(message: impl Into<String>) -> Error {
    Error::new(Status::GenericFailure, message.into())
}

/// What JavaScript answered cannot be sent.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(crate) fn answer(error: AnswerError) -> Error {
    misuse(error.to_string())
}

/// What the system says of an address that it does not give.
#[napi(object)]
pub struct Refusal {
    /// Its number for the reason.
    pub errno: i32,
    /// The reason in words.
    pub message: String,
}

impl Refusal {
    /// # Errors
    /// It was not the system that refused.
    pub(crate) fn of(error: &ListenError) -> Result<Self> {
        let message = error.to_string();
        match error {
            ListenError::System(error) => match error.raw_os_error() {
                Some(errno) => Ok(Self { errno, message }),
                None => Err(misuse(message)),
            },
            ListenError::Listening | ListenError::Stopped => Err(misuse(message)),
        }
    }
}
