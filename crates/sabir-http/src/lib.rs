//! The HTTP server of Sabir: sockets, timers and files for the pipeline of [`sabir_core::pipeline`].
//!
//! An [`App`] collects routes and becomes a [`Service`], which is what both the [`Server`] on a socket and callers
//! in memory use: there is one pipeline, and nothing bypasses it.

mod access_log;
mod app;
mod connection;
mod control;
mod documents;
mod file;
mod foreign_upgrade;
mod memory;
mod nested;
mod reply;
mod request_body;
mod server;
mod service;
mod static_files;
mod temporary_files;
mod tokio_timer;
pub mod websocket;

pub use access_log::flush_access_logs;
pub use app::App;
pub use connection::{TakenConnection, Takeover};
pub use documents::{Documents, check_snapshot};
pub use file::{file_content, file_reply};
pub use memory::memory_request;
pub use reply::reply_of;
pub use request_body::{ContentError, RequestBody};
pub use sabir_core::pipeline::{OriginalUri, RemoteAddress, ResponseBody};
pub use server::{Address, Server, ServerHandle};
pub use service::{Service, TowerFuture};
