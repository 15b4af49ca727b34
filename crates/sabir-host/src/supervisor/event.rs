//! What a host tells the supervisor.

use std::{fmt, time::Duration};

/// Names a worker. No two of one supervisor have the same number.
pub type WorkerId = u32;

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The process of a worker has started.
    Started {
        /// The worker.
        worker: WorkerId,
        /// The id of its process.
        process: u32,
    },
    /// A worker serves.
    Ready {
        /// The worker.
        worker: WorkerId,
        /// How long its requests may take to finish.
        timeout: Duration,
    },
    /// A worker has ended, or could not be started.
    Ended {
        /// The worker.
        worker: WorkerId,
        /// How it has ended.
        end: End,
    },
    /// SIGINT or SIGTERM: stop; the second time at once.
    Stop,
    /// SIGHUP: replace all workers.
    Renew,
    /// The time of [`until_tick`](super::Supervisor::until_tick) has come; one that comes early does nothing.
    Tick,
}

/// How a worker has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// By the signal of this name.
    Signal(String),
    /// It could not be started, for this reason.
    Failure(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "ended with code {code}"),
            Self::Signal(name) => write!(f, "was ended by {name}"),
            Self::Failure(reason) => write!(f, "failed: {reason}"),
        }
    }
}
