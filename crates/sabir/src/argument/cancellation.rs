//! Telling work outside the handler that nobody waits for it any more.

use std::convert::Infallible;

use sabir_core::{Call, SetupError};
use tokio_util::sync::CancellationToken;

use super::Argument;
use crate::Description;

/// Tells when the call has been cancelled: the client left, or the handler's deadline passed.
///
/// The handler itself needs no such argument, since its future is dropped. It is for what the handler started
/// elsewhere: tasks and blocking threads.
///
/// ```
/// use sabir::{Cancellation, Sabir};
///
/// async fn report(cancellation: Cancellation) -> String {
///     let work = tokio::task::spawn_blocking(move || {
///         (0..1000).take_while(|_| !cancellation.is_cancelled()).count()
///     });
///     format!("{} rows", work.await.unwrap_or_default())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/report", report).build()?;
/// let response = app.call_in_memory(http::Request::get("/report").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "1000 rows");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancellation(CancellationToken);

impl Cancellation {
    /// Whether the call has been cancelled. A call that was answered never is.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until the call is cancelled; for ever when it is answered.
    pub async fn cancelled(&self) {
        self.0.cancelled().await;
    }
}

impl Argument for Cancellation {
    type Plan = ();
    type Rejection = Infallible;

    fn describe(_description: &mut Description<'_>) -> Result<(), SetupError> {
        Ok(())
    }

    async fn take(_call: &mut Call, (): &()) -> Result<Self, Infallible> {
        Ok(Self::default())
    }

    fn cancellation(&self) -> Option<Cancellation> {
        Some(self.clone())
    }
}

/// Cancels unless the handler gets to its end.
pub(crate) struct CancelOnDrop(pub(crate) Vec<Cancellation>);

impl CancelOnDrop {
    pub(crate) fn disarm(mut self) {
        self.0.clear();
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        for cancellation in &self.0 {
            cancellation.0.cancel();
        }
    }
}
