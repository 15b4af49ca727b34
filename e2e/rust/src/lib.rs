//! Runs the fixtures of `testing_data` against the Rust runtime, in memory and over a socket.
//!
//! Routes are added from their operations and share a handful of handlers, one for each word of the fixtures'
//! vocabulary; typed Rust handlers have tests of their own in the `sabir` crate.

mod app;
mod client;
mod echo;
mod expect;
mod facts;
mod handler;
mod needs;
mod read;
mod run;
mod suite;

pub use client::Transport;
pub use needs::needs;
pub use run::{Failure, TIMEOUT, run};
pub use suite::{check, data_directory};
