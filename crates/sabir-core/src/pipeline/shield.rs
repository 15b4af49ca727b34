//! A shield against panics: one request that goes wrong must not take its connection or its host along.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{Problem, ProblemType};

/// Something panicked. It has been logged, and what it was at work on must not be used again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panicked;

/// Does `work`, and turns a panic into a log line and an error.
pub(super) fn shield<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    // What `work` leaves half done is only ever dropped.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        tracing::error!(panic = message(panic.as_ref()), "answering a request panicked");
        // The value may have a destructor that panics as well.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
        Panicked
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is not text")
}

impl From<Panicked> for Problem {
    fn from(_: Panicked) -> Self {
        Self::new(ProblemType::InternalError)
    }
}

impl From<Panicked> for Box<Problem> {
    fn from(panicked: Panicked) -> Self {
        Self::new(panicked.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a panic is under test")]

    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("once more");
        }
    }

    #[test]
    fn hands_on_what_does_not_panic() {
        assert_eq!(shield(|| 1).ok(), Some(1));
    }

    #[test]
    #[cfg_attr(panic = "abort", ignore = "a panic ends everything here")]
    fn stops_every_panic() {
        assert!(shield(|| panic!("text")).is_err());
        assert!(shield(|| panic!("{}", 1)).is_err());
        assert!(shield(|| std::panic::panic_any(PanicsWhenDropped)).is_err());
    }
}
