//! How the handler of a socket ends.

use std::error::Error;

use sabir_core::{
    ProblemError, RequestId,
    reply::StreamError,
    websocket::{Close, CloseCode},
};

use super::{SendError, SocketClosed};

/// What the handler of a WebSocket may return: nothing, or a `Result` without a value. With an error the socket is closed with
/// 1011, and the log has the error; the client does not see it. A [`Problem`](crate::Problem) of a 4xx status is the client's own: the socket is
/// closed with 1008 and its detail. That nothing could be sent to a socket that is closed is no failure.
///
/// ```
/// use sabir::{Json, Problem, ProblemType, Sabir, websocket::WebSocket};
///
/// #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
/// struct Line {
///     text: String,
/// }
///
/// fn checked(line: Line) -> Result<Line, Problem> {
///     if line.text == "spam" {
///         return Err(Problem::new(ProblemType::Forbidden).with_detail("No spam, please."));
///     }
///     Ok(line)
/// }
///
/// async fn chat(mut socket: WebSocket<Json<Line>, Json<Line>>) -> Result<(), Problem> {
///     while let Some(line) = socket.receive().await {
///         socket.send(&checked(line)?).await?;
///     }
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = Sabir::new().websocket("/chat", chat).build()?;
/// let request = http::Request::get("/chat").body("".into())?;
/// let mut client = app.connect_in_memory(request).await?;
/// client.send(r#"{ "text": "spam" }"#).await?;
/// let close = client.closed().await?.unwrap();
/// assert_eq!((close.code.as_u16(), close.reason.as_str()), (1008, "No spam, please."));
/// # Ok(())
/// # }
/// ```
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
    let Err(error) = outcome else {
        return CloseCode::NORMAL.into();
    };
    let problem = error.downcast_ref::<ProblemError>().map(ProblemError::problem);
    let cause = problem.and_then(|problem| problem.cause.as_deref());
    if is_closed(cause.unwrap_or(&*error)) {
        return CloseCode::NORMAL.into();
    }
    if let Some(problem) = problem
        && problem.status < 500
    {
        let reason = problem.detail.as_deref().unwrap_or(&problem.title);
        return Close::new(CloseCode::POLICY_VIOLATION, reason);
    }
    tracing::error!(request_id = %id, error = &*error, "the handler of a WebSocket failed");
    CloseCode::INTERNAL_ERROR.into()
}

/// Whether the client closed while the handler was about to send.
fn is_closed(error: &(dyn Error + Send + Sync + 'static)) -> bool {
    error.is::<SocketClosed>() || matches!(error.downcast_ref(), Some(SendError::Closed(_)))
}
