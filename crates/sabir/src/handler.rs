//! Async functions as handlers.

use std::{future::Future, sync::Arc};

use sabir_core::{Call, Handler, SetupError};

use crate::{Argument, Description, Respond, argument::CancelOnDrop, failure};

/// An async function of up to eight [`Argument`]s that gives something to [`Respond`] with. `A` is the tuple of their types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    label = "not an async function that Sabir can call",
    note = "a handler is an `async fn`, or a closure that returns a future: `async || …`, `move |id| {{ let db = db.clone(); async move {{ … }} }}`",
    note = "each of its arguments, eight at most, implements `sabir::Argument`; the types inside `Json`, `Query`, `Path` and their like implement `serde::Deserialize` and `schemars::JsonSchema`",
    note = "what it returns implements `sabir::Respond`",
    note = "its future is `Send`: no `Rc`, `RefCell` or lock of `std` is held across an `.await`"
)]
pub trait TypedHandler<A>: Clone + Send + Sync + 'static {
    /// Adds every argument to the operation, and gives the function as a [`Handler`].
    ///
    /// # Errors
    /// The first argument that cannot be described, or that would never get anything.
    fn into_handler(self, description: &mut Description<'_>) -> Result<Arc<dyn Handler>, SetupError>;
}

macro_rules! typed_handler {
    ($($argument:ident)*) => {
        impl<F, Fut, R, $($argument,)*> TypedHandler<($($argument,)*)> for F
        where
            F: Fn($($argument,)*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: Respond + 'static,
            $($argument: Argument,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, clippy::unused_unit)]
            fn into_handler(self, description: &mut Description<'_>) -> Result<Arc<dyn Handler>, SetupError> {
                let debug = description.debug;
                // The function and what its arguments know, shared by all calls.
                let shared = Arc::new((self, ($(description.argument::<$argument>()?,)*)));
                let run = move |mut call: Call| {
                    let shared = Arc::clone(&shared);
                    async move {
                        let (function, ($($argument,)*)) = &*shared;
                        $(
                            let $argument = match <$argument as Argument>::take(&mut call, $argument).await {
                                Ok(argument) => argument,
                                Err(rejection) => return failure::report(rejection.respond(), debug),
                            };
                        )*
                        drop(call);
                        let guard = CancelOnDrop([$($argument.cancellation(),)*]);
                        let result = function($($argument,)*).await;
                        guard.disarm();
                        failure::report(result.respond(), debug)
                    }
                };
                Ok(if debug { Arc::new(move |call| failure::shown(run(call))) } else { Arc::new(run) })
            }
        }
    };
}

typed_handler!();
typed_handler!(A);
typed_handler!(A B);
typed_handler!(A B C);
typed_handler!(A B C D);
typed_handler!(A B C D E);
typed_handler!(A B C D E G);
typed_handler!(A B C D E G H);
typed_handler!(A B C D E G H I);
