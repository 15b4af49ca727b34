//! The contract of Sabir and everything of it that needs no I/O.
//!
//! A route is an [`Operation`] (OpenAPI 3.1) with a method and a path. [`Route::compile`] turns it into plans
//! that match, decode and validate requests; a [`Handler`] answers a [`Call`] with a [`Reply`].
//!
//! It runs on `wasm32-unknown-unknown`. For builds whose size counts, these features, which are on by default, can be
//! left out; what needs one of them is then refused:
//!
//! | feature | gives | without it |
//! |---|---|---|
//! | `backtracking` | patterns with look-around or back-references inside of them | [`SetupError`] |
//! | `charsets` | text in other charsets than UTF-8 | 415 |
//! | `compression` | the stage `compression` with gzip, deflate and br | [`SetupError`] |
//! | `content-codings` | content with the codings gzip and deflate | 415 |
//! | `csp-nonces` | random numbers in Content Security Policies | [`SetupError`] |
//! | `idn` | the formats `idn-email` and `idn-hostname` | [`SetupError`] |
//! | `jwt` | JSON Web Tokens | [`SetupError`] |
//! | `multipart` | multipart forms | [`SetupError`]; 415 where any content is taken |
//!
//! `zstd`, which is off by default, adds that coding to the stage `compression`; its encoder is written in C.

#[cfg(all(test, target_family = "wasm"))]
#[macro_use]
extern crate sabir_wasm_test;

pub mod access_log;
pub mod body;
pub mod byte_table;
pub mod call;
pub mod channel;
pub mod connection;
pub mod deserialize;
pub mod document;
mod encoding;
pub mod event;
pub mod handler;
pub mod header;
pub mod in_flight;
pub mod json;
pub mod operation;
pub mod options;
pub mod parameters;
pub mod pipeline;
pub mod pointer;
pub mod problem;
pub mod reply;
pub mod request_head;
pub mod request_id;
pub mod route;
pub mod routing;
pub mod schema;
pub mod security;
pub mod settings;
pub mod setup_error;
pub mod stage;
pub mod switch;
pub mod threads;
pub mod trace;
pub mod value;
pub mod websocket;

pub use body::Body;
pub use call::{Arguments, Call};
pub use connection::{Connection, ConnectionEnd};
pub use event::Event;
pub use handler::Handler;
pub use operation::Operation;
pub use problem::{Location, Problem, ProblemError, ProblemType, Violation, Violations};
pub use reply::{Reply, ReplyBody};
pub use request_head::{RequestHead, Scheme};
pub use request_id::RequestId;
pub use route::{ContentForm, Route, RouteDefinition};
pub use settings::Settings;
pub use setup_error::SetupError;
pub use switch::Switch;
pub use threads::BoxFuture;
pub use value::{File, Kind, Map, Text, Value};
