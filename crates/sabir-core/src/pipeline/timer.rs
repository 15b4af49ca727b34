//! Time, which the core has not by itself.

use std::{future::Future, pin::Pin, task::Context, time::Duration};

use crate::threads::{MaybeSend, MaybeSync};

/// A clock that also wakes. Implemented where there is a runtime.
///
/// Moments are counted from a fixed one that is the timer's own choice.
///
/// ```
/// use std::{
///     future::{Future, Ready, ready},
///     pin::Pin,
///     task::{Context, Poll},
///     time::Duration,
/// };
///
/// use sabir_core::{
///     Settings,
///     pipeline::{ApplicationBuilder, Sleep, Timer},
/// };
///
/// /// Time that is always over, for tests.
/// struct Over;
///
/// struct Slept(Ready<()>);
///
/// impl Timer for Over {
///     fn now(&self) -> Duration {
///         Duration::ZERO
///     }
///
///     fn sleep_until(&self, _deadline: Duration) -> Pin<Box<dyn Sleep>> {
///         Box::pin(Slept(ready(())))
///     }
/// }
///
/// impl Future for Slept {
///     type Output = ();
///
///     fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
///         Pin::new(&mut self.0).poll(context)
///     }
/// }
///
/// impl Sleep for Slept {
///     fn reset(mut self: Pin<&mut Self>, _deadline: Duration) {
///         self.0 = ready(());
///     }
/// }
///
/// let builder = ApplicationBuilder::new(Settings::default()).timer(Over);
/// ```
pub trait Timer: MaybeSend + MaybeSync + 'static {
    /// The present moment. It never runs backwards.
    fn now(&self) -> Duration;

    /// A future that completes at `deadline`.
    fn sleep_until(&self, deadline: Duration) -> Pin<Box<dyn Sleep>>;

    /// Has the task of `context` polled again once others have had their turn.
    fn yield_now(&self, context: &mut Context<'_>) {
        context.waker().wake_by_ref();
    }
}

/// Completes when its deadline has come. Dropping it is giving it up.
pub trait Sleep: Future<Output = ()> + MaybeSend {
    /// Moves the deadline, also when it has come already.
    fn reset(self: Pin<&mut Self>, deadline: Duration);
}
