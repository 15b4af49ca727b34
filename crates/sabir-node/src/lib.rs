//! The native module of the npm package `sabir`.
//!
//! [`app`] takes routes and settings, [`log`] hands on what the runtime reports, [`host`] keeps the calls that JavaScript takes in batches and answers through [`calls`],
//! [`socket`], [`channel`] and [`body`] are what lives longer than a call: sockets, channels, and content while it arrives;
//! [`request`], [`response`] and [`value`] carry data across. [`memory`] and [`client_socket`] are for tests.

#![allow(
    clippy::needless_pass_by_value,
    reason = "arguments of JavaScript functions are owned by the rules of Node-API"
)]
#![allow(
    unreachable_pub,
    reason = "what JavaScript reaches has to be public for the macros"
)]
#![cfg_attr(test, allow(dead_code, reason = "the macros register nothing in a test"))]

/// Calls are allocated on I/O threads and freed on JavaScript's, where the C library's allocator takes up
/// to 8 % more time of the whole. Why this one and why this version: `docs/adr/0011-allocate-with-mimalloc-2.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod app;
mod arguments;
mod batch;
mod body;
mod calls;
mod channel;
mod client_socket;
mod content;
mod cookie;
mod data;
mod error;
mod host;
mod log;
mod memory;
mod request;
mod response;
mod settings;
mod shutdown;
mod socket;
mod supervisor;
mod ticket;
mod value;
mod wake;
