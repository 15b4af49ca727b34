//! The way of a request from its head to the last byte of its answer, without I/O.
//!
//! An [`ApplicationBuilder`] collects routes and becomes an [`Application`], which answers requests: those of a socket
//! server, of an edge platform, and of tests in memory alike.
//!
//! ```text
//! answer -> head checks -> middleware -> route match -> parameters -> content: limits, codings, decoding -> validation -> handler
//!    any of these refuses, the handler replies, panics or runs out of time -> finish
//! ```
//!
//! - *One way in.* A connection that refuses a request itself hands it to [`Application::answer`] as well, as one that is
//!   [already refused](Source::refused).
//! - *One way out.* Every reply, whoever makes it, becomes a response in one function, `finish`. Nothing else can make a
//!   [`ResponseBody`].
//! - Time and files come from outside, through [`Timer`] and [`FileStore`](crate::body::FileStore). Without a timer there
//!   are no deadlines, without a store uploaded files stay in memory.

mod answer;
mod application;
mod below;
mod bounded_body;
mod builder;
mod content_coding;
mod exchange;
mod finish;
mod guarded;
pub mod head_checks;
mod matched;
mod middleware;
mod nested;
mod observation;
mod redirect;
mod refusals;
mod refusing;
mod response_validation;
mod routes;
mod served;
mod served_document;
mod shield;
mod source;
mod static_files;
mod streamed;
mod target;
#[cfg(test)]
mod tests;
mod timer;
mod whole;

pub use answer::Answer;
pub use application::Application;
pub use below::below;
pub use bounded_body::broken_off;
pub use builder::ApplicationBuilder;
pub use exchange::Exchange;
pub use finish::ResponseBody;
pub use middleware::Middleware;
pub use observation::Observation;
pub use redirect::Redirect;
pub use served_document::ServedDocument;
pub use source::{CanUpgrade, OriginalUri, RemoteAddress, Source};
pub use static_files::{StaticFiles, StaticServer, SymbolicLinks};
pub use timer::{Sleep, Timer};
