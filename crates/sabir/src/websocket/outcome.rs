//! How the handler of a socket ends.

use sabir_core::{
    RequestId,
    reply::StreamError,
    websocket::{Close, CloseCode},
};

use super::SocketClosed;

/// What the handler of a WebSocket may return: nothing, or a `Result` without a value. With an error the socket is closed with
/// 1011, and the log has the error; the client does not see it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what the handler of a WebSocket returns",
    note = "it returns nothing, or a `Result<(), E>` whose error converts into `Box<dyn std::error::Error + Send + Sync>`"
)]
pub trait SocketOutcome: Send + 'static {
    /// The error, if it is one.
    ///
    /// # Errors
    /// What made the handler fail.
    fn outcome(self) -> Result<(), StreamError>;
}

impl SocketOutcome for () {
    fn outcome(self) -> Result<(), StreamError> {
        Ok(())
    }
}

impl<E: Into<StreamError> + Send + 'static> SocketOutcome for Result<(), E> {
    fn outcome(self) -> Result<(), StreamError> {
        self.map_err(Into::into)
    }
}

/// What the socket is closed with after its handler.
pub(super) fn close(outcome: Result<(), StreamError>, id: &RequestId) -> Close {
    match outcome {
        Ok(()) => CloseCode::NORMAL.into(),
        // The client closed while the handler was about to send.
        Err(error) if error.is::<SocketClosed>() => CloseCode::NORMAL.into(),
        Err(error) => {
            tracing::error!(request_id = %id, error = &*error, "the handler of a WebSocket failed");
            CloseCode::INTERNAL_ERROR.into()
        }
    }
}
