//! The time that tokio keeps.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use pin_project_lite::pin_project;
use sabir_core::pipeline::{Sleep, Timer};
use tokio::time::{Instant, sleep_until};

/// So far away are moments that no clock can name.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// Counts from when it was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokioTimer {
    start: Instant,
}

impl TokioTimer {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    fn instant(self, moment: Duration) -> Instant {
        self.start
            .checked_add(moment)
            .unwrap_or_else(|| Instant::now() + FAR)
    }
}

impl Timer for TokioTimer {
    /// What only wakes itself would go on before the runtime has looked for what has come over its sockets.
    fn yield_now(&self, context: &mut Context<'_>) {
        let _ = pin!(tokio::task::yield_now()).poll(context);
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep_until(&self, deadline: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(TokioSleep {
            sleep: sleep_until(self.instant(deadline)),
            timer: *self,
        })
    }
}

pin_project! {
    struct TokioSleep {
        #[pin]
        sleep: tokio::time::Sleep,
        timer: TokioTimer,
    }
}

impl Future for TokioSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.project().sleep.poll(context)
    }
}

impl Sleep for TokioSleep {
    fn reset(self: Pin<&mut Self>, deadline: Duration) {
        let instant = self.timer.instant(deadline);
        self.project().sleep.reset(instant);
    }
}
