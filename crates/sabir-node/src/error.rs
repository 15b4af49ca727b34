//! Errors that cross into JavaScript.

use napi::{Error, Status};
use sabir_core::SetupError;

/// A mistake in a route, an operation or a setting. The package turns the status into its class `SetupError`.
pub(crate) fn setup(error: SetupError) -> Error {
    Error::new(Status::InvalidArg, error.to_string())
}

/// A call that does not fit the state of the application.
pub(crate) fn misuse(message: impl Into<String>) -> Error {
    Error::new(Status::GenericFailure, message.into())
}
