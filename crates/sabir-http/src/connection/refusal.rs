//! How the watcher of the bytes and the service of one connection talk.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use sabir_core::Problem;

use super::unread::Unread;

/// No request is refused.
const NONE: u64 = u64::MAX;

/// State that both ends of hyper share: the inspector below it and the service above it.
///
/// Both run in the task of the connection, so relaxed ordering is enough and there is no contention.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The number of the request that stands for the refused one.
    refused_at: AtomicU64,
    problem: Mutex<Option<Problem>>,
    /// Requests that are not answered yet.
    busy: AtomicU64,
    /// Requests so far.
    begun: AtomicU64,
    /// Content of the request being answered that nobody has read.
    unread: Mutex<Option<Box<Unread>>>,
    has_unread: AtomicBool,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            refused_at: AtomicU64::new(NONE),
            problem: Mutex::default(),
            busy: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            unread: Mutex::default(),
            has_unread: AtomicBool::new(false),
        }
    }

    /// Request number `index` is to be answered with `problem`.
    pub(super) fn refuse(&self, index: u64, problem: Problem) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
        self.refused_at.store(index, Ordering::Relaxed);
    }

    /// The content of the request being read is not framed well.
    pub(super) fn refuse_content(&self, problem: Problem) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    /// The problem of request number `index`, if it is the refused one.
    pub(super) fn refusal_of(&self, index: u64) -> Option<Problem> {
        if self.refused_at.load(Ordering::Relaxed) != index {
            return None;
        }
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Why the content could not be read, in more words than hyper has.
    pub(super) fn content_problem(&self) -> Option<Problem> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Nobody will read this content.
    pub(super) fn leave_unread(&self, unread: Unread) {
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(unread));
        self.has_unread.store(true, Ordering::Relaxed);
    }

    /// The content that was left unread, once.
    pub(super) fn take_unread(&self) -> Option<Box<Unread>> {
        if !self.has_unread.load(Ordering::Relaxed) {
            return None;
        }
        self.has_unread.store(false, Ordering::Relaxed);
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) > 0
    }

    /// Counts one more request and gives its number.
    pub(super) fn begin(&self) -> u64 {
        self.busy
            .store(self.busy.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        let index = self.begun();
        self.begun.store(index + 1, Ordering::Relaxed);
        index
    }

    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    pub(super) fn end(&self) {
        self.busy.store(
            self.busy.load(Ordering::Relaxed).saturating_sub(1),
            Ordering::Relaxed,
        );
    }
}
