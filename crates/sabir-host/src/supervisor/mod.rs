//! What the supervisor of several processes that serve one address decides.
//!
//! It starts workers, replaces those that end, the later the more often it happens in a row, replaces all of them one by one
//! when it is asked to, each as soon as its successor serves, and stops them. Once all workers have served it never gives up.
//!
//! This is a state machine without processes, signals and clocks: a host tells it what has happened, and does what it answers,
//! in that order.

mod action;
mod event;
mod machine;

pub use action::Action;
pub use event::{End, Event, WorkerId};
pub use machine::{
    FIRST_DELAY, GRACE, LONGEST_DELAY, LONGEST_WAIT, MOST_WORKERS, SOON, Supervisor, impossible_count,
};
