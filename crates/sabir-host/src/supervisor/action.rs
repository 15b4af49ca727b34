//! What the supervisor tells the host to do.

use super::WorkerId;

/// What the host has to do. Actions are done in the order in which they are given: those of an event that is told while one of
/// them is being done come after all that were given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Start the process of a worker.
    Start(WorkerId),
    /// Ask a worker to finish its requests and end (SIGTERM).
    Stop(WorkerId),
    /// End a worker (SIGKILL).
    Kill(WorkerId),
    /// Close the socket and take the address back: while one copy of the socket is open, new connections would wait for
    /// workers that accept none.
    Withdraw,
    /// Say that the address is served.
    Serving,
    /// Write a line for whoever runs the processes.
    Log(String),
    /// Return; with an error if there is a [`failure`](super::Supervisor::failure).
    Exit,
}

impl Action {
    /// What hosts call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Stop(_) => "stop",
            Self::Kill(_) => "kill",
            Self::Withdraw => "withdraw",
            Self::Serving => "serving",
            Self::Log(_) => "log",
            Self::Exit => "exit",
        }
    }

    /// The worker that it is about.
    pub fn worker(&self) -> Option<WorkerId> {
        match self {
            Self::Start(worker) | Self::Stop(worker) | Self::Kill(worker) => Some(*worker),
            Self::Withdraw | Self::Serving | Self::Log(_) | Self::Exit => None,
        }
    }

    /// The line to write.
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::Log(line) => Some(line),
            _ => None,
        }
    }
}
