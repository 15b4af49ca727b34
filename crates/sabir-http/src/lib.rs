//! The HTTP server of Sabir.
//!
//! An [`App`] collects routes and becomes a [`Service`], which is what both the [`Server`] on a socket and callers
//! in memory use: there is one pipeline, and nothing bypasses it.

mod app;
mod byte_table;
mod connection;
mod content;
mod content_coding;
mod file;
mod file_store;
mod guard;
mod head_checks;
mod host;
mod memory;
mod nested;
mod pipeline;
mod response;
mod server;
mod service;
mod shield;

pub use app::App;
pub use file::file_reply;
pub use memory::memory_request;
pub use response::ResponseBody;
pub use server::{Address, Server, ServerHandle};
pub use service::{RemoteAddress, Service, TowerFuture};
