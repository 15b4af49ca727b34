//! Calls in flight, counted up to a limit.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::Problem;

/// How many calls run, and how many may.
#[derive(Debug)]
pub struct InFlight {
    count: AtomicUsize,
    limit: usize,
}

/// One call in flight, until this is dropped.
///
/// It goes from the call to its [`Reply`](crate::Reply) and with the content to the connection, which drops it after the last
/// byte.
pub struct Permit {
    in_flight: Arc<InFlight>,
    ended: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl InFlight {
    /// A count that admits `limit` calls at a time.
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            count: AtomicUsize::new(0),
            limit,
        })
    }

    /// Counts one more call, unless there are as many as there may be.
    pub fn enter(self: &Arc<Self>) -> Option<Permit> {
        if self.count.fetch_add(1, Ordering::Relaxed) >= self.limit {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Permit {
            in_flight: Arc::clone(self),
            ended: None,
        })
    }

    /// How many calls run now.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed).min(self.limit)
    }
}

/// The answer to a call for which there is no room.
pub fn refusal() -> Problem {
    Problem::unavailable("Too many calls are in flight.")
}

impl Permit {
    /// Has `ended` be called when the call has ended, on the thread where that is; it must not block. It takes the place of one
    /// that was set before.
    pub fn when_ended(&mut self, ended: impl FnOnce() + Send + Sync + 'static) {
        self.ended = Some(Box::new(ended));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.in_flight.count.fetch_sub(1, Ordering::Relaxed);
        if let Some(ended) = self.ended.take() {
            ended();
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_as_many_as_may_run() {
        let calls = InFlight::new(2);
        let first = calls.enter();
        let second = calls.enter();
        assert!(first.is_some() && second.is_some());
        assert!(calls.enter().is_none());
        assert_eq!(calls.count(), 2);
        drop(first);
        assert_eq!(calls.count(), 1);
        assert!(calls.enter().is_some());
    }

    #[test]
    fn tells_that_a_call_has_ended() {
        let (calls, ended) = (InFlight::new(1), Arc::new(AtomicUsize::new(0)));
        let mut permit = calls.enter().expect("there is room");
        let count = Arc::clone(&ended);
        permit.when_ended(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(ended.load(Ordering::Relaxed), 0);
        drop(permit);
        assert_eq!((ended.load(Ordering::Relaxed), calls.count()), (1, 0));
    }
}
