//! Time as it passes, and time that passes only when everybody waits for it.

use std::{
    collections::BTreeSet,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use sabir_core::pipeline::{Sleep, Timer};

/// What handlers wait by.
#[derive(Debug, Clone)]
pub(crate) enum Time {
    /// A clock that stands still until it is moved.
    Clock(Clock),
    /// The runtime of a server.
    #[cfg(not(target_family = "wasm"))]
    Tokio,
}

impl Time {
    pub(crate) async fn sleep(&self, duration: Duration) {
        match self {
            Self::Clock(clock) => clock.sleep_until(clock.now() + duration).await,
            #[cfg(not(target_family = "wasm"))]
            Self::Tokio => tokio::time::sleep(duration).await,
        }
    }
}

/// A clock that moves on to the next moment that somebody waits for. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<Moments>>);

#[derive(Debug, Default)]
struct Moments {
    now: Duration,
    awaited: BTreeSet<Duration>,
}

impl Clock {
    fn moments(&self) -> MutexGuard<'_, Moments> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves on to the next moment that was asked for; false when there is none.
    pub(crate) fn advance(&self) -> bool {
        let mut moments = self.moments();
        // Whoever still waits asks again.
        let awaited = std::mem::take(&mut moments.awaited);
        match awaited.first() {
            Some(next) => {
                moments.now = *next;
                true
            }
            None => false,
        }
    }
}

impl Timer for Clock {
    fn now(&self) -> Duration {
        self.moments().now
    }

    fn sleep_until(&self, deadline: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Sleeping {
            clock: self.clone(),
            deadline,
        })
    }
}

struct Sleeping {
    clock: Clock,
    deadline: Duration,
}

impl Future for Sleeping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut moments = self.clock.moments();
        if self.deadline <= moments.now {
            return Poll::Ready(());
        }
        moments.awaited.insert(self.deadline);
        Poll::Pending
    }
}

impl Sleep for Sleeping {
    fn reset(mut self: Pin<&mut Self>, deadline: Duration) {
        self.deadline = deadline;
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn goes_on_to_the_next_moment_that_is_waited_for() {
        let clock = Clock::default();
        let mut context = Context::from_waker(Waker::noop());
        let (mut first, mut second) = (
            clock.sleep_until(Duration::from_secs(1)),
            clock.sleep_until(Duration::from_secs(5)),
        );
        assert!(!clock.advance(), "nobody waits");
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(clock.advance());
        assert!(first.as_mut().poll(&mut context).is_ready());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(clock.advance());
        assert_eq!(clock.now(), Duration::from_secs(5));
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
