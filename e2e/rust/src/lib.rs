//! Runs the fixtures of `testing_data` against the Rust runtime: the core alone, and the server in memory and over sockets.
//!
//! Routes are added from their operations and share a handful of handlers, one for each word of the fixtures'
//! vocabulary; typed Rust handlers have tests of their own in the `sabir` crate.

#[cfg(all(test, target_family = "wasm"))]
#[macro_use]
extern crate sabir_wasm_test;

mod app;
mod client;
mod collect;
mod core_alone;
mod echo;
mod expect;
mod facts;
mod files;
#[cfg(not(target_family = "wasm"))]
mod folder;
mod handler;
mod needs;
mod read;
mod run;
#[cfg(not(target_family = "wasm"))]
mod served;
#[cfg(not(target_family = "wasm"))]
mod socket;
mod socket_facts;
mod suite;
mod time;

pub use client::Transport;
pub use files::data_directory;
pub use needs::needs;
pub use run::{Failure, TIMEOUT, run};
pub use suite::check;
