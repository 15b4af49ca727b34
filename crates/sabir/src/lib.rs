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
mod cancellation;
mod description;
mod handler;
mod respond;
mod serve;
mod signal;
mod upload;

pub use app::Sabir;
pub use argument::{Argument, Form, Json, Multipart, Path, Query};
pub use cancellation::Cancellation;
pub use description::Description;
pub use handler::TypedHandler;
pub use respond::{Created, Respond};
pub use sabir_core::{
    Call, Handler, Operation, Problem, ProblemType, Reply, RequestHead, RequestId, RouteDefinition, Settings,
    SetupError, Value,
};
pub use sabir_http::{Address, RemoteAddress, Server, ServerHandle, Service};
pub use serve::ServeError;
pub use upload::UploadFile;

/// The Rust in the project's README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
