//! How a host language answers calls.
//!
//! I/O threads push [`Message`]s into one [`Queue`]; the host is woken only when it was idle, takes the whole
//! batch, and answers each call through its [`ReplyHandle`]. Replies travel back in batches too, one outbox for each I/O thread.
//! A host implements [`Wake`] and "run these calls", nothing else. What the runtime reports reaches the host's logger through
//! [`log`].

pub mod handler;
pub mod log;
mod outbox;
pub mod queue;
pub mod reply;

pub use handler::HostHandler;
pub use queue::{CallId, Message, Pending, Queue, Wake};
pub use reply::ReplyHandle;

/// Settings that mean nothing to a host whose handlers all run on one thread; such a host knows none of them.
pub const SETTINGS_OF_THREADS: &[&str] = &["handler_threads"];
