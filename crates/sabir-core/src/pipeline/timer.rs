//! Time, which the core has not by itself.

use std::{future::Future, pin::Pin, time::Duration};

use crate::threads::{MaybeSend, MaybeSync};

/// A clock that also wakes. Implemented where there is a runtime.
///
/// Moments are counted from a fixed one that is the timer's own choice.
pub trait Timer: MaybeSend + MaybeSync + 'static {
    /// The present moment. It never runs backwards.
    fn now(&self) -> Duration;

    /// A future that completes at `deadline`.
    fn sleep_until(&self, deadline: Duration) -> Pin<Box<dyn Sleep>>;
}

/// Completes when its deadline has come. Dropping it is giving it up.
pub trait Sleep: Future<Output = ()> + MaybeSend {
    /// Moves the deadline, also when it has come already.
    fn reset(self: Pin<&mut Self>, deadline: Duration);
}
