//! Calls in flight, counted up to a limit.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
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
#[derive(Debug)]
pub struct Permit(Arc<InFlight>);

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
        Some(Permit(Arc::clone(self)))
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

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
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
}
