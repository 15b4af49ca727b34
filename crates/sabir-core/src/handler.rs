//! Who answers a call.

use std::future::Future;

use crate::{
    BoxFuture, Call, Reply,
    threads::{MaybeSend, MaybeSync},
};

/// Answers requests. Implemented by Rust closures and by each host language.
///
/// Dropping the future cancels the call: the client has gone or a deadline has passed, and nobody is left to
/// read the reply.
///
/// ```
/// use http::StatusCode;
/// use sabir_core::{Call, Handler, Reply};
///
/// async fn hello(_: Call) -> Reply {
///     Reply::bytes(StatusCode::OK, "text/plain", "hello")
/// }
///
/// let handler: &dyn Handler = &hello;
/// ```
pub trait Handler: MaybeSend + MaybeSync + 'static {
    /// Answers `call`, whose arguments have been decoded and validated.
    fn call(&self, call: Call) -> BoxFuture<'static, Reply>;
}

impl<F, Fut> Handler for F
where
    F: Fn(Call) -> Fut + MaybeSend + MaybeSync + 'static,
    Fut: Future<Output = Reply> + MaybeSend + 'static,
{
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        Box::pin(self(call))
    }
}
