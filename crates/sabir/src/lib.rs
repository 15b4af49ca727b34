//! A web toolkit: typed handlers over one HTTP runtime.
//!
//! A handler is an async function. Its arguments say what it takes, and their types are the schema that requests are
//! validated with before it runs.
//!
//! ```
//! use sabir::{Json, Path, Query, Sabir};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct Page {
//!     #[schemars(range(min = 1, max = 100))]
//!     limit: Option<u32>,
//! }
//!
//! #[derive(Serialize)]
//! struct User {
//!     id: i64,
//!     limit: u32,
//! }
//!
//! async fn show(Path(id): Path<i64>, Query(page): Query<Page>) -> Json<User> {
//!     Json(User { id, limit: page.limit.unwrap_or(10) })
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), sabir::SetupError> {
//! let app = Sabir::new().get("/users/{id:int}", show).build()?;
//! let response = app.call_in_memory(http::Request::get("/users/7?limit=3").body("".into()).unwrap()).await;
//! assert_eq!(response.body(), r#"{"id":7,"limit":3}"#);
//! let response = app.call_in_memory(http::Request::get("/users/7?limit=0").body("".into()).unwrap()).await;
//! assert_eq!(response.status(), 422);
//! # Ok(())
//! # }
//! ```

mod app;
mod argument;
mod composition;
mod description;
mod failure;
mod handler;
mod original_uri;
mod respond;
mod schema;
mod serve;
mod served;
mod serving;
mod signal;
mod state;
#[cfg(feature = "utoipa")]
mod utoipa;
pub mod websocket;

#[cfg(feature = "utoipa")]
pub use self::utoipa::utoipa_schema_of;
pub use app::Sabir;
#[cfg(feature = "axum")]
pub use argument::FromParts;
pub use argument::{
    Argument, Cancellation, ContentStream, Cookie, Extension, Form, FromCall, Header, Items, Json,
    LastEventId, Multipart, Parts, Path, Query, State, UploadFile,
};
pub use bytes::Bytes;
pub use description::Description;
pub use handler::{Arguments, TypedHandler};
pub use http::{
    self, Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    Version, header,
};
pub use respond::{Created, Events, Html, JsonLines, Redirect, Respond, RespondFields, StreamBody};
pub use sabir_core::{
    Call, Event, Handler, Location, Operation, Problem, ProblemError, ProblemType, Reply, ReplyBody,
    RequestHead, RequestId, RouteDefinition, Scheme, Settings, SetupError, Value, Violation, access_log,
    body::PartHead,
    channel, document,
    event::EventError,
    header::cookie::{SameSite, SetCookie},
    operation,
    pipeline::{StaticFiles, SymbolicLinks},
    reply::{ForbiddenTrailer, StreamError, Trailers},
    security::{self, Identity},
    stage as stages,
    trace::{self, TraceContext},
};
pub use sabir_http::{
    Address, Documents, OriginalUri, RemoteAddress, RequestBody, Server, ServerHandle, Service,
};
pub use schema::schema_of;
pub use serve::ServeError;
pub use state::States;

/// The Rust in the guide compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/rust.md")]
struct Guide;

/// The Rust in the guide to documents compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/documents.md")]
struct DocumentsGuide;

/// The Rust in the guide to security compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/security.md")]
struct SecurityGuide;

/// The Rust in the guide to logs and traces compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/observability.md")]
struct ObservabilityGuide;

/// The Rust in the guide to files compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/static-files.md")]
struct StaticFilesGuide;

/// The Rust in the project's README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
