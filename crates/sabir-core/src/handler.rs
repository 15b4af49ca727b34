//! Who answers a call.

use std::{future::Future, pin::Pin};

use crate::{Call, Reply};

/// A future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Answers requests. Implemented by Rust closures and by each host language.
///
/// Dropping the future cancels the call: the client has gone or a deadline has passed, and nobody is left to
/// read the reply.
pub trait Handler: Send + Sync + 'static {
    /// Answers `call`, whose arguments have been decoded and validated.
    fn call(&self, call: Call) -> BoxFuture<'static, Reply>;
}

impl<F, Fut> Handler for F
where
    F: Fn(Call) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Reply> + Send + 'static,
{
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        Box::pin(self(call))
    }
}
