//! Security schemes: who sends a request, and what they may do, checked before a handler is entered.
//!
//! An application has [schemes](SecurityScheme) by their names: OpenAPI Security Scheme Objects (OpenAPI 3.1 §4.8.27), whose `x-sabir`
//! says what credentials are held against. An operation's `security` names those that its requests have to satisfy. What is missing or
//! wrong is answered with `401` and challenges (RFC 9110 §11.6.1), what is not enough with `403`.
//!
//! ```
//! use http::{Method, Request};
//! use sabir_core::{Call, Operation, Reply, RouteDefinition, Settings, pipeline::ApplicationBuilder, security::Identity};
//! use serde_json::json;
//! use std::sync::Arc;
//!
//! # fn main() -> Result<(), sabir_core::SetupError> {
//! let mut builder = ApplicationBuilder::new(Settings::default());
//! builder.security_scheme("key", &json!({
//!     "type": "apiKey", "in": "header", "name": "x-api-key",
//!     "x-sabir": { "keys": { "ci": { "key": "s3cret", "scopes": ["read"] } } },
//! }))?;
//! let operation = Operation::from_json(&json!({ "security": [{ "key": ["read"] }] }))?;
//! let handler = async |call: Call| {
//!     let subject = call.head.extensions.get::<Identity>().and_then(|identity| identity.subject.clone());
//!     Reply::bytes(http::StatusCode::OK, "text/plain", subject.unwrap_or_default())
//! };
//! builder.route(RouteDefinition::new(Method::GET, "/", operation), Arc::new(handler))?;
//! let application = builder.build();
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let response = application.call(Request::get("/").body("".into()).unwrap()).await;
//! assert_eq!(response.status(), 401);
//! let request = Request::get("/").header("x-api-key", "s3cret").body("".into()).unwrap();
//! assert_eq!(application.call(request).await.body(), "ci");
//! # }).unwrap();
//! # Ok(())
//! # }
//! ```

mod credentials;
mod identity;
#[cfg(feature = "jwt")]
mod jwt;
#[cfg(not(feature = "jwt"))]
#[path = "no_jwt.rs"]
mod jwt;
mod requirement;
mod scheme;
mod secrets;
#[cfg(test)]
mod tests;
mod verifier;

pub use identity::Identity;
pub(crate) use requirement::Requirement;
pub use scheme::SecurityScheme;
pub(crate) use verifier::Verifier;
